"""The verbs, a file each. A verb joins pipelines, git, the store and the model; it does not know click, or how a
pipeline works.
"""

"""Reading git: the only room that starts the git executable; hands out frozen values.

Knows repositories, objects, revisions and git's own rules. Does not know Python, conventions, models or settings.
"""

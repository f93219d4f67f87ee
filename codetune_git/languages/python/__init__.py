"""Python: its conventions, its comments for tools, and the proof that two texts mean the same."""

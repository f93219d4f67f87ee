"""codetune_git: learns how a repository writes code from its git history and holds staged diffs against it."""

__version__ = "0.1.0"

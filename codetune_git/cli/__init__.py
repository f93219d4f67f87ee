"""The command line. Knows click, exit codes and streams; does not know what a verb does."""

from codetune_git.cli.console import main

__all__ = ["main"]

"""`python -m codetune_git` is `git codetune`."""

from codetune_git.cli import main

main()

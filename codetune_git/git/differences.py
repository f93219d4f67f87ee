"""How many lines of two folders differ, as git counts them. Knows folders outside any repository."""

from __future__ import annotations

import os
from pathlib import Path

from codetune_git.git.repository import Repository


def differing_lines(repository: Repository, before: Path, after: Path) -> int:
    """The lines of `before` that are not in `after`, and those of `after` that are not in `before`."""
    options = ("--no-index", "--numstat", "--text", "--diff-algorithm=myers", "--no-ext-diff", "--no-textconv")
    done = repository.git.attempt("diff", *options, "--", os.fspath(before), os.fspath(after))
    fields = (line.split("\t") for line in os.fsdecode(done.stdout).splitlines())
    return sum(int(added) + int(deleted) for added, deleted, _ in fields)

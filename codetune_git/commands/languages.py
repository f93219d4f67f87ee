"""Whether a repository holds anything that this tool reads. One answer for all verbs that are asked about it."""

from __future__ import annotations

from codetune_git.git.repository import Repository
from codetune_git.git.tree import tree_files
from codetune_git.languages.suffixes import SUFFIXES

UNSUPPORTED = "no Python file in this commit: there is nothing to learn from, and nothing to suggest"


def unsupported(repository: Repository, revision: str | None) -> bool:
    """Whether the commit has no file of a language that is read; False where there is no commit yet."""
    return revision is not None and not tree_files(repository, revision, SUFFIXES)

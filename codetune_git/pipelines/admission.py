"""Which paths are read at all. Joins the pure selection with git's ignore rules and attributes."""

from __future__ import annotations

from collections.abc import Sequence

from codetune_git.domain import Refusal
from codetune_git.git.attributes import excluded
from codetune_git.git.ignore import ignored
from codetune_git.git.repository import Repository
from codetune_git.git.tree import tree_files
from codetune_git.languages.paths import refuse_path
from codetune_git.languages.suffixes import SUFFIXES

UNSUPPORTED = "no file of this commit is in a language that is read: nothing to learn from, and nothing to suggest"


def eligible(repository: Repository, paths: Sequence[str], tip: str) -> dict[str, Refusal | None]:
    """For each path why it is left out, or None."""
    asked = [path for path in paths if refuse_path(path) is None]
    refused = {**ignored(repository, asked, tip), **excluded(repository, asked, tip)} if asked else {}
    return {path: refuse_path(path) or refused.get(path) for path in paths}


def unsupported(repository: Repository, revision: str | None) -> bool:
    """Whether the commit has no file of a language that is read; False where there is no commit yet."""
    return revision is not None and not tree_files(repository, revision, SUFFIXES)

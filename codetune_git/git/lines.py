"""Which lines of a commit's files were written after an earlier commit. Knows diffs; does not know what they mean."""

from __future__ import annotations

from codetune_git.domain import LineRange
from codetune_git.git.partial import paths_not_fetched
from codetune_git.git.patch import read_entries
from codetune_git.git.process import DIFF_OPTIONS
from codetune_git.git.repository import Repository
from codetune_git.languages.suffixes import SUFFIXES


def first_parents(repository: Repository, tip: str) -> tuple[str, ...]:
    """`tip` and its first parents, the newest first; as far as a shallow clone goes."""
    return tuple(repository.git.run("rev-list", "--first-parent", tip).decode().split())


def lines_since(
    repository: Repository, earlier: str, later: str, suffixes: tuple[str, ...] = SUFFIXES
) -> dict[str, tuple[LineRange, ...]]:
    """By path, the lines of the files of `later` that `earlier` has not, ascending, disjoint. Renames add nothing.

    A file that a partial clone cannot compare has none.
    """
    patterns = [f"*{suffix}" for suffix in suffixes]
    absent = paths_not_fetched(repository, ("diff-tree", "-r", earlier, later), patterns)
    patterns += (f":(exclude,top,literal){path}" for path in absent)
    with repository.git.stream("diff-tree", "-r", *DIFF_OPTIONS, earlier, later, "--", *patterns) as pipes:
        return {file.path: file.added for entry in read_entries(pipes.stdout) for file in entry.files if file.added}

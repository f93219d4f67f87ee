"""Which paths the repository does not want learned from or looked at, decided by git's own engine.

Knows .gitignore and its companions, and .codetuneignore in the same syntax. Does not match any pattern itself.

    1  put the paths into an index of our own, in a temporary folder; they need not exist, now or ever
    2  let git list those of its entries that are ignored: by .gitignore and its companions as they stand in the work
       tree today (whoever ignores a file of secrets later means it), less what the tip tracks all the same
    3  the same for .codetuneignore, as the tip has it
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from codetune_git.domain import Refusal
from codetune_git.git.process import Git
from codetune_git.git.repository import Repository
from codetune_git.git.rules import rule_files, stays_below
from codetune_git.git.tree import tree_files

CODETUNEIGNORE = ".codetuneignore"
_ANY_NAME = ("-c", "core.protectNTFS=false", "-c", "core.protectHFS=false")  # nothing is ever checked out
_STANDARD, _OURS = "--exclude-standard", f"--exclude-per-directory={CODETUNEIGNORE}"


def _groups(paths: Iterable[str]) -> Iterator[list[str]]:
    """The paths in groups that one index can hold: over the ages, what was a file may have become a folder."""
    left = set(paths)
    while left:
        folders = {path[:end] for path in left for end, sign in enumerate(path) if sign == "/"}
        yield sorted(left - folders)
        left &= folders


def _fill(git: Git, paths: Sequence[str], blob: str) -> None:
    records = "".join(f"100644 {blob}\t{path}\0" for path in paths)
    git.run(*_ANY_NAME, "update-index", "--no-split-index", "-z", "--index-info", stdin=os.fsencode(records))


def _listed(git: Git, worktree: Path, exclude: str) -> set[str]:
    """The entries of git's index that are ignored, seen from `worktree`."""
    inside = Git(worktree, git.environment).with_environment(GIT_WORK_TREE=os.fspath(worktree))
    listing = inside.run("ls-files", "-z", "--cached", "--ignored", exclude)
    return set(os.fsdecode(listing).split("\0")[:-1])


def _ignored_in(git: Git, groups: Sequence[Sequence[str]], blob: str, views: Mapping[str, Path]) -> dict[str, set[str]]:
    """For each way to exclude, the paths that it ignores seen from its work tree; git names an index to fill."""
    found: dict[str, set[str]] = {exclude: set() for exclude in views}
    for number, group in enumerate(groups):
        own = git.with_environment(GIT_INDEX_FILE=f"{git.environment['GIT_INDEX_FILE']}{number}")
        _fill(own, group, blob)
        for exclude, worktree in views.items():
            found[exclude] |= _listed(own, worktree, exclude)
    return found


def ignored(repository: Repository, paths: Iterable[str], tip: str | None) -> dict[str, Refusal]:
    """Those of `paths` (of any age, existing or not) that are ignored, each with why.

    `tip`: the commit whose .codetuneignore files hold and whose files count as tracked; None before the first commit.
    A bare repository has no work tree: there the tip's .gitignore files hold. Writes nothing into the repository.
    Raises Unavailable where git fails.
    """
    groups = list(_groups(path for path in paths if stays_below(path)))
    if not groups:
        return {}
    with ExitStack() as stack:
        own = Path(stack.enter_context(TemporaryDirectory(prefix="codetune-")))
        worktree = repository.worktree or stack.enter_context(rule_files(repository, tip, ".gitignore")) or own
        views = {_STANDARD: worktree}
        if (folder := stack.enter_context(rule_files(repository, tip, CODETUNEIGNORE))) is not None:
            views[_OURS] = folder
        git = repository.git.with_environment(GIT_INDEX_FILE=os.fspath(own / "index"))
        found = _ignored_in(git, groups, repository.empty_blob, views)
    standard = found[_STANDARD]
    if standard and tip is not None:
        standard -= {file.path for file in tree_files(repository, tip)}
    refused = dict.fromkeys(sorted(standard), Refusal("ignored by .gitignore"))
    return refused | dict.fromkeys(sorted(found.get(_OURS, ())), Refusal(f"ignored by {CODETUNEIGNORE}"))

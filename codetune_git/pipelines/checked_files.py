"""What `check` looks at, the work tree, the index, a range or a text that is not on disk, and what is found there.

Joins git, the gate and the finder. Does not know who asks.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from codetune_git.domain import Findings, LineRange, Refusal, Skipped, StagedFile
from codetune_git.errors import DataRefused, Unavailable, UsageError
from codetune_git.git.repository import Repository
from codetune_git.git.staged import staged, staged_at
from codetune_git.git.worktree import add_patch, add_text, add_worktree, private_index
from codetune_git.pipelines.finder import SelectedFiles, admitted_files, find_suggestions, select_files
from codetune_git.requests import CheckRequest

NO_FILE = "there is no such file"
_LONGEST_NAME = 100  # characters of a name that is told


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is suggested about it."""

    selected: SelectedFiles
    findings: Findings


def _worktree(repository: Repository) -> Path:
    """The top of the work tree. Raises Unavailable where there is none."""
    if repository.worktree is None:
        raise Unavailable("there is no work tree here: go into one, or give two revisions as --range A..B")
    return repository.worktree


def path_in(repository: Repository, start: Path, name: str) -> str:
    """The path from the top of the work tree that `name` means in the folder `start`; "" for the top itself.

    Folders are taken by their real names, whatever links lead there; a file may be a link, which is what git keeps.
    Raises UsageError for what is not in the work tree.
    """
    worktree, place = _worktree(repository), start / name
    top = worktree.resolve()
    try:
        found = place.resolve() if place.is_dir() else place.parent.resolve() / place.name
    except OSError as error:  # no name of a file
        raise UsageError(f"{name[:_LONGEST_NAME]}: {error.strerror}") from None
    path = os.path.relpath(found, top).replace(os.sep, "/")
    if path == ".." or path.startswith("../"):
        raise UsageError(f"{name} is not in the work tree {worktree}")
    return "" if path == "." else path


def _is_within(path: str, folders: Sequence[str]) -> bool:
    """Whether it is one of the files, or in one of the folders; in any case if none is named."""
    return not folders or any(path == folder or not folder or path.startswith(f"{folder}/") for folder in folders)


def _within(selected: SelectedFiles, folders: Sequence[str]) -> SelectedFiles:
    """Of what was selected that which is one of the files, or in one of the folders; all of it if none is named."""
    return replace(
        selected,
        files=tuple(file for file in selected.files if _is_within(file.path, folders)),
        skipped=tuple(one for one in selected.skipped if _is_within(one.path, folders)),
    )


def _whole(file: StagedFile) -> StagedFile:
    """The file with all its lines to look at."""
    count = file.content.count(b"\n") + (not file.content.endswith(b"\n"))
    return replace(file, added=(LineRange(1, count),) if file.content else ())


def _missing(repository: Repository, paths: Sequence[str]) -> tuple[Skipped, ...]:
    """The paths at which nothing is."""
    top = _worktree(repository)
    return tuple(Skipped(path, NO_FILE) for path in paths if not os.path.lexists(top / path))


def _text(
    private: Repository, path: str, content: bytes, head: str | None
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    refused = add_text(private, path, content)
    if isinstance(refused, Refusal):
        return (), (Skipped(path, refused),)
    return staged(private, head=head)


def _patched(private: Repository, patch: bytes, head: str | None) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    """The files of the work tree with the patch. Raises DataRefused where it does not apply."""
    add_worktree(private)
    paths = add_patch(private, patch)
    if isinstance(paths, Refusal):
        raise DataRefused(f"the diff does not apply to the work tree: {paths}")
    files, skipped = staged(private, head=head)
    return tuple(file for file in files if file.path in paths), tuple(one for one in skipped if one.path in paths)


def _unstaged(repository: Repository, request: CheckRequest, paths: Sequence[str]) -> SelectedFiles:
    """Files of the work tree, or the text that was handed over, as they stand beside HEAD."""
    head = repository.head()
    with private_index(repository) as private:
        if request.text is not None:
            files, skipped = _text(private, paths[0], request.text, head)
        elif request.patch is not None:
            files, skipped = _patched(private, request.patch, head)
        else:
            add_worktree(private)
            files, skipped = staged_at(private, paths) if request.whole and paths else staged(private, head=head)
            skipped = (*skipped, *_missing(repository, paths))
    return SelectedFiles(files, skipped, head)


def select_checked(repository: Repository, request: CheckRequest) -> SelectedFiles:
    """The files to look at. Raises UsageError and Unavailable."""
    names = request.paths if request.stdin_filename is None else (request.stdin_filename,)
    paths = [path_in(repository, request.start, name) for name in names]
    if request.text is not None and (not paths[0] or ".git" in paths[0].split("/")):
        raise UsageError(f"{names[0]!r} is no name of a file that git keeps: name the file that the text is to be")
    if request.staged or request.range is not None:
        selected = _within(select_files(repository, request.options, request.range), paths)
    else:
        _worktree(repository)
        unstaged = _within(_unstaged(repository, request, paths), paths)
        selected = admitted_files(repository, unstaged, request.options, unstaged.before)
    return replace(selected, files=tuple(map(_whole, selected.files))) if request.whole else selected


def check(repository: Repository, request: CheckRequest, *, until: float) -> Checked:
    """The suggestions about what `request` selects; for an agent without progress on the error stream.

    Files that come later than `until` of time.monotonic() are left out. Raises CodetuneError.
    """
    selected = select_checked(repository, request)
    return Checked(selected, find_suggestions(repository, selected, request.options, until=until, quiet=request.agent))

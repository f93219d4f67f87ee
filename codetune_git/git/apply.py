"""Writes rewrites of staged files to the index and the work tree: all of them or none, and never over somebody's work.

Knows index, work tree and the journal. Does not know suggestions: it is handed changes of lines of staged blobs.

1 the entries must be ordinary and hold the blobs that the changes were made for
2 what `git add` would store of the work-tree files: the changes are carried over into that, or refused
3 the new work-tree bytes, by git's own way out or in the raw lines
4 the new blobs and the new index, in private copies
5 journal; drafts beside the files; everything durable
6 `index.lock`; if the index is not the one that was copied, start over
7 exchange the files; what was there must be what was read, else all are exchanged back
8 rename the lock onto the index
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from codetune_git.durable import sha256_of, sync_folder, write_durably
from codetune_git.errors import DataRefused, IndexChanged, Unavailable
from codetune_git.git.contents import blob, quarantined, rewritten, stored
from codetune_git.git.exchange import exchange, regular_file, write_draft
from codetune_git.git.index import Entry, add, added, copied, entries, index_file, put
from codetune_git.git.journal import (
    FINISHED,
    TRIAL,
    Journal,
    Written,
    alone,
    digest,
    drafted,
    home,
    load,
    recover,
    save,
    settle,
)
from codetune_git.git.process import Git
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import LineEdit, apply_line_edits, carried, lines_of, remaining

T = TypeVar("T")

_ATTEMPTS = 3
_LFS = b"version https://git-lfs"


@dataclass(frozen=True, slots=True)
class FileEdits:
    """`edits` of the lines of the staged file `path`, whose blob is `oid`."""

    path: str
    oid: str
    edits: tuple[LineEdit, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """Where to write: to the index, to the work tree, to both. `unstaged`: what was judged is the work tree's text."""

    index: bool = True
    worktree: bool = True
    unstaged: bool = False


EVERYWHERE = Targets()
UNSTAGED = Targets(index=False, unstaged=True)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A file to be written: its entry before and after, its staged text before; `work` and `written` are the work-tree
    bytes before and after, if that is written."""

    path: str
    old: Entry
    new: Entry
    staged: bytes
    work: bytes | None
    written: bytes


@dataclass(frozen=True, slots=True)
class _Back:
    """An index `file` to go back to, if the index is still the one with the SHA-256 `since`."""

    file: Path
    since: str


class _Stale(Exception):
    """Somebody changed the index between reading and locking it."""


def _no_overlap(rewrite: FileEdits) -> DataRefused:
    return DataRefused(
        f"{rewrite.path}: the work tree has other edits on these lines or next to them; nothing was changed "
        "(stage or undo those edits, or leave the work tree alone with --index-only)"
    )


def _work_bytes(trial: Git, rewrite: FileEdits, old: bytes, work: bytes, *, clean_oid: str) -> bytes:
    """Steps 2 and 3 for one file."""
    wanted: tuple[LineEdit, ...] | None = rewrite.edits
    if clean_oid != rewrite.oid:
        before, clean = lines_of(old), lines_of(blob(trial, clean_oid))
        wanted = remaining(rewrite.edits, before, clean) or carried(rewrite.edits, before, clean)
    if wanted is None:
        raise _no_overlap(rewrite)
    new = rewritten(trial, rewrite.path, work, clean_oid=clean_oid, wanted=wanted)
    if new is None:
        raise DataRefused(f"{rewrite.path}: its filters or line ends do not lead back to the file; nothing was changed")
    return new


def _staged_anew(rewrite: FileEdits, old: bytes) -> bytes:
    return apply_line_edits(lines_of(old), rewrite.edits)


def _checked(rewrite: FileEdits, entry: Entry, git: Git) -> bytes:
    """Step 1: the staged text."""
    if entry.oid != rewrite.oid:
        raise IndexChanged(f"{rewrite.path} was staged anew or edited meanwhile: ask git codetune again")
    old = blob(git, entry.oid)
    if old.startswith(_LFS):
        raise DataRefused(f"{rewrite.path}: it is kept by Git LFS; nothing was changed")
    return old


def _plans(repository: Repository, rewrites: Sequence[FileEdits], scratch: Path, targets: Targets) -> tuple[_Plan, ...]:
    """Steps 1 to 3."""
    trial = quarantined(repository, copied(repository, scratch / "index.trial"), scratch / "objects")
    if targets.unstaged:
        add(trial, [rewrite.path for rewrite in rewrites])
    present = entries(trial, [rewrite.path for rewrite in rewrites])
    texts = {rewrite.path: _checked(rewrite, present[rewrite.path], trial) for rewrite in rewrites}
    works: dict[str, bytes] = {}
    if targets.worktree:
        if repository.worktree is None:
            raise Unavailable("there is no work tree here: go into one, or give --index-only")
        works = {path: regular_file(repository.worktree, path).read_bytes() for path in present}
    clean = added(trial, present) if works else {}
    plans = []
    for rewrite in rewrites:
        old, entry = texts[rewrite.path], present[rewrite.path]
        oid = stored(trial, _staged_anew(rewrite, old))
        work = works.get(rewrite.path)
        if clean.get(rewrite.path) == oid:
            work = None  # somebody has made the same edit there already
        new = b"" if work is None else _work_bytes(trial, rewrite, old, work, clean_oid=clean[rewrite.path])
        new_entry = Entry(entry.mode, oid, entry.assumed) if targets.index else entry
        plans.append(_Plan(rewrite.path, entry, new_entry, old, work, new))
    return tuple(plans)


def _written(plans: Sequence[_Plan]) -> tuple[Written, ...]:
    token = os.urandom(4).hex()
    return tuple(
        Written(plan.path, plan.old, plan.new)
        if plan.work is None
        else Written(
            plan.path, plan.old, plan.new, digest(plan.work), digest(plan.written), f".codetune-{token}-{number}"
        )
        for number, plan in enumerate(plans)
    )


def _new_index(repository: Repository, plans: Sequence[_Plan], pending: Path, back: _Back | None) -> str:
    """Step 4: `index.new`, and the SHA-256 of the index that it was made from."""
    git = copied(repository, pending / "index.new")
    shutil.copy2(pending / "index.new", pending / "index.before")
    base = sha256_of(pending / "index.before")
    if back and back.since == base:
        shutil.copy2(back.file, pending / "index.new")
    else:
        put(git, {plan.path: plan.new for plan in plans if plan.new != plan.old})
    return base


def _drafts(repository: Repository, plans: Sequence[_Plan], files: Sequence[Written], pending: Path) -> None:
    """Step 5, after the journal."""
    for number, plan in enumerate(plans):
        write_durably(pending / f"staged-{number}", plan.staged)
        if plan.work is not None:
            write_durably(pending / f"before-{number}", plan.work)
    texts = {plan.path: plan.written for plan in plans}
    for file, place, draft in drafted(repository, files):
        write_draft(draft, texts[file.path], place)
        sync_folder(place.parent)
    with open(pending / "index.new", "rb") as index:
        os.fsync(index.fileno())
    sync_folder(pending)


def _lock(repository: Repository, lock: Path, pending: Path, base: str) -> None:
    """Step 6."""
    try:
        os.link(pending / "index.new", lock)
    except FileExistsError:
        raise IndexChanged(
            f"another git process is writing the index ({lock} exists): try again when it has ended"
        ) from None
    except OSError as error:
        raise Unavailable(f"{lock} cannot be made a second name of a file in {pending}: {error.strerror}") from error
    if sha256_of(index_file(repository)) != base:
        raise _Stale


def _exchange(repository: Repository, files: Sequence[Written]) -> None:
    """Step 7."""
    for file, place, draft in drafted(repository, files):
        exchange(draft, place)
        if sha256_of(draft) != file.before:
            raise IndexChanged(f"{file.path} was saved by another program meanwhile; nothing was changed, try again")


def _commit(repository: Repository, journal: Journal) -> None:
    """Step 8, and the entries of all folders made durable."""
    if journal.entries:
        os.rename(journal.lock, journal.place)
        sync_folder(journal.lock.parent)
    for _, place, _ in drafted(repository, journal.files):
        sync_folder(place.parent)


def _attempt(repository: Repository, plans: Sequence[_Plan], folder: Path, back: _Back | None = None) -> None:
    """Steps 4 to 8; only the work tree is written where no entry changes. What fails before the end is put back."""
    pending = folder / "pending"
    pending.mkdir()
    try:
        base = _new_index(repository, plans, pending, back)
        index = os.fspath(index_file(repository))
        journal = Journal(_written(plans), index, sha256_of(pending / "index.new"))
        save(pending, journal)
        sync_folder(folder)
        _drafts(repository, plans, journal.files, pending)
        if journal.entries:
            _lock(repository, journal.lock, pending, base)
        _exchange(repository, journal.files)
        _commit(repository, journal)
    except BaseException as error:
        if recover(repository, folder) == FINISHED and isinstance(error, OSError):
            return  # only that it lasts could not be made sure
        raise
    settle(repository, journal, folder)


def _once(
    repository: Repository, rewrites: Sequence[FileEdits], folder: Path, targets: Targets, *, dry_run: bool
) -> frozenset[str]:
    """The files that are written."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=TRIAL) as scratch:
        plans = _plans(repository, rewrites, Path(scratch), targets)
    written = frozenset(plan.path for plan in plans if plan.old != plan.new or plan.work is not None)
    if dry_run or not written:
        return written
    if targets.index:  # the new blobs, until now in an object store of the trial's own
        for rewrite, plan in zip(rewrites, plans, strict=True):
            stored(repository.git, _staged_anew(rewrite, plan.staged))
    _attempt(repository, plans, folder)
    return written


def _until_still(action: Callable[[], T]) -> T:
    """What `action` returns, which is done anew where the index was changed meanwhile."""
    for _ in range(_ATTEMPTS):
        with suppress(_Stale):
            return action()
    raise IndexChanged("the index keeps changing: try again when git is at rest")


def write(
    repository: Repository, rewrites: Sequence[FileEdits], targets: Targets = EVERYWHERE, *, dry_run: bool = False
) -> frozenset[str]:
    """Make all rewrites in `targets`; under `dry_run` only find out whether they could be.

    Returns the paths at which anything had to be written: not those of files that have everything already.

    Raises DataRefused where a file is no ordinary one or its unstaged edits are too close, IndexChanged where index or
    file were changed meanwhile, Unavailable, OSError; nothing is changed then.
    """
    if not rewrites:
        return frozenset()
    with alone(repository) as folder:
        recover(repository, folder)
        return _until_still(lambda: _once(repository, rewrites, folder, targets, dry_run=dry_run))


def _undone(repository: Repository, journal: Journal, last: Path) -> tuple[_Plan, ...]:
    """The last write the other way round. Raises IndexChanged where something of it was changed since."""
    present = entries(repository, [file.path for file in journal.files if file.old != file.new])
    plans = []
    for number, file in enumerate(journal.files):
        if file.old != file.new and present[file.path] != file.new:
            raise IndexChanged(f"{file.path} was staged anew since the last write: it cannot be undone")
        work, before = None, b""
        if file.draft:
            if repository.worktree is None:
                raise Unavailable("the last write was to a work tree: go into it to undo it")
            work = regular_file(repository.worktree, file.path).read_bytes()
            before = (last / f"before-{number}").read_bytes()
            if digest(work) != file.after:
                raise IndexChanged(f"{file.path} was edited since the last write: it cannot be undone")
        staged = blob(repository.git, file.new.oid) if file.old != file.new else b""
        plans.append(_Plan(file.path, file.new, file.old, staged, work, before))
    return tuple(plans)


def _undo(repository: Repository, journal: Journal, folder: Path, *, dry_run: bool) -> tuple[str, ...]:
    last = folder / "last"
    plans = _undone(repository, journal, last)
    if not dry_run:
        for number, file in enumerate(journal.files):  # git may have collected it since
            if file.old != file.new:
                stored(repository.git, (last / f"staged-{number}").read_bytes())
        _attempt(repository, plans, folder, _Back(last / "index.before", journal.index))
    return tuple(plan.path for plan in plans)


def undo(repository: Repository, *, dry_run: bool = False) -> tuple[str, ...]:
    """Take the last write back, to the byte; returns the paths. The next `undo` makes it again.

    Where nothing else was staged since, the index file is the one from before. Raises DataRefused where there is
    nothing to undo, and as `write`.
    """
    with alone(repository) as folder:
        recover(repository, folder)
        journal = load(folder / "last")
        if journal is None:
            raise DataRefused(f"nothing to undo: git codetune has written nothing here ({home(repository)})")
        if journal.place != os.fspath(index_file(repository)):
            raise DataRefused(f"the last write was to another index, {journal.place}: nothing is undone")
        return _until_still(lambda: _undo(repository, journal, folder, dry_run=dry_run))


def recovered(repository: Repository) -> str | None:
    """Finish or undo a write that was cut off; says which, None where there was none."""
    if not home(repository).exists():
        return None
    with alone(repository) as folder:
        return recover(repository, folder)

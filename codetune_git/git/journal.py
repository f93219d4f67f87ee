"""What a write to index and work tree is about to do, kept beside the index until it is done, and then as the last one.

Knows the folder, the record in it and how to finish or undo what a dead process left. Does not know suggestions.

    <git dir>/codetune/apply/
        lock             one write at a time
        pending/         of a write that is under way, `last/` of the one before
            journal.json     written before anything else, durable; then the rest:
            index.before     the index as it was, with its time
            index.new        the index to be; `index.lock` is a second name of it, so that nobody else's is ever removed
            before-N         the bytes of work-tree file N as they were
            staged-N         its staged text as it was: nothing keeps git from collecting the blob

A write exchanges the files first and renames the index last. So: an index with the new entries says that all is done;
any other that everything is to be put back. (Not its bytes: the next `git status` writes it anew.) Where only the
work tree is written, all is done once every file was exchanged.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from codetune_git.durable import replace_durably, sha256_of, sync_folder
from codetune_git.errors import Unavailable
from codetune_git.git.exchange import KEPT, exchange
from codetune_git.git.index import Entry, holds
from codetune_git.git.repository import Repository

VERSION = 1
FINISHED, UNDONE = "finished a write that was cut off", "undid a write that was cut off"
TRIAL = "trial-"  # what the folders begin with in which a write is tried


@dataclass(frozen=True, slots=True)
class Written:
    """A file of a write: its entry before and after, and of its work-tree file, if that is written, the SHA-256 before
    and after and the name of the draft beside it."""

    path: str
    old: Entry
    new: Entry
    before: str = ""
    after: str = ""
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """`place` is the index file that is written, and `index` the SHA-256 of what it becomes."""

    files: tuple[Written, ...]
    place: str
    index: str

    @property
    def entries(self) -> dict[str, Entry]:
        """The entries that change; none where only the work tree is written."""
        return {file.path: file.new for file in self.files if file.old != file.new}

    @property
    def lock(self) -> Path:
        return Path(self.place + ".lock")


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def home(repository: Repository) -> Path:
    return repository.git_dir / "codetune" / "apply"


@contextmanager
def alone(repository: Repository) -> Iterator[Path]:
    """The folder, with nobody else writing in this work tree. Raises Unavailable at once where somebody is."""
    from filelock import FileLock, Timeout

    folder = home(repository)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds text that nobody has committed
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise Unavailable("another git codetune writes in this work tree: wait until it has ended") from None
    try:
        yield folder
    finally:
        lock.release()


def save(folder: Path, journal: Journal) -> None:
    record = {"version": VERSION, **asdict(journal)}
    replace_durably(folder / "journal.json", json.dumps(record).encode())


def load(folder: Path) -> Journal | None:
    """The journal in `folder`; None where there is none. Raises Unavailable where it cannot be understood."""
    try:
        record = json.loads((folder / "journal.json").read_bytes())
        if record["version"] != VERSION:
            raise ValueError(f"version {record['version']}")
        files = [
            Written(**{**file, "old": Entry(**file["old"]), "new": Entry(**file["new"])}) for file in record["files"]
        ]
        return Journal(tuple(files), record["place"], record["index"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            f"the journal in {folder} is damaged ({error}): look at it, then remove the folder"
        ) from error


def _is(path: Path, expected: str) -> bool:
    try:
        return sha256_of(path) == expected
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return False


def drafted(repository: Repository, files: Sequence[Written]) -> Iterator[tuple[Written, Path, Path]]:
    """The files of the work tree that are written, each with its place and that of its draft."""
    for file in files:
        if file.draft and repository.worktree is not None:
            place = repository.worktree / file.path
            yield file, place, place.with_name(file.draft)


def put_back(repository: Repository, files: Sequence[Written]) -> None:
    """Exchange every file back that was exchanged; what somebody saved meanwhile is theirs and stays."""
    for file, place, draft in drafted(repository, files):
        kept = draft.with_name(draft.name + KEPT)
        if _is(place, file.after) and draft.exists():
            exchange(draft, place)
        elif _is(place, file.after) and kept.exists():
            os.replace(kept, place)
        for left in (draft, kept):
            left.unlink(missing_ok=True)
        if place.parent.exists():
            sync_folder(place.parent)


def _holds_lock(journal: Journal, pending: Path) -> bool:
    """Whether `index.lock` is ours."""
    ours = pending / "index.new"
    return ours.exists() and journal.lock.exists() and os.path.samefile(ours, journal.lock)


def _is_done(repository: Repository, journal: Journal, pending: Path) -> bool:
    if not journal.entries:
        return all(_is(draft, file.before) for file, _, draft in drafted(repository, journal.files))
    if _holds_lock(journal, pending):
        return False
    return holds(repository.git.with_environment(GIT_INDEX_FILE=journal.place), journal.entries)


def _sweep(repository: Repository, journal: Journal | None) -> None:
    """Remove the drafts of a write that is done: they hold what the files were."""
    for _, _, draft in drafted(repository, journal.files if journal else ()):
        draft.unlink(missing_ok=True)


def settle(repository: Repository, journal: Journal, folder: Path) -> None:
    """All is written: `pending` becomes the last write. From there on nothing is put back, so drafts go after that."""
    pending, last = folder / "pending", folder / "last"
    (pending / "index.new").unlink(missing_ok=True)
    shutil.rmtree(last, ignore_errors=True)
    pending.rename(last)
    sync_folder(folder)
    _sweep(repository, journal)


def _recover_pending(repository: Repository, journal: Journal, folder: Path) -> str:
    pending = folder / "pending"
    if repository.worktree is None and any(file.draft for file in journal.files):
        raise Unavailable("a write to the work tree was cut off: call git codetune in the work tree to mend it")
    if _is_done(repository, journal, pending):
        settle(repository, journal, folder)
        return FINISHED
    put_back(repository, journal.files)
    if _holds_lock(journal, pending):
        journal.lock.unlink()
    shutil.rmtree(pending)
    return UNDONE


def recover(repository: Repository, folder: Path) -> str | None:
    """Finish or undo what a process that died has left in `folder`; says which, None where there was nothing.

    Raises Unavailable where that takes a work tree and there is none.
    """
    for trial in folder.glob(f"{TRIAL}*"):
        shutil.rmtree(trial, ignore_errors=True)  # a git that is ending may still write there
    pending = folder / "pending"
    journal = load(pending)
    if journal is not None:
        return _recover_pending(repository, journal, folder)
    if pending.exists():  # not even the journal was written
        shutil.rmtree(pending)
    _sweep(repository, load(folder / "last"))
    return None

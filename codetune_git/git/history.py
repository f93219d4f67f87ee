"""The commits of a history with the files that they changed: a stream, oldest first, in constant memory.

Knows commits, blobs and hunks. Does not know which of them are worth learning from, nor what was learnt before: the
caller names the tips that are done.

    1  one `git log` names commits, paths and blobs, and prints the lines that came and went
    2  what a commit wrote is most often what a later one changes: its text is kept, and the hunks are applied to its
       lines; only a text that is not at hand is read from the object store
    3  added lines are those that git's own diff shows

In a partial clone a log without contents comes first: only commits whose contents are all here are read.

The stream holds one commit and the texts of the last ones, however long the history is.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO

from codetune_git.domain import Commit, FileChange
from codetune_git.git.objects import MAX_BLOB, BlobReader
from codetune_git.git.partial import NO_CONTENT, is_partial, lacks, present_blobs
from codetune_git.git.patch import Entry, FileDiff, Hunk, read_entries
from codetune_git.git.process import DIFF_OPTIONS
from codetune_git.git.repository import Repository
from codetune_git.languages.suffixes import SUFFIXES

_REVISION_OPTIONS = (
    "--ignore-missing",  # processed tips may be gone after a rebase; holds for what follows, so it comes first
    "--stdin",
    "--reverse",
    "--no-merges",
    "--full-history",  # without it a path filter hides commits of merged branches
)
_AS_NAMED = ("--stdin", "--no-walk=unsorted")
_LOG_OPTIONS = ("--format=tformat:%x00%H %ct %an <%ae>%x00%s", "--encoding=UTF-8", "--no-show-signature")
# git as a long pipe: no flush after each commit, and memory kept between blobs instead of handed back (glibc).
_STREAMING = {"GIT_FLUSH": "0", "MALLOC_TRIM_THRESHOLD_": "100000000"}
_KEPT = 16 << 20  # bytes of text


@dataclass(slots=True)
class _Text:
    """A text; its lines only until another text is made of them."""

    whole: bytes
    lines: list[bytes] | None = None

    def take_lines(self) -> list[bytes]:
        lines, self.lines = self.lines, None
        return BytesIO(self.whole).readlines() if lines is None else lines


class _Texts:
    """The texts that commits wrote lately, by oid; others are read. A text that cannot be read is None."""

    def __init__(self, reader: BlobReader) -> None:
        self._reader = reader
        self._kept: OrderedDict[str, _Text] = OrderedDict()
        self._size = 0

    def recall(self, oids: Iterable[str]) -> dict[str, _Text]:
        """The texts of `oids`, less those that cannot be read."""
        found = {}
        missing = []
        for oid in dict.fromkeys(oids):
            if (text := self._kept.get(oid)) is not None:
                self._kept.move_to_end(oid)
                found[oid] = text
            else:
                missing.append(oid)
        for oid, content in self._reader.read(missing).items():
            if isinstance(content, bytes):
                found[oid] = text = _Text(content)
                self.keep(oid, text)
        return found

    def keep(self, oid: str, text: _Text) -> None:
        if oid not in self._kept:
            self._kept[oid] = text
            self._size += len(text.whole)
        while self._size > _KEPT:
            self._size -= len(self._kept.popitem(last=False)[1].whole)


def _revisions(tip: str, exclude: Iterable[str]) -> bytes:
    return "".join([f"{tip}\n", *(f"^{done}\n" for done in exclude)]).encode()


def _newest(limit: int | None) -> list[str]:
    return [] if limit is None else [f"--max-count={limit}"]


def _boundary(repository: Repository) -> frozenset[str]:
    """Where a shallow clone was cut: commits that look as if they had added every file."""
    if not repository.shallow:
        return frozenset()
    return frozenset((repository.common_dir / "shallow").read_text().split())


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which commits a log is asked for: `revisions` go to its standard input, `newest` says how many at the most."""

    revisions: bytes
    newest: Sequence[str]
    patterns: Sequence[str]

    @classmethod
    def of(cls, tip: str, exclude: Iterable[str], suffixes: Iterable[str], limit: int | None) -> _Asked:
        return cls(_revisions(tip, exclude), _newest(limit), ["--", *(f"*{suffix}" for suffix in suffixes)])


def _by_contents(repository: Repository, asked: _Asked) -> tuple[list[str], list[str]]:
    """The commits of a partial clone whose contents are all here, and the others, both oldest first."""
    here = present_blobs(repository.git)
    whole: dict[str, bool] = {}
    options = (*_REVISION_OPTIONS, "--format=%H", *NO_CONTENT, *asked.newest, *asked.patterns)
    with repository.git.stream("log", *options) as pipes:
        pipes.stdin.write(asked.revisions)
        pipes.stdin.close()
        commit = ""
        for line in pipes.stdout:
            said = line.partition(b"\t")[0].decode().strip()  # without paths, whatever their bytes
            if said.startswith(":"):
                whole[commit] &= not lacks(said, here)
            elif said:
                commit, whole[said] = said, True
    return [oid for oid in whole if whole[oid]], [oid for oid in whole if not whole[oid]]


def _log(repository: Repository, asked: _Asked) -> Generator[Entry, None, None]:
    options, revisions = (*_REVISION_OPTIONS, *asked.newest), asked.revisions
    if is_partial(repository.common_dir):
        whole, _ = _by_contents(repository, asked)
        options, revisions = _AS_NAMED, "".join(f"{oid}\n" for oid in whole).encode()
        if not whole:
            return
    git = repository.git.with_environment(**_STREAMING)
    with git.stream("log", *options, *_LOG_OPTIONS, *DIFF_OPTIONS, *asked.patterns) as pipes:
        pipes.stdin.write(revisions)
        pipes.stdin.close()
        yield from read_entries(pipes.stdout)


def _is_text_change(file: FileDiff) -> bool:
    """Not only of the mode; and at least one side is a regular file."""
    changed = file.old_oid != file.new_oid or file.path != file.old_path
    return changed and (file.old_is_file or file.new_is_file)


def _applied(lines: list[bytes], hunks: Sequence[Hunk]) -> _Text:
    """Changes `lines` into the text that comes out; the last hunk first, so that line numbers hold."""
    for hunk in reversed(hunks):
        start = hunk.old_start - 1 if hunk.removed else hunk.old_start
        lines[start : start + len(hunk.removed)] = hunk.added
    return _Text(b"".join(lines), lines)


def _new_text(file: FileDiff, old: _Text | None) -> _Text:
    if old is None:
        return _applied([], file.hunks)
    return old if file.old_oid == file.new_oid else _applied(old.take_lines(), file.hunks)


class _Changes:
    """Makes FileChanges of what the log says; knows the texts so far."""

    def __init__(self, texts: _Texts, max_blob: int) -> None:
        self._texts = texts
        self._max_blob = max_blob

    def of(self, files: Sequence[FileDiff]) -> tuple[FileChange, ...]:
        changed = [file for file in files if _is_text_change(file)]
        olds = self._texts.recall(file.old_oid for file in changed if file.old_is_file)
        found = (self._change(file, olds.get(file.old_oid)) for file in changed)
        return tuple(change for change in found if change is not None)

    def _change(self, file: FileDiff, old: _Text | None) -> FileChange | None:
        if file.old_is_file and old is None:
            return None
        new = _new_text(file, old) if file.new_is_file else None
        if new is not None:
            if len(new.whole) > self._max_blob:
                return None
            self._texts.keep(file.new_oid, new)
        return FileChange(
            path=file.path,
            old_path=file.old_path if old is not None else None,
            old_oid=file.old_oid,
            new_oid=file.new_oid,
            old=None if old is None else old.whole,
            new=None if new is None else new.whole,
            added=file.added if new is not None else (),
        )


def _fingerprint(files: Iterable[FileDiff]) -> str:
    identity = "".join(f"{file.path}\0{file.old_oid}{file.new_oid}" for file in files)
    return blake2b(os.fsencode(identity), digest_size=16).hexdigest()


def _commit(entry: Entry, changes: _Changes) -> Commit | None:
    header, _, subject = entry.header.decode(errors="replace").partition("\0")
    oid, time, author = header.split(" ", 2)
    changed = changes.of(entry.files)
    return Commit(oid, _fingerprint(entry.files), author, int(time or 0), subject, changed) if changed else None


def commit_oids(
    repository: Repository, tip: str, *, exclude: Iterable[str] = (), limit: int | None = None
) -> tuple[str, ...]:
    """The non-merge commits that `tip` has and `exclude` has not, oldest first, whatever they changed; only listed."""
    revisions = _revisions(tip, exclude)
    listing = repository.git.run("rev-list", *_REVISION_OPTIONS, *_newest(limit), stdin=revisions)
    boundary = _boundary(repository)
    return tuple(oid for oid in listing.decode().split() if oid not in boundary)


def not_fetched(
    repository: Repository,
    tip: str,
    *,
    exclude: Iterable[str] = (),
    suffixes: tuple[str, ...] = SUFFIXES,
    limit: int | None = None,
) -> tuple[str, ...]:
    """The commits, oldest first, that `diffs` and `walk` leave out since a partial clone never fetched all contents."""
    if not is_partial(repository.common_dir):
        return ()
    boundary = _boundary(repository)
    _, lacking = _by_contents(repository, _Asked.of(tip, exclude, suffixes, limit))
    return tuple(oid for oid in lacking if oid not in boundary)


def diffs(
    repository: Repository, tip: str, *, suffixes: tuple[str, ...] = SUFFIXES, limit: int
) -> Iterator[tuple[FileDiff, ...]]:
    """The files that each of the last `limit` commits changed, oldest first, merges left out; no text is read.

    Left out: the commits where a shallow clone was cut, and those that `not_fetched` names.
    """
    boundary = _boundary(repository)
    with closing(_log(repository, _Asked.of(tip, (), suffixes, limit))) as entries:
        for entry in entries:
            if entry.header.split(b" ", 1)[0].decode() not in boundary:
                yield tuple(entry.files)


def walk(
    repository: Repository,
    tip: str,
    *,
    exclude: Iterable[str] = (),
    suffixes: tuple[str, ...] = SUFFIXES,
    limit: int | None = None,
    max_blob: int = MAX_BLOB,
) -> Iterator[Commit]:
    """The non-merge commits that `tip` has and `exclude` has not and that changed files with `suffixes`, oldest first.

    `exclude` may name commits that are gone; a `tip` that is not there has none. `limit`: only so many, the newest.
    `author` is `Name <address>`.
    Left out: files longer than `max_blob` bytes, symbolic links, submodules, changes of the mode alone, and the commits
    where a shallow clone was cut, and those that `not_fetched` names. Raises Unavailable where git fails midway.
    """
    boundary = _boundary(repository)
    with (
        BlobReader(repository, max_size=max_blob) as reader,
        closing(_log(repository, _Asked.of(tip, exclude, suffixes, limit))) as entries,
    ):
        changes = _Changes(_Texts(reader), max_blob)
        for entry in entries:
            commit = _commit(entry, changes)
            if commit is not None and commit.oid not in boundary:
                yield commit

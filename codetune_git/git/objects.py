"""File contents: many by oid, or a single one by its path.

Knows oids and bytes. Does not know which files a commit has, and keeps nothing that it has handed out. What the
repository's object database does not hand out comes from one long-lived `git cat-file --batch`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import TracebackType
from typing import IO

from codetune_git.domain import Refusal
from codetune_git.git.object_database import ObjectDatabase
from codetune_git.git.partial import NOT_FETCHED, is_partial, present_blobs
from codetune_git.git.process import Git, Pipes
from codetune_git.git.repository import Repository

MAX_BLOB = 1_000_000  # bytes; longer files are data, not code that somebody writes

# What is asked at once must fit into the smallest pipe: git writes while it reads, and neither may wait for the other.
_PIPE = 4096

MISSING = Refusal("its content is not in the object store")
TOO_LARGE = Refusal("too large")


class BlobReader:
    """Reads blobs while it is open (`with BlobReader(repository) as reader`).

    Never fetches: what a partial clone lacks is NOT_FETCHED there. A bare Git, which does not say where
    its objects lie, raises Unavailable for that.
    """

    def __init__(self, repository: Repository | Git, *, max_size: int = MAX_BLOB) -> None:
        """`max_size` in bytes: longer blobs are not handed out, and cost no memory."""
        self._git = repository if isinstance(repository, Git) else repository.git
        self._objects = None if isinstance(repository, Git) else repository.objects
        self._partial = not isinstance(repository, Git) and is_partial(repository.common_dir)
        self._here: frozenset[str] = frozenset()
        self._stream = self._git.stream("cat-file", "--batch")
        self._max_size = max_size
        self._open = False
        self._pipes: Pipes | None = None

    def __enter__(self) -> BlobReader:
        self._open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open = False
        if self._pipes is not None:
            self._stream.__exit__(kind, error, traceback)

    def read(self, oids: Sequence[str]) -> dict[str, bytes | Refusal]:
        """The content of every oid, or why there is none. Raises ValueError where the reader is not open."""
        if not self._open:
            raise ValueError("the reader is not open")
        if self._objects is None:
            return self._by_git(oids)
        known = {oid: found for oid in oids if (found := self._at_hand(self._objects, oid)) is not None}
        others = self._by_git([oid for oid in oids if oid not in known])
        return {oid: known[oid] if oid in known else others[oid] for oid in oids} if others else known

    def _at_hand(self, objects: ObjectDatabase, oid: str) -> bytes | Refusal | None:
        size = objects.size(oid)
        if size is None:
            return None
        return objects.content(oid) if size <= self._max_size else TOO_LARGE

    def _by_git(self, oids: Sequence[str]) -> dict[str, bytes | Refusal]:
        if not oids:
            return {}
        if self._pipes is None:
            self._here = present_blobs(self._git) if self._partial else self._here
            self._pipes = self._stream.__enter__()
        asked = [oid for oid in oids if oid in self._here] if self._partial else oids
        found: dict[str, bytes | Refusal] = dict.fromkeys(oids, NOT_FETCHED) if self._partial else {}
        step = _PIPE // (len(oids[0]) + 1)
        for start in range(0, len(asked), step):
            window = asked[start : start + step]
            self._pipes.stdin.write(("\n".join(window) + "\n").encode())
            self._pipes.stdin.flush()
            for oid in window:
                found[oid] = _answer(self._pipes.stdout, self._max_size)
        return found


def sizes(repository: Repository, oids: Collection[str]) -> dict[str, int]:
    """How many bytes each of the blobs has that are here; none is read."""
    objects = repository.objects
    if objects is not None:
        known = {oid: size for oid in oids if (size := objects.size(oid)) is not None}
        others = [oid for oid in oids if oid not in known]
        return known | _sizes_by_git(repository, others) if others else known
    return _sizes_by_git(repository, oids)


def _sizes_by_git(repository: Repository, oids: Collection[str]) -> dict[str, int]:
    here = present_blobs(repository.git).intersection(oids) if is_partial(repository.common_dir) else oids
    asked = "".join(f"{oid}\n" for oid in here).encode()
    answers = repository.git.run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked)
    found = (line.split(" ") for line in answers.decode().splitlines())
    return {oid: int(size) for oid, size in found if size.isdigit()}


def content_at(repository: Repository, revision: str, path: str) -> bytes | None:
    """The content of one file of `revision`; None where there is none that can be read."""
    done = repository.git.attempt("cat-file", "blob", f"{revision}:{path}")
    return done.stdout if done.returncode == 0 else None


def _answer(stream: IO[bytes], max_size: int) -> bytes | Refusal:
    header = stream.readline().split()
    if not header:
        raise BrokenPipeError("git cat-file stopped in the middle")
    if len(header) != 3:
        return MISSING
    size = int(header[2])
    if size <= max_size:
        return stream.read(size + 1)[:-1]
    left = size + 1
    while left and (piece := stream.read(min(left, 1 << 16))):
        left -= len(piece)
    return TOO_LARGE

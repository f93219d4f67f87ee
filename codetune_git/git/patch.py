"""git's `--raw -p -U0` output, read as a stream of lines: which files changed, and which lines came in.

Knows the two formats and git's quoting of names. Does not know which command wrote them, nor any whole file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from codetune_git.domain import LineRange

_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = dict(zip(b"abtnvfr", b"\a\b\t\n\v\f\r", strict=True))
_HUNK, _DIFF, _RECORD, _NO_LINE_FEED, _HEADER = b"@d:\\\0"  # what the lines outside of hunks begin with
_SYMLINK, _SUBMODULE = "120000", "160000"


class Hunk(NamedTuple):
    """The lines `removed` from `old_start` on became those `added` from `new_start` on; without context, from 1.

    Where nothing was removed (added), `old_start` (`new_start`) is the line before.
    """

    old_start: int
    removed: list[bytes]
    new_start: int
    added: list[bytes]


class FileDiff(NamedTuple):
    """A changed path. An oid of zeros stands for a side that does not exist; `old_path` differs only after a rename.

    `status` is git's letter: Added, Modified, Deleted, Renamed, Type changed, Unmerged.
    """

    old_mode: str
    new_mode: str
    old_oid: str
    new_oid: str
    status: str
    old_path: str
    path: str
    hunks: list[Hunk]

    @property
    def old_is_file(self) -> bool:
        return self.old_mode.startswith("100")

    @property
    def new_is_file(self) -> bool:
        return self.new_mode.startswith("100")

    @property
    def new_is_symlink(self) -> bool:
        return self.new_mode == _SYMLINK

    @property
    def is_submodule(self) -> bool:
        return _SUBMODULE in (self.old_mode, self.new_mode)

    @property
    def added(self) -> tuple[LineRange, ...]:
        """The lines of the new file that are not from the old one, ascending, disjoint."""
        return tuple(
            LineRange(hunk.new_start, hunk.new_start + len(hunk.added) - 1) for hunk in self.hunks if hunk.added
        )


class Entry(NamedTuple):
    """What one commit changed, after the header that the command was told to print."""

    header: bytes
    files: list[FileDiff]


def _unquoted(name: bytes) -> str:
    """A path as git prints it without -z: in quotes, with escapes, where it holds a control character or a quote."""
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return os.fsdecode(name)


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8)]) if len(code) == 3 else bytes([_LETTERS.get(code[0], code[0])])


def _file_diff(record: bytes) -> FileDiff:
    """Reads `:100644 100644 <oid> <oid> M<TAB>path`, with a second path after a rename."""
    fields, *names = record.rstrip(b"\n").split(b"\t")
    old_mode, new_mode, old_oid, new_oid, status = fields[1:].decode("ascii").split(" ")
    return FileDiff(old_mode, new_mode, old_oid, new_oid, status[0], _unquoted(names[0]), _unquoted(names[-1]), [])


def _hunk(header: bytes, lines: Iterator[bytes]) -> Hunk:
    """Reads `@@ -12,3 +14 @@` and the lines that it counts: first those removed, then those added."""
    _, old, new, _ = header.split(b" ", 3)
    old_start, _, old_count = old.partition(b",")
    new_start, _, new_count = new.partition(b",")
    removed = [line[1:] for line in islice(lines, int(old_count or 1))]
    body = list(islice(lines, int(new_count or 1)))
    if removed and body and body[0].startswith(b"\\"):  # the old file ended without a line feed
        removed[-1] = removed[-1][:-1]
        body = [*body[1:], *islice(lines, 1)]
    return Hunk(-int(old_start), removed, int(new_start), [line[1:] for line in body])


def _files_with_patch(files: Iterable[FileDiff]) -> Iterator[FileDiff | None]:
    """Whose hunks follow each `diff --git`, in order: a changed type is printed as a deletion and an addition."""
    for file in files:
        if file.status == "T":
            yield None
        if file.status != "U":
            yield file


def _end_without_line_feed(file: FileDiff | None) -> None:
    if file is not None and file.hunks and file.hunks[-1].added:
        last = file.hunks[-1].added
        last[-1] = last[-1][:-1]


def read_entries(lines: Iterator[bytes]) -> Iterator[Entry]:
    """The commits of a log whose format begins with a NUL; a single one without a header if there is no NUL."""
    entry = Entry(b"", [])
    patched, file = _files_with_patch(entry.files), None
    for line in lines:
        start = line[0]
        if start == _HUNK:
            hunk = _hunk(line, lines)
            if file is not None:
                file.hunks.append(hunk)
        elif start == _DIFF:
            file = next(patched) if line.startswith(b"diff --git ") else file
        elif start == _RECORD:
            entry.files.append(_file_diff(line))
        elif start == _NO_LINE_FEED:
            _end_without_line_feed(file)
        elif start == _HEADER:
            if entry.header:
                yield entry
            entry = Entry(line[1:-1], [])
            patched, file = _files_with_patch(entry.files), None
    if entry.header or entry.files:
        yield entry

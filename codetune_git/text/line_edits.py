"""Suggestions as edits of a file's lines: made in one text, or carried over into another version of it.

Knows lines with their own ends. Does not know git, nor where the other version comes from. Texts are decoded as UTF-8
with surrogateescape: line ends, a byte order mark and a missing line feed at the end stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codetune_git.domain import Suggestion

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class LineEdit:
    """Lines `[start, end)`, counted from 0, become `new`; all with their line ends."""

    start: int
    end: int
    new: tuple[str, ...]

    @property
    def growth(self) -> int:
        return len(self.new) - (self.end - self.start)


def lines_of(content: bytes) -> tuple[str, ...]:
    """The lines with their ends; only a line feed ends a line, as for git."""
    return tuple(re.findall(r"[^\n]*\n|[^\n]+", content.decode("utf-8", "surrogateescape")))


def bare(line: str) -> str:
    """A line without its end."""
    return line.removesuffix("\n").removesuffix("\r")


def ending(line: str) -> str:
    return line[len(bare(line)) :]


def _trimmed(edit: LineEdit, old: Sequence[str]) -> LineEdit:
    """Without what stays the same at both ends."""
    new, most = edit.new, min(len(old), len(edit.new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return LineEdit(edit.start + head, edit.end - tail, new[head : len(new) - tail])


def _line_edit(lines: Sequence[str], suggestion: Suggestion) -> LineEdit:
    start, end = suggestion.lines.first - 1, suggestion.lines.last
    old = lines[start:end]
    bom = _BOM if start == 0 and old and old[0].startswith(_BOM) else ""
    if tuple(bare(line) for line in old) != (bom + suggestion.original[0], *suggestion.original[1:]):
        raise ValueError(f"{suggestion.path}:{suggestion.lines.first} is not what suggestion {suggestion.id} replaces")
    inner = ending(old[0]) or (ending(lines[start - 1]) if start else "\n")
    written = [line + inner for line in suggestion.replacement]
    if written:
        written[0] = bom + written[0]
        written[-1] = bare(written[-1]) + ending(old[-1])
    return _trimmed(LineEdit(start, end, tuple(written)), old)


def line_edits(lines: Sequence[str], suggestions: Iterable[Suggestion]) -> tuple[LineEdit, ...]:
    """What `suggestions`, any subset of those made for these lines, change, in order.

    Raises ValueError where one was not made for these lines or two overlap.
    """
    ordered = sorted(suggestions, key=lambda suggestion: suggestion.lines)
    for before, after in pairwise(ordered):
        if after.lines.first <= before.lines.last:
            raise ValueError(f"suggestions {before.id} and {after.id} for {after.path} overlap")
    edits = (_line_edit(lines, suggestion) for suggestion in ordered)
    return tuple(edit for edit in edits if tuple(lines[edit.start : edit.end]) != edit.new)


def apply_line_edits(lines: Sequence[str], wanted: Iterable[LineEdit]) -> bytes:
    """The text with all of `wanted`, which are disjoint and in order, made."""
    result = list(lines)
    for edit in reversed(tuple(wanted)):
        result[edit.start : edit.end] = edit.new
    return "".join(result).encode("utf-8", "surrogateescape")


def _places(block: Sequence[str | None], lines: Sequence[str | None]) -> list[int]:
    size, first = len(block), block[0]
    return [i for i, line in enumerate(lines) if line == first and lines[i : i + size] == block]


def _carried(edit: LineEdit, lines: list[str | None], other: list[str | None]) -> LineEdit | None:
    """Both texts stand between two ends (None), which are context as well."""
    before, after = edit.start, edit.end + 2  # the lines and one of context on each side
    while len(_places(lines[before:after], lines)) > 1:
        before, after = max(0, before - 1), min(len(lines), after + 1)
    found = _places(lines[before:after], other)
    if len(found) != 1:
        return None
    start = found[0] + edit.start - before
    return LineEdit(start, start + edit.end - edit.start, edit.new)


def _apart(before: LineEdit, after: LineEdit, places: tuple[LineEdit, LineEdit]) -> bool:
    """Whether two edits keep their order, and lines between them if there were some."""
    gap = places[0].end < places[1].start
    return before.end < after.start if gap else before.end <= after.start


def carried(wanted: Sequence[LineEdit], lines: Sequence[str], other: Sequence[str]) -> tuple[LineEdit, ...] | None:
    """The same edits of `other`, a version of `lines` with edits elsewhere; None where that cannot be told for sure.

    An edit is carried over with the smallest context, one line on each side at least, that stands in `lines` once:
    it must stand in `other` exactly once, and the edits must stand there in the same order, apart if they were.
    """
    bounded: tuple[list[str | None], list[str | None]] = ([None, *lines, None], [None, *other, None])
    found: list[LineEdit] = []
    for edit in wanted:
        placed = _carried(edit, *bounded)
        if placed is None or (found and not _apart(found[-1], placed, (wanted[len(found) - 1], edit))):
            return None
        found.append(placed)
    return tuple(found)


def remaining(wanted: Sequence[LineEdit], lines: Sequence[str], other: Sequence[str]) -> tuple[LineEdit, ...] | None:
    """What is left to make in `other` where it is `lines` with some of `wanted` made and nothing else; else None.

    Made there, it gives `lines` with all of `wanted` made, however many ways there are to tell which ones are made.
    """
    known: dict[int, tuple[LineEdit, ...]] = {0: ()}  # by how much of `other` is explained: what is left to make in it
    done = 0
    for edit in (*wanted, LineEdit(len(lines), len(lines), ())):
        same = lines[done : edit.start]
        after: dict[int, tuple[LineEdit, ...]] = {}
        for at, left in known.items():
            start = at + len(same)
            end = start + edit.end - edit.start
            if tuple(other[at:start]) != tuple(same):
                continue
            if tuple(other[start : start + len(edit.new)]) == edit.new:
                after.setdefault(start + len(edit.new), left)
            if tuple(other[start:end]) == tuple(lines[edit.start : edit.end]):
                after.setdefault(end, (*left, LineEdit(start, end, edit.new)))
        known, done = after, edit.end
    return known.get(len(other))

"""Suggestions as changes of a file's lines: made in one text, or carried over into another version of it.

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
class Change:
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


def _trimmed(change: Change, old: Sequence[str]) -> Change:
    """Without what stays the same at both ends."""
    new, most = change.new, min(len(old), len(change.new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return Change(change.start + head, change.end - tail, new[head : len(new) - tail])


def _change(lines: Sequence[str], suggestion: Suggestion) -> Change:
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
    return _trimmed(Change(start, end, tuple(written)), old)


def changes(lines: Sequence[str], suggestions: Iterable[Suggestion]) -> tuple[Change, ...]:
    """What `suggestions`, any subset of those made for these lines, change, in order.

    Raises ValueError where one was not made for these lines or two overlap.
    """
    ordered = sorted(suggestions, key=lambda suggestion: suggestion.lines)
    for before, after in pairwise(ordered):
        if after.lines.first <= before.lines.last:
            raise ValueError(f"suggestions {before.id} and {after.id} for {after.path} overlap")
    found = (_change(lines, suggestion) for suggestion in ordered)
    return tuple(change for change in found if tuple(lines[change.start : change.end]) != change.new)


def made(lines: Sequence[str], wanted: Iterable[Change]) -> bytes:
    """The text with all of `wanted`, which are disjoint and in order, made."""
    result = list(lines)
    for change in reversed(tuple(wanted)):
        result[change.start : change.end] = change.new
    return "".join(result).encode("utf-8", "surrogateescape")


def _places(block: Sequence[str | None], lines: Sequence[str | None]) -> list[int]:
    size, first = len(block), block[0]
    return [i for i, line in enumerate(lines) if line == first and lines[i : i + size] == block]


def _carried(change: Change, lines: list[str | None], other: list[str | None]) -> Change | None:
    """Both texts stand between two ends (None), which are context as well."""
    before, after = change.start, change.end + 2  # the lines and one of context on each side
    while len(_places(lines[before:after], lines)) > 1:
        before, after = max(0, before - 1), min(len(lines), after + 1)
    found = _places(lines[before:after], other)
    if len(found) != 1:
        return None
    start = found[0] + change.start - before
    return Change(start, start + change.end - change.start, change.new)


def _apart(before: Change, after: Change, places: tuple[Change, Change]) -> bool:
    """Whether two changes keep their order, and lines between them if there were some."""
    gap = places[0].end < places[1].start
    return before.end < after.start if gap else before.end <= after.start


def carried(wanted: Sequence[Change], lines: Sequence[str], other: Sequence[str]) -> tuple[Change, ...] | None:
    """The same changes of `other`, a version of `lines` with edits elsewhere; None where that cannot be told for sure.

    A change is carried over with the smallest context, one line on each side at least, that stands in `lines` once:
    it must stand in `other` exactly once, and the changes must stand there in the same order, apart if they were.
    """
    bounded: tuple[list[str | None], list[str | None]] = ([None, *lines, None], [None, *other, None])
    found: list[Change] = []
    for change in wanted:
        placed = _carried(change, *bounded)
        if placed is None or (found and not _apart(found[-1], placed, (wanted[len(found) - 1], change))):
            return None
        found.append(placed)
    return tuple(found)


def remaining(wanted: Sequence[Change], lines: Sequence[str], other: Sequence[str]) -> tuple[Change, ...] | None:
    """What is left to make in `other` where it is `lines` with some of `wanted` made and nothing else; else None.

    Made there, it gives `lines` with all of `wanted` made, however many ways there are to tell which ones are made.
    """
    known: dict[int, tuple[Change, ...]] = {0: ()}  # by how much of `other` is explained: what is left to make in it
    done = 0
    for change in (*wanted, Change(len(lines), len(lines), ())):
        same = lines[done : change.start]
        after: dict[int, tuple[Change, ...]] = {}
        for at, left in known.items():
            start = at + len(same)
            end = start + change.end - change.start
            if tuple(other[at:start]) != tuple(same):
                continue
            if tuple(other[start : start + len(change.new)]) == change.new:
                after.setdefault(start + len(change.new), left)
            if tuple(other[start:end]) == tuple(lines[change.start : change.end]):
                after.setdefault(end, (*left, Change(start, end, change.new)))
        known, done = after, change.end
    return known.get(len(other))

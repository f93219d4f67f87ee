"""Draws hunks of a file as a commit might have added them. Knows lines; does not know samples or styles."""

from __future__ import annotations

from random import Random

from codetune_git.domain import LineRange
from codetune_git.text.hunks import statements
from codetune_git.text.source import Source

_MOST_LINES = 12


def _consecutive(parts: list[LineRange], rng: Random, most: int) -> LineRange:
    """A statement and the ones that follow, as many as a drawn number of lines holds."""
    first = rng.randrange(len(parts))
    room = rng.randint(1, most)
    lines = parts[first]
    for part in parts[first + 1 :]:
        if part.last - lines.first >= room:
            break
        lines = LineRange(lines.first, max(lines.last, part.last))
    return lines


def _hunk(source: Source, parts: list[LineRange], rng: Random, most: int) -> LineRange:
    """One drawn hunk: a statement, statements in a row, or (as in a real diff) lines that respect no statement."""
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(parts)
    if kind < 0.7:
        return _consecutive(parts, rng, most)
    last = max(part.last for part in parts)
    first = rng.randint(1, last)
    return LineRange(first, min(last, first + rng.randrange(most)))


def hunks_of(source: Source, *, rng: Random, count: int = 8, most: int = _MOST_LINES) -> tuple[LineRange, ...]:
    """At most `count` different hunks of 1 to `most` lines, as a commit might have added them to this file."""
    parts = [part for part in statements(source) if part.last - part.first < most]
    if not parts:
        return ()
    drawn = dict.fromkeys(_hunk(source, parts, rng, most) for _ in range(count))
    return tuple(lines for lines in drawn if source.text[slice(*source.span_of(lines))].strip())

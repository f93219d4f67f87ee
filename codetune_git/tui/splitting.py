"""A suggestion that changes several separate runs of lines, taken apart into one suggestion a run. Pure.

Knows lines. Does not know whether a part can stand alone: verifying it tells.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codetune_git.domain import LineRange, Suggestion

_Run = tuple[int, int, int, int]  # lines [i, j) of the original become lines [k, m) of the replacement


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    for step, *run in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if step != "equal":
            yield run[0], run[1], run[2], run[3]


def _anchored(run: _Run, taken: int, count: int) -> _Run | None:
    """`run` with a line of its own to replace: a pure insertion takes the line before it, or else the one after.

    `taken`: up to where the lines belong to the run before; `count`: how many lines there are.
    """
    i, j, k, m = run
    if i < j:
        return run
    if i > taken:
        return i - 1, j, k - 1, m
    return (i, j + 1, k, m + 1) if j < count else None


def _own_lines(old: Sequence[str], new: Sequence[str]) -> list[_Run]:
    """The runs, each with lines of the original that no other has; none where that cannot be."""
    runs: list[_Run] = []
    for run in _runs(old, new):
        own = _anchored(run, runs[-1][1] if runs else 0, len(old))
        if own is None:
            return []
        runs.append(own)
    return runs


def parts(suggestion: Suggestion, replacement: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """`suggestion` with the text `replacement`, taken apart; nothing where it cannot be taken apart."""
    runs = _own_lines(suggestion.original, replacement)
    if len(runs) < 2:
        return ()
    first = suggestion.lines.first
    return tuple(
        replace(
            suggestion,
            id=f"{suggestion.id}.{number}",
            lines=LineRange(first + i, first + j - 1),
            original=suggestion.original[i:j],
            replacement=replacement[k:m],
        )
        for number, (i, j, k, m) in enumerate(runs, 1)
    )

"""What a replacement changes, line by line and within the lines. Pure.

Knows lines as they are printed. Does not know colours, widgets or the width of a screen.
The parts of lines are compared as they are shown, so that a tab and the blanks that look like it differ.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from codetune_git.report.difference import Columns, changed_columns
from codetune_git.tui.printing import printed


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a diff: `mark` is `-`, `+` or a blank; `old` and `new` its 1-based numbers there, if it is there.

    `text` is what is shown of it and `changed` the columns in it that the other side has not.
    """

    mark: str
    old: int | None
    new: int | None
    text: str
    changed: Columns = ()


def _run(old: Sequence[str], new: Sequence[str], at: tuple[int, int]) -> Iterator[Line]:
    """A run of changed lines; where as many lines come as go, they are compared one by one."""
    gone, come = ([printed(line, tab="→") for line in lines] for lines in (old, new))
    pairs = [changed_columns(a, b) for a, b in zip(gone, come, strict=True)] if len(gone) == len(come) else []
    for i, text in enumerate(gone):
        yield Line("-", at[0] + i, None, text, pairs[i][0] if pairs else ())
    for i, text in enumerate(come):
        yield Line("+", None, at[1] + i, text, pairs[i][1] if pairs else ())


def _compared(old: Sequence[str], new: Sequence[str], first: int) -> Iterator[Line]:
    for step, i, j, k, m in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if step == "equal":
            yield from (Line(" ", first + i + n, first + k + n, printed(line)) for n, line in enumerate(old[i:j]))
        else:
            yield from _run(old[i:j], new[k:m], (first + i, first + k))


def side_by_side(lines: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """The old line and the new one of each row; None where a side has nothing to show."""
    for unchanged, run in groupby(lines, key=lambda line: line.mark == " "):
        if unchanged:
            yield from ((line, line) for line in run)
        else:
            both = list(run)
            gone, come = ([line for line in both if line.mark == mark] for mark in "-+")
            yield from zip_longest(gone, come)


def difference(lines: Sequence[str], at: tuple[int, int], replacement: Sequence[str], context: int) -> tuple[Line, ...]:
    """The lines `at` (first and last, 1-based) of `lines` becoming `replacement`, with `context` lines around."""
    first, last = at
    added = len(replacement) - (last - first + 1)
    start, end = max(0, first - 1 - context), min(len(lines), last + context)
    before = [Line(" ", n + 1, n + 1, printed(lines[n])) for n in range(start, min(first - 1, len(lines)))]
    after = [Line(" ", n + 1, n + 1 + added, printed(lines[n])) for n in range(last, end)]
    return (*before, *_compared(lines[first - 1 : last], replacement, first), *after)

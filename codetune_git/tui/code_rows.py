"""Rows of code to show: a diff, below each other or side by side, and a file around one line. Pure.

Knows lines, their numbers, marks and styles. Does not know how wide the screen is or what part of a row is seen.
A changed line is told by its mark and changed columns by reverse video, so nothing hangs on colours alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content, Span

from codetune_git.domain import FileFindings, Suggestion
from codetune_git.report.difference import Columns
from codetune_git.tui.difference import Line, difference, side_by_side
from codetune_git.tui.printing import printed
from codetune_git.tui.syntax import Colored, Styled, lexed, recolored

LEAST_CONTEXT = 5
_TONES = {"-": "removed", "+": "added", " ": "unchanged"}


@dataclass(frozen=True, slots=True)
class Cell:
    """Half a row or all of it: what stays in place at its left, and the code, which can be scrolled sideways."""

    gutter: str
    code: Content
    tone: str


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """`focus`: the first and the last row that one has come to see, `column`: from where on in the code."""

    rows: tuple[Row, ...]
    focus: tuple[int, int]
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """The lines of a file as they are printed, and their styles."""

    path: str
    lines: tuple[str, ...]
    colored: Colored


@dataclass(frozen=True, slots=True)
class Around:
    """The file that a suggestion is about, and how many of its lines are shown before and after it."""

    findings: FileFindings
    source: Source
    context: int


def source(path: str, lines: Sequence[str]) -> Source:
    """Takes a while for a long file: not for the thread that draws."""
    shown = tuple(map(printed, lines))
    return Source(path, shown, lexed(path, shown))


def _code(text: str, styles: Sequence[Styled], changed: Columns = ()) -> Content:
    spans = [Span(s.start, s.end, s.style) for s in styles]
    return Content(text, [*spans, *(Span(start, end, "bold reverse") for start, end in changed)])


def _padded(number: int | None, width: int) -> str:
    return " " * width if number is None else f"{number:>{width}}"


_Style = Callable[[Line], Sequence[Styled]]


def _cell(line: Line, gutter: str, style: _Style) -> Cell:
    return Cell(f"{gutter} {line.mark} ", _code(line.text, style(line), line.changed), _TONES[line.mark])


def _half(line: Line | None, number: int | None, width: int, style: _Style) -> Cell:
    if line is None:
        return Cell(" " * (width + 3), Content(""), "missing")
    return _cell(line, _padded(number, width), style)


def _style_of(at: Source, suggestion: Suggestion, replacement: Sequence[str]) -> _Style:
    first = suggestion.lines.first
    new = recolored(at.path, at.lines, at.colored, first - 1, replacement=[printed(line) for line in replacement])

    def style(line: Line) -> Sequence[Styled]:
        if line.old is not None:
            return at.colored.styles[line.old - 1] if line.old <= len(at.colored.styles) else ()
        place = (line.new or first) - first
        return new.styles[place] if place < len(new.styles) else ()

    return style


def _halves(lines: Sequence[Line], width: int, style: _Style) -> Iterator[Row]:
    for old, new in side_by_side(lines):
        yield _half(old, old.old if old else None, width, style), _half(new, new.new if new else None, width, style)


def diff_rows(around: Around, suggestion: Suggestion, replacement: Sequence[str], *, split: bool) -> Rows:
    """The lines of `suggestion` becoming `replacement`, with what is around; `split`: old and new side by side."""
    lines = difference(around.findings.lines, suggestion.lines, replacement, around.context)
    style = _style_of(around.source, suggestion, replacement)
    width = max(3, *(len(str(number)) for line in lines for number in (line.old, line.new) if number))
    if split:
        rows = tuple(_halves(lines, width, style))
    else:
        rows = tuple((_cell(n, f"{_padded(n.old, width)} {_padded(n.new, width)}", style),) for n in lines)
    changed = [i for i, row in enumerate(rows) if any(cell.tone != "unchanged" for cell in row)]
    column = min((start for line in lines for start, _ in line.changed), default=0)
    return Rows(rows, (changed[0], changed[-1]) if changed else (0, 0), column)


def file_rows(at: Source, marked: int) -> Rows:
    """All lines of a file, the line `marked` (1-based) pointed at."""
    width = max(3, len(str(len(at.lines))))
    rows = tuple(
        (
            Cell(
                f"{number:>{width}} {'>' if number == marked else ' '} ",
                _code(text, styles),
                "marked" if number == marked else "unchanged",
            ),
        )
        for number, (text, styles) in enumerate(zip(at.lines, at.colored.styles, strict=True), 1)
    )
    row = min(max(marked - 1, 0), max(len(rows) - 1, 0))
    return Rows(rows, (row, row), 0)

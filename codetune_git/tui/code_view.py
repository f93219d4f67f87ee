"""A pane of code rows that scrolls both ways. Knows rows and columns; does not know what the rows are about.

Only the rows that are seen are drawn, and a row is drawn once. Line numbers and marks stay where they are when the code
is scrolled sideways; side by side, both halves scroll together.
"""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style as RichStyle
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from codetune_git.tui.code_rows import Cell, Row, Rows

_SIDEWAYS = 8
_NOTHING = Rows((), (0, 0), 0)
_Drawn = tuple[Strip, Strip, RichStyle]  # the gutter, the code, and the style of what is behind the code


class CodeView(ScrollView):
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "code--removed",
        "code--added",
        "code--unchanged",
        "code--missing",
        "code--marked",
    }
    DEFAULT_CSS = """
    CodeView { scrollbar-size: 1 1; text-wrap: nowrap; }
    CodeView > .code--removed { background: $error 18%; }
    CodeView > .code--added { background: $success 18%; }
    CodeView > .code--missing { background: $surface; }
    CodeView > .code--marked { background: $warning 25%; text-style: bold; }
    CodeView:ansi > .code--removed { background: ansi_default; color: ansi_red; }
    CodeView:ansi > .code--added { background: ansi_default; color: ansi_green; }
    CodeView:ansi > .code--marked { background: ansi_default; }
    """

    can_focus = False

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._shown = _NOTHING
        self._drawn: dict[int, tuple[_Drawn, ...]] = {}

    def show(self, rows: Rows) -> None:
        """`rows` from now on, scrolled to where their focus is seen best."""
        self._shown = rows
        self._drawn.clear()
        self._measure()
        first, last = rows.focus
        spare = max(0, self.size.height - (last - first + 1))
        left, top = self._left_of(rows), max(0, first - spare // 2)
        self.scroll_to(left, top, animate=False, force=True, immediate=True)
        self.refresh()

    def scroll_page(self, by: int) -> None:
        self.scroll_to(y=self.scroll_y + by * max(1, self.size.height - 2), animate=False)

    def scroll_sideways(self, by: int) -> None:
        self.scroll_to(x=self.scroll_x + by * _SIDEWAYS, animate=False)

    def on_resize(self, event: Resize) -> None:
        self._measure()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        """Widget coordinates; the scroll offset says which row and from which column on."""
        number, width = round(self.scroll_y) + y, self.size.width
        if number >= len(self._shown.rows):
            return Strip.blank(width, self._style("unchanged").rich_style)
        row = self._shown.rows[number]
        if number not in self._drawn:
            self._drawn[number] = tuple(map(self._draw, row))
        return Strip.join(map(self._seen, self._drawn[number], self._widths(row)))

    def _widths(self, row: Row) -> tuple[int, ...]:
        width = self.size.width
        return (width,) if len(row) == 1 else (width // 2, width - width // 2)

    def _style(self, tone: str) -> Style:
        return self.get_visual_style(f"code--{tone}")

    def _draw(self, cell: Cell) -> _Drawn:
        style = self._style(cell.tone)
        gutter = style + Style(dim=cell.tone == "unchanged")
        return self._strip(Content(cell.gutter), gutter), self._strip(cell.code, style), style.rich_style

    def _strip(self, content: Content, style: Style) -> Strip:
        lines = Visual.to_strips(self, content, content.cell_length + 1, 1, style, apply_selection=False)
        return lines[0] if lines else Strip([])

    def _seen(self, drawn: _Drawn, width: int) -> Strip:
        gutter, code, style = drawn
        left = round(self.scroll_x)
        room = max(0, width - gutter.cell_length)
        return Strip.join([gutter, code.crop_extend(left, left + room, style)]).crop(0, width)

    def _left_of(self, rows: Rows) -> int:
        """From which column on to show, so that what is looked for is seen: from the first one, if that will do."""
        if not rows.rows:
            return 0
        row = rows.rows[rows.focus[0]]
        room = min(self._widths(row)) - max(len(cell.gutter) for cell in row)
        return 0 if rows.column + _SIDEWAYS < room else max(0, rows.column - room // 2)

    def _measure(self) -> None:
        """Tells how far one can scroll: sideways until the end of the longest code is seen."""
        beyond = 0
        for row in self._shown.rows:
            for cell, width in zip(row, self._widths(row), strict=True):
                beyond = max(beyond, len(cell.gutter) + cell.code.cell_length - width)
        # Not the width of the pane where nothing is beyond it: a scroll bar at the side makes the pane narrower.
        self.virtual_size = Size(self.size.width + beyond if beyond else 0, len(self._shown.rows))

"""The list of suggestions by file, at the left of a wide screen. Knows sessions; does not know keys.

A click on a suggestion tells which one. Rows are drawn when they are seen, and once for each look that they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from textual.content import Content
from textual.events import Click
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from codetune_git.domain import Suggestion
from codetune_git.tui.printing import printed
from codetune_git.tui.session import Session
from codetune_git.tui.wording import MARKS, percent, shortened


@dataclass(frozen=True, slots=True)
class _Look:
    """All that the drawing of a row hangs on."""

    text: str
    end: str
    style: str
    width: int


class SuggestionList(ScrollView):
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--file",
        "list--current",
        "list--accepted",
        "list--rejected",
        "list--undecided",
    }
    DEFAULT_CSS = """
    SuggestionList { scrollbar-size-vertical: 1; overflow-x: hidden; text-wrap: nowrap; }
    SuggestionList > .list--file { text-style: bold; }
    SuggestionList > .list--current { background: $primary 40%; text-style: bold; }
    SuggestionList:ansi > .list--current { background: ansi_default; text-style: bold underline; }
    SuggestionList > .list--accepted { color: $text-success; }
    SuggestionList > .list--rejected { color: $text-error; }
    """

    can_focus = False

    @dataclass
    class Chosen(Message):
        """A suggestion was clicked."""

        suggestion: Suggestion

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._session = Session(0)
        self._rows: list[str | Suggestion] = []
        self._row_of: dict[str, int] = {}
        self._looks: dict[int, _Look] = {}
        self._drawn: dict[_Look, Strip] = {}

    def show(self, session: Session) -> None:
        laid_out = [s.id for s in session.shown] != [s.id for s in self._session.shown]
        self._session = session
        if laid_out:
            self._lay_out(session)
            self.refresh()
        self._scroll_to_current()
        self._refresh_changed()

    def on_click(self, event: Click) -> None:
        row = round(self.scroll_y) + event.y
        if row < len(self._rows) and isinstance(chosen := self._rows[row], Suggestion):
            self.post_message(self.Chosen(chosen))

    def on_resize(self) -> None:
        self._scroll_to_current()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._drawn.clear()

    def render_line(self, y: int) -> Strip:
        number = round(self.scroll_y) + y
        if number >= len(self._rows):
            return Strip.blank(self.size.width, self.get_visual_style("list--undecided").rich_style)
        look = self._looks[number] = self._look(number)
        if look not in self._drawn:
            self._drawn[look] = self._strip(look)
        return self._drawn[look]

    def _scroll_to_current(self) -> None:
        current = self._row_of.get(self._session.current_id or "")
        if current is not None:
            # With a row of room on both sides, so that a file's name is seen above its first suggestion.
            around = Region(0, max(0, current - 1), 1, 3)
            self.scroll_to_region(around, animate=False, force=True, immediate=True, x_axis=False)

    def _refresh_changed(self) -> None:
        top = round(self.scroll_y)
        for number in range(top, min(top + self.size.height, len(self._rows))):
            if self._look(number) != self._looks.get(number):
                self.refresh_line(number)

    def _lay_out(self, session: Session) -> None:
        self._rows = []
        for path, suggestions in groupby(session.shown, key=lambda s: s.path):
            self._rows += [path, *suggestions]
        self._looks.clear()
        self._row_of = {row.id: i for i, row in enumerate(self._rows) if isinstance(row, Suggestion)}
        self.virtual_size = Size(self.size.width, len(self._rows))

    def _look(self, number: int) -> _Look:
        row = self._rows[number]
        return self._file(row) if isinstance(row, str) else self._suggestion(row)

    def _file(self, path: str) -> _Look:
        return _Look(shortened(printed(path), self.size.width), "", "file", self.size.width)

    def _suggestion(self, suggestion: Suggestion) -> _Look:
        verdict = self._session.verdict(suggestion)
        edited = "*" if suggestion.id in self._session.choices.edits else " "
        pointer = ">" if suggestion.id == self._session.current_id else " "
        text = f"{pointer}{MARKS[verdict]}{edited}{suggestion.lines.first:>4}  {printed(suggestion.kind)}"
        style = "current" if pointer == ">" else verdict.value if verdict else "undecided"
        return _Look(text, f"{percent(suggestion)} ", style, self.size.width)

    def _strip(self, look: _Look) -> Strip:
        style = self.get_visual_style(f"list--{look.style}")
        room = look.width - len(look.end)
        text = Content(look.text).truncate(room, ellipsis=True, pad=True) + Content(look.end)
        return Visual.to_strips(self, text, look.width, 1, style, apply_selection=False)[0]

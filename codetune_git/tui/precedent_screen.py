"""The lines of the history that write it the suggested way, where they stand. Knows precedents and how to show a file.

A file is asked for when it is first looked at, in a thread; until it is there, the line alone is shown.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from codetune_git.domain import Precedent
from codetune_git.tui.backend import ReviewBackend
from codetune_git.tui.code_rows import Rows, file_rows, source
from codetune_git.tui.code_view import CodeView
from codetune_git.tui.dialog import Dialog
from codetune_git.tui.printing import printed


class PrecedentScreen(Dialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n,tab", "turn(1)", "next", priority=True),
        Binding("p,shift+tab", "turn(-1)", "previous", priority=True),
        Binding("q", "close", "close"),
        Binding("down,j", "scroll(1)", "down"),
        Binding("up,k", "scroll(-1)", "up"),
        Binding("pagedown", "page(1)", "page down"),
        Binding("pageup", "page(-1)", "page up"),
        Binding("right,l", "sideways(1)", "right"),
        Binding("left,h", "sideways(-1)", "left"),
    ]
    DEFAULT_CSS = """
    PrecedentScreen #file { height: 1fr; }
    PrecedentScreen #said { height: 1; color: $text-muted; }
    """

    def __init__(self, precedents: tuple[Precedent, ...], backend: ReviewBackend) -> None:
        others = "n next · p previous · " if len(precedents) > 1 else ""
        super().__init__("", f"{others}↓ ↑ scroll · escape closes")
        self._precedents, self._backend = precedents, backend
        self._at = 0
        self._read: dict[int, Rows] = {}

    def contents(self) -> ComposeResult:
        yield CodeView(id="file")
        yield Static("", markup=False, id="said")

    def on_mount(self) -> None:
        # Only after the first layout is it known how many lines there is room for.
        self.call_after_refresh(self._show)

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._precedents)
        self._show()

    def action_scroll(self, by: int) -> None:
        view = self.query_one(CodeView)
        view.scroll_to(y=view.scroll_y + by, animate=False)

    def action_page(self, by: int) -> None:
        self.query_one(CodeView).scroll_page(by)

    def action_sideways(self, by: int) -> None:
        self.query_one(CodeView).scroll_sideways(by)

    def _show(self) -> None:
        at, precedent = self._at, self._precedents[self._at]
        where = f"{printed(precedent.path)}:{precedent.line} in {printed(precedent.commit[:8])}"
        self.entitle(self.query_one("#box"), f"precedent {at + 1}/{len(self._precedents)} · {where}")
        if at in self._read:
            self._say("")
            self.query_one(CodeView).show(self._read[at])
        else:
            self._say("reading the file…")
            self.query_one(CodeView).show(file_rows(source(precedent.path, [precedent.text]), 1))
            self._ask(at)

    @work
    async def _ask(self, at: int) -> None:
        rows = await asyncio.to_thread(self._rows, self._precedents[at])
        if rows is not None:
            self._read[at] = rows
        if at == self._at:
            if rows is None:
                self._say("the file cannot be read; above is the line as it was found")
            else:
                self._show()

    def _rows(self, precedent: Precedent) -> Rows | None:
        lines = self._backend.precedent(precedent)
        return file_rows(source(precedent.path, lines), precedent.line) if lines else None

    def _say(self, message: str) -> None:
        self.query_one("#said", Static).update(message)

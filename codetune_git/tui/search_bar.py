"""The line to search in. Knows what is typed; does not know what is searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static


class SearchBar(Horizontal):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "close")]
    DEFAULT_CSS = """
    SearchBar { height: 1; padding: 0 1; display: none; }
    SearchBar > #query { width: 1fr; }
    SearchBar > #prompt { width: 2; }
    SearchBar > #found { width: auto; }
    """

    @dataclass
    class Wanted(Message):
        """`query` is searched from here on; `further`: the next one is wanted, not the one that is looked at."""

        query: str
        further: bool

    class Closed(Message):
        """Nothing is searched any more."""

    def compose(self) -> ComposeResult:
        yield Static("/", id="prompt")
        query = Input(placeholder="path, kind or text; enter goes on, escape closes", compact=True, id="query")
        query.cursor_blink = False
        yield query
        yield Static("", id="found", markup=False)

    def open(self) -> None:
        self.display = True
        query = self.query_one("#query", Input)
        query.value = ""
        query.focus()

    def tell(self, found: str) -> None:
        self.query_one("#found", Static).update(found)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Wanted(event.value, further=False))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Wanted(event.value, further=True))

    def action_close(self) -> None:
        self.display = False
        self.screen.set_focus(None)
        self.post_message(self.Closed())

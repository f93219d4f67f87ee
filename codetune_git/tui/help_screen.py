"""All keys, by what they are for. Knows the actions and the keys that were chosen for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from codetune_git.tui.dialog import Dialog
from codetune_git.tui.keys import ABORT, ABORT_KEY, GROUPS, Bound
from codetune_git.tui.wording import shown_key

_KEY_WIDTH = 16
_NOTES = (
    "",
    "In the text of an edit: ctrl+s takes it, escape leaves everything as it was.",
    "A suggestion that is neither accepted nor rejected is left as it is.",
    "Reverse video marks what differs within a line; → is a tab in a changed line.",
    "In the list a * follows a text of your own.",
)


def _lines(keys: Bound) -> Iterator[Content]:
    for title, actions in GROUPS:
        yield Content.styled(title, "bold")
        for action in actions:
            names = "  ".join(map(shown_key, keys[action.id]))
            yield Content.assemble("  ", (f"{names:<{_KEY_WIDTH}}", "$text-accent bold"), action.says)
    yield Content.assemble("  ", (f"{ABORT_KEY:<{_KEY_WIDTH}}", "$text-accent bold"), ABORT.says)
    yield from map(Content, _NOTES)


class HelpScreen(Dialog[None]):
    BINDINGS: ClassVar[list[BindingType]] = [("question_mark,q", "close", "close")]

    def __init__(self, keys: Bound) -> None:
        super().__init__("Keys", "↓ ↑ scroll · escape closes")
        self._keys = keys

    def contents(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(Content("\n").join(_lines(self._keys)))

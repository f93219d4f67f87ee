"""What all windows over the main screen share: a box, a title, and that escape closes it without a word."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer | None]):
    # Before the widgets inside, for an editor would take escape as the wish to leave it by tab.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "close", priority=True)]
    AUTO_FOCUS = "*"
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > #box { width: 94%; height: 90%; border: round $primary; background: $background; padding: 0 1; }
    """

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title, self._hint = title, hint

    def contents(self) -> ComposeResult:
        """What stands in the box."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        box = Vertical(id="box")
        self.entitle(box, self._title)
        # Content and not text: a title that comes from the repository is no markup.
        box.border_subtitle = Content(self._hint)
        with box:
            yield from self.contents()

    def entitle(self, box: Widget, title: str) -> None:
        box.border_title = Content(title)

    def action_close(self) -> None:
        self.dismiss(None)

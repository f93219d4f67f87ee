"""A widget that shows what a function of its size returns. Knows nothing of what that is."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.widget import Widget


class Drawn(Widget):
    """Drawn again when its size changes and, by `redraw`, when there is something else to show.

    Its own size never hangs on what it shows.
    """

    DEFAULT_CSS = """
    Drawn { height: 1; text-wrap: nowrap; }
    """

    can_focus = False

    def __init__(self, draw: Callable[[int, int], Content], *, id: str) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._shown = Content("")

    def redraw(self) -> None:
        if not self._draw(self.size.width, self.size.height).is_same(self._shown):
            self.refresh()

    def render(self) -> Content:
        self._shown = self._draw(self.size.width, self.size.height)
        return self._shown

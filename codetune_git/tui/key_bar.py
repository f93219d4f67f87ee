"""The bar at the bottom: the most useful keys, as many as there is room for. Knows actions and keys.

A click on a key does what the key does.
"""

from __future__ import annotations

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from codetune_git.tui.keys import ACTIONS, Bound
from codetune_git.tui.wording import shown_key

_GAP = 2
# The first to be shown where there is little room; on the bar they stand in the order of the help.
_USEFUL = ("help", "quit", "accept", "reject", "accept-file", "reject-file", "edit", "undo", "search", "split")
_ALSO_USEFUL = ("precedent", "filter", "next", "previous", "layout")
_LABELS = {action.id: action.label for action in ACTIONS}


def fitting(keys: Bound, width: int) -> list[tuple[str, str, str]]:
    """The id, key and label of the actions for which there is room."""
    found, room = set[str](), width + _GAP
    for action in (*_USEFUL, *_ALSO_USEFUL):
        room -= len(f"{shown_key(keys[action][0])} {_LABELS[action]}") + _GAP
        if room < 0:
            break
        found.add(action)
    return [(a.id, shown_key(keys[a.id][0]), a.label) for a in ACTIONS if a.id in found]


class KeyBar(Static):
    DEFAULT_CSS = """
    KeyBar { height: 1; padding: 0 1; text-wrap: nowrap; background: $panel; }
    KeyBar { link-style: none; link-color: $foreground; }
    """

    def __init__(self, keys: Bound, *, id: str) -> None:
        super().__init__(id=id)
        self._keys = keys

    def render(self) -> Content:
        items = []
        for action, key, label in fitting(self._keys, self.size.width):
            click = Style.from_meta({"@click": f"app.do('{action}')"})
            items.append(Content.assemble((key, "bold $text-accent"), f" {label}").stylize(click))
        return Content(" " * _GAP).join(items)

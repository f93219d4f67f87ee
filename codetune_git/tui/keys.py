"""What can be done in a review and the keys that do it. Pure.

Knows the actions by their ids, which are also the names in git's configuration (`codetune.key.<id>`).
Does not know what an action does, nor where the wishes for other keys come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from codetune_git.errors import UsageError

ABORT_KEY = "ctrl+c"
_NAMED = frozenset(str(key.value) for key in Keys)
_FULL_NAMES = {short: full for full, short in KEY_NAME_REPLACEMENTS.items()}


@dataclass(frozen=True, slots=True)
class Action:
    """`keys`: the keys where nobody wishes for others; `label`: its word in the bar at the bottom, if any."""

    id: str
    keys: tuple[str, ...]
    says: str
    label: str = ""


# In the order of the help screen.
DECIDING = (
    Action("accept", ("y",), "accept, go on to the next undecided one", "accept"),
    Action("reject", ("n",), "reject, go on to the next undecided one", "reject"),
    Action("accept-file", ("a",), "accept this and all undecided ones of this file", "all in file"),
    Action("reject-file", ("d",), "reject this and all undecided ones of this file", "none"),
    Action("toggle", ("space",), "accept or make undecided, and stay here"),
    Action("edit", ("e",), "write another text and accept it", "edit"),
    Action("split", ("s",), "take apart, one suggestion a run of changed lines", "split"),
    Action("undo", ("u",), "undo the last of these, as often as you like", "undo"),
)
MOVING = (
    Action("next", ("j", "down"), "next suggestion", "next"),
    Action("previous", ("k", "up"), "previous suggestion", "back"),
    Action("next-file", ("J",), "next file"),
    Action("previous-file", ("K",), "previous file"),
    Action("search", ("/",), "search in paths, kinds and texts", "search"),
    Action("page-down", ("pagedown",), "scroll the lines down"),
    Action("page-up", ("pageup",), "scroll the lines up"),
    Action("scroll-right", ("right", "l"), "scroll long lines to the right"),
    Action("scroll-left", ("left", "h"), "scroll long lines to the left"),
)
SHOWING = (
    Action("precedent", ("g",), "lines of your history that write it this way", "precedents"),
    Action("filter", ("f",), "show only some kinds, or only confident suggestions", "filter"),
    Action("layout", ("|",), "old and new side by side, or below each other", "side by side"),
    Action("help", ("?",), "all keys", "help"),
)
LEAVING = (Action("quit", ("q",), "leave with what is decided so far", "quit"),)
ABORT = Action("abort", (ABORT_KEY,), "leave and decide nothing")
GROUPS = (("Decide", DECIDING), ("Move", MOVING), ("Look", SHOWING), ("Leave", LEAVING))
ACTIONS = tuple(action for _, group in GROUPS for action in group)

Bound = Mapping[str, tuple[str, ...]]


def _plain(key: str) -> str:
    """One spelling for each key: printable characters as themselves, all others by their name in small letters."""
    if len(key) == 1:
        return "space" if key == " " else key
    name = key.strip().lower()
    modifier, _, letter = name.rpartition("+")
    if modifier == "shift" and len(letter) == 1:
        return letter.upper()
    character = key_to_character(_FULL_NAMES.get(name, name))
    return character if character and character.isprintable() and character != " " else name


def _is_key(key: str) -> bool:
    modifiers, _, last = key.rpartition("+")
    return len(key) == 1 or key in _NAMED or (len(last) == 1 and set(modifiers.split("+")) <= {"ctrl", "alt"})


def _keys(action: str, wish: str) -> tuple[str, ...]:
    """The keys in `wish`, a list with commas; a comma alone is that key."""
    keys = tuple(map(_plain, [wish] if len(wish) == 1 else wish.split(",")))
    unknown = next((key for key in keys if not _is_key(key)), None)
    if unknown is not None:
        raise UsageError(f"'{unknown}' is not a key (for {action}): give one character, or a name such as ctrl+n or f2")
    return keys


def _known_ids() -> str:
    return f"the actions are {', '.join(action.id for action in ACTIONS)}"


def _refuse_clashes(bound: Bound) -> None:
    taken = {ABORT_KEY: ABORT.id}
    for action, keys in bound.items():
        for key in keys:
            other = taken.setdefault(key, action)
            if other != action:
                raise UsageError(f"the key '{key}' is given to both {other} and {action}; {_known_ids()}")


def bound(wishes: Mapping[str, str]) -> Bound:
    """The keys of each action, `wishes` first; UsageError for an unknown action or key, and for a key given twice."""
    unknown = next((action for action in wishes if action not in {known.id for known in ACTIONS}), None)
    if unknown is not None:
        raise UsageError(f"there is no action '{unknown}' to give a key to; {_known_ids()}")
    keys = {a.id: _keys(a.id, wishes[a.id]) if a.id in wishes else a.keys for a in ACTIONS}
    _refuse_clashes(keys)
    return keys

"""What differs inside a line: the columns that the other line has not. Pure; does not know how they are shown."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

Columns = tuple[tuple[int, int], ...]

_PART = re.compile(r"→ *|\w+|.")  # a tab as it is printed is one part, a word is, any other character is
_MOST_PARTS = 2000


def _columns(parts: Sequence[str], first: int, last: int) -> tuple[int, int]:
    start = sum(map(len, parts[:first]))
    return start, start + sum(map(len, parts[first:last]))


def changed_columns(old: str, new: str) -> tuple[Columns, Columns]:
    """The columns of each line that the other has not; nothing where the lines have nothing in common."""
    before, after = _PART.findall(old), _PART.findall(new)
    if len(before) + len(after) > _MOST_PARTS:
        return (), ()
    steps = [s for s in difflib.SequenceMatcher(None, before, after, False).get_opcodes() if s[0] != "equal"]
    if steps == [("replace", 0, len(before), 0, len(after))]:
        return (), ()
    deleted = tuple(_columns(before, s[1], s[2]) for s in steps if s[1] < s[2])
    return deleted, tuple(_columns(after, s[3], s[4]) for s in steps if s[3] < s[4])

"""Whether neighbours in a list stand in order, and how to put them there: no files, no syntax, only items with keys.

People sort by different rules (capitals first or not, numbers by value or by digit, constants before classes). Two
neighbours are in order, or out of it, only where all these rules agree; anything else is nobody's mistake.

    1 two neighbours in order            a site "sorted": exchanged, they are out of order
    2 two neighbours out of order        a site "unsorted" where exchanging them is all that is needed around there
    3 a list that needs more than that   one site "scattered" for all of it, which can only be sorted
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codetune_git.domain import Edit

VARIANTS = ("sorted", "unsorted")
_NUMBER = re.compile(rb"\d+")


@dataclass(frozen=True, slots=True)
class Item:
    """The bytes `[start, end)` of something that can be sorted, by `keys` and among those of the same `group`."""

    start: int
    end: int
    group: str
    keys: tuple[bytes, ...]


def name_keys(name: bytes) -> tuple[bytes, ...]:
    """Sort keys of a name after the rules in use: as it is, ignoring case, underscores or digits, by its kind."""
    folded = name.lower()
    kind = b"0" if name.isupper() and len(name) > 1 else b"1" if name[:1].isupper() else b"2"
    numbered = _NUMBER.sub(lambda found: found[0].zfill(9), folded)
    return name, folded, folded.lstrip(b"_"), numbered, kind + name


def _precedes(a: Item, b: Item) -> bool:
    return a.group == b.group and all(x < y for x, y in zip(a.keys, b.keys, strict=True))


def _is_simple(items: Sequence[Item], i: int, descents: set[int]) -> bool:
    """Whether exchanging the unordered neighbours `i` and `i + 1` leaves no disorder around them."""
    before = i > 0 and _precedes(items[i + 1], items[i - 1])
    after = i + 2 < len(items) and _precedes(items[i + 2], items[i])
    return not (before or after or _near(i, descents))


def _near(i: int, descents: set[int]) -> bool:
    """Whether other neighbours out of order are so close to `i` that it matters how `i` and `i + 1` stand."""
    return not descents.isdisjoint((i - 2, i - 1, i + 1, i + 2))


def _in_order(items: Sequence[Item]) -> tuple[Item, ...] | None:
    """`items` sorted; None where the rules in use disagree."""
    if len({item.group for item in items}) > 1:
        return None
    result = sorted(items, key=lambda item: item.keys[0])
    return tuple(result) if all(_precedes(a, b) for a, b in pairwise(result)) else None


def choices(items: Sequence[Item]) -> Iterator[tuple[int, int, str]]:
    """(first item, last item, variant) of every free choice in a list, by position, both inclusive."""
    pairs = list(pairwise(items))
    descents = {i for i, (a, b) in enumerate(pairs) if _precedes(b, a)}
    if not all(_is_simple(items, i, descents) for i in descents):
        if _in_order(items):
            yield 0, len(items) - 1, "scattered"
        return
    for i, (a, b) in enumerate(pairs):
        if i in descents:
            yield i, i + 1, "unsorted"
        elif _precedes(a, b) and not _near(i, descents):
            yield i, i + 1, "sorted"


def reorder(text: bytes, items: Sequence[Item], variant: str) -> tuple[Edit, ...] | None:
    """The edits that exchange two items, or sort more of them; None where that can't be done."""
    target = (items[1], items[0]) if len(items) == 2 else _in_order(items)
    if target is None or (len(items) > 2 and variant != "sorted"):
        return None
    return tuple(
        Edit(old.start, old.end, text[new.start : new.end])
        for old, new in zip(items, target, strict=True)
        if old is not new
    )

"""A place where the author of a file chose a layout or a spelling. Does not know how it is found."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """The bytes `[start, end)` read `variant`; each of `others` is another variant's name and bytes.

    `keys` are the rules that a house could have about it, from the narrowest to the widest; the first word of a key is
    the kind of choice.
    """

    keys: tuple[str, ...]
    start: int
    end: int
    variant: str
    others: tuple[tuple[str, bytes], ...]

"""What a tokenizer is to the rest of the room. Does not know files, or who reads them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property


class Tokenizer(ABC):
    """Text to token ids and back. Special tokens that stand in a text are encoded as ordinary text, never as control.

    `names` are all tokens, special ones included, by what they are called in tokenizer.json.
    """

    def __init__(self, names: Mapping[str, int]) -> None:
        self.names = names

    @cached_property
    def _by_id(self) -> dict[int, str]:
        return {token: name for name, token in self.names.items()}

    def name(self, token: int) -> str | None:
        return self._by_id.get(token)

    @abstractmethod
    def ids(self, text: str) -> tuple[int, ...]:
        """The tokens of a text as it stands amid others: nothing is put before or behind it."""

    @abstractmethod
    def text(self, ids: Sequence[int]) -> str:
        """What was encoded; special tokens by their names, ids that are no token left out."""


def line_breaks(tokenizer: Tokenizer) -> tuple[frozenset[int], frozenset[int]]:
    """The tokens that begin with a line break, and all that hold one: some vocabularies join `):` and its break."""
    byte_level = tokenizer.names.get("Ċ")
    line_break = "Ċ" if byte_level is not None and tokenizer.text([byte_level]) == "\n" else "\n"
    names = ((name.replace("<0x0A>", line_break), token) for name, token in tokenizer.names.items())
    holding = [(name, token) for name, token in names if line_break in name]
    opening = frozenset(token for name, token in holding if name.startswith(line_break))
    return opening, frozenset(token for _, token in holding)

"""Which suggestions are wanted: a filter by kind and confidence, a search in path, kind and text. Pure.

Knows suggestions. Does not know what was decided about them or which one is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from codetune_git.domain import Suggestion


@dataclass(frozen=True, slots=True)
class Filter:
    """`hidden` kinds are not shown, nor what is less confident than `least` percent.

    Kinds are named by what is hidden, so that a kind that first comes up later is shown.
    """

    hidden: frozenset[str] = frozenset()
    least: int = 0

    def shows(self, suggestion: Suggestion) -> bool:
        return suggestion.kind not in self.hidden and suggestion.confidence * 100 >= self.least

    @property
    def active(self) -> bool:
        return bool(self.hidden) or self.least > 0


EVERYTHING = Filter()


def _searched(suggestion: Suggestion) -> Iterator[str]:
    yield suggestion.path
    yield f"{suggestion.kind} {suggestion.variant} {suggestion.phrase}"
    yield from suggestion.original
    yield from suggestion.replacement


def matches(suggestion: Suggestion, query: str) -> bool:
    """Does `query` occur in the path, the kind or the text, whatever the case of its letters?"""
    wanted = query.casefold()
    return any(wanted in text.casefold() for text in _searched(suggestion))

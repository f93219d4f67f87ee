"""What people have turned down, and so is not said again. Pure; does not know where it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codetune_git.domain import Suggestion

TWINS = 2  # so often turned down in whatever place, a rewrite is silent in all places

Text = tuple[str, ...]


def _dedented(lines: Sequence[str]) -> Text:
    """The lines as they would stand at the left margin."""
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return tuple(line[margin:].rstrip() for line in lines)


@dataclass(frozen=True, slots=True)
class Rejections:
    """Rewrites (path, original, replacement) that were turned down, and how often each was, wherever it stood."""

    places: frozenset[tuple[str, Text, Text]]
    twins: Counter[tuple[Text, Text]]

    @classmethod
    def of(cls, rejected: Iterable[tuple[str, Text, Text]]) -> Rejections:
        known = tuple(rejected)
        return cls(frozenset(known), Counter((_dedented(old), _dedented(new)) for _, old, new in known))

    def silence(self, suggestion: Suggestion) -> bool:
        """Whether the same rewrite was turned down at this text of this file, or its twins were elsewhere."""
        old, new = suggestion.original, suggestion.replacement
        if (suggestion.path, old, new) in self.places:
            return True
        return self.twins[_dedented(old), _dedented(new)] >= TWINS

"""Edits that are gathered one choice at a time and made together. Knows spans only, no conventions and no syntax."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

from codetune_git.domain import Edit
from codetune_git.text.source import apply_edits


class Patch:
    """Disjoint edits of one text. A choice's edits are taken all together or not at all."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []
        self._edits: list[Edit] = []

    def __len__(self) -> int:
        return len(self._edits)

    def add(self, edits: Sequence[Edit]) -> bool:
        """Take `edits` unless one of them meets an edit taken before (or another insertion at the same place)."""
        if any(self._meets(edit) for edit in edits):
            return False
        for edit in edits:
            insort(self._spans, (edit.start, edit.end))
        self._edits += edits
        return True

    def apply(self, text: bytes) -> bytes:
        return apply_edits(text, self._edits)

    def _meets(self, edit: Edit) -> bool:
        # Spans are disjoint and sorted, so only the neighbours of the place where this one would go can meet it.
        place = bisect_left(self._spans, (edit.start, edit.end))
        return any(_meet(edit, span) for span in self._spans[max(0, place - 1) : place + 1])


def _meet(edit: Edit, span: tuple[int, int]) -> bool:
    return (edit.start, edit.end) == span or (edit.start < span[1] and span[0] < edit.end)


def within(edits: Iterable[Edit], span: tuple[int, int]) -> bool:
    return all(span[0] <= edit.start and edit.end <= span[1] for edit in edits)

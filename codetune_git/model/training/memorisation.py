"""How much of the training code an adapter reproduces word for word, as numbers and in words.

Carlini et al. (2022) call a passage extractable where a model, given the true text before it, continues it word for
word. What the base continues too, or what is reproduced of code that was not trained on, is common stock and no leak:
passages of the training code are compared with both. Knows counts, their names in a manifest and the sentence about
them. Does not know models or tokens (probe.py does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codetune_git.suggesting.evaluation.share import Share

_NAMES = ("memorised", "passages", "memorised_by_base", "memorised_held_out", "passages_held_out")
_MOST = 1 << 31  # passages; a manifest may come from elsewhere, and JSON knows infinity


@dataclass(frozen=True, slots=True)
class Memorised:
    """Passages that come back word for word: learned ones, the same ones by the base alone, and held-out ones."""

    learned: Share
    by_base: Share
    held_out: Share

    @property
    def leaks(self) -> bool:
        """Whether learned passages clearly come back more often than by the base, and than others do: the whole 95 %
        interval lies above the base's, and above the share of the held-out ones, of which there may be few."""
        low = self.learned.interval[0]
        return low > self.by_base.interval[1] and low > self.held_out.value

    def __str__(self) -> str:
        learned, held_out = self.learned, self.held_out
        return (
            f"memorised: {learned.hits} of {learned.total} learned passages come back word for word "
            f"({self.by_base.hits} by the base alone, {held_out.hits} of {held_out.total} held-out ones)"
        )

    def metrics(self) -> dict[str, int]:
        """As they stand in a manifest."""
        counts = (self.learned.hits, self.learned.total, self.by_base.hits, self.held_out.hits, self.held_out.total)
        return dict(zip(_NAMES, counts, strict=True))


def other_metrics(metrics: Mapping[str, float]) -> dict[str, float]:
    """All but those of memorisation."""
    return {name: value for name, value in metrics.items() if name not in _NAMES}


def memorised_in(metrics: Mapping[str, float]) -> Memorised | None:
    """What a manifest's metrics say of it; None where they say nothing, or nothing that can be."""
    hits, total, by_base, others, held_out = (metrics.get(name, -1) for name in _NAMES)
    possible = 0 <= hits <= total < _MOST and 0 <= by_base <= total and 0 <= others <= held_out < _MOST
    if not possible or total < 1:
        return None
    return Memorised(Share(int(hits), int(total)), Share(int(by_base), int(total)), Share(int(others), int(held_out)))

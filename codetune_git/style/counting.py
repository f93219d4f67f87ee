"""Counting how code writes its sites. Knows sites and their contexts; does not know files, repositories or caches.

A `Tally` is what one text says (content-addressed: the same blob always gives the same tally). `Counts` is the sum of
tallies with every prefix of every context, so that a rare context backs off to the convention's overall habit:

    p_d(v) = (m_d(v) + k p_{d-1}(v)) / (M_d + k)        p_{-1}: what wider counts say there, or uniform

m_d counts the sites that share exactly the first d context words with the place in question (at the deepest level all
of them): every site counts once, where it is nearest. k p_{d-1} is a Dirichlet prior of strength k (MacKay and Peto
1995). At the end each variant is left a little (NOISE): however often it was written one way, the other may stand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from codetune_git.domain import Site

Key = tuple[str, tuple[str, ...], str]
Tally = Mapping[Key, int]
PRIOR_STRENGTH = 4.0
NOISE = 0.001


def tally_of(sites: Iterable[Site]) -> Counter[Key]:
    """How often each (convention, context, variant) occurs among `sites`."""
    return Counter((site.convention, site.context, site.variant) for site in sites)


class Counted(Protocol):
    """Whatever says how often each variant stands at places like a site."""

    def at(self, site: Place, depth: int | None = None) -> Mapping[str, int]:
        """How often each variant stands at places that share the first `depth` context words (default: all)."""
        ...


class Place(Protocol):
    """What counts are asked about: a convention and the context of a choice."""

    @property
    def convention(self) -> str: ...
    @property
    def context(self) -> tuple[str, ...]: ...


def backed_off(counts: Counted, site: Place, prior: Mapping[str, float], least: int = 0) -> dict[str, float]:
    """p(variant) at a place like `site`, by backing off towards `prior`, which names the variants.

    Sites that share fewer than `least` context words are no evidence.
    """
    levels = [counts.at(site, depth) for depth in range(least, len(site.context) + 1)]
    p = dict(prior)
    for level, narrower in zip(levels, [*levels[1:], {}], strict=True):
        own = {v: level.get(v, 0) - narrower.get(v, 0) for v in p}
        total = sum(own.values()) + PRIOR_STRENGTH
        p = {v: (own[v] + PRIOR_STRENGTH * p[v]) / total for v in p}
    return p


def with_noise(p: Mapping[str, float]) -> dict[str, float]:
    """`p` with a little left for every variant."""
    return {v: (1 - NOISE) * share + NOISE / len(p) for v, share in p.items()}


@dataclass(frozen=True, slots=True)
class Counts:
    """A sum of tallies, and its table by convention and every prefix of the context."""

    tally: Tally
    table: Mapping[tuple[str, tuple[str, ...]], Mapping[str, int]]

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Counts:
        total: Counter[Key] = Counter()
        for tally in tallies:
            total.update(tally)
        table: defaultdict[tuple[str, tuple[str, ...]], Counter[str]] = defaultdict(Counter)
        for (convention, context, variant), n in total.items():
            for depth in range(len(context) + 1):
                table[convention, context[:depth]][variant] += n
        return cls(total, dict(table))

    def at(self, site: Place, depth: int | None = None) -> Mapping[str, int]:
        """See Counted."""
        return self.table.get((site.convention, site.context[:depth]), {})


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left of `whole` without `gone`, which are a part of it."""

    whole: Counted
    gone: Counted

    def at(self, site: Place, depth: int | None = None) -> Mapping[str, int]:
        """See Counted."""
        gone = self.gone.at(site, depth)
        whole = self.whole.at(site, depth)
        return {v: n - gone.get(v, 0) for v, n in whole.items()} if gone else whole

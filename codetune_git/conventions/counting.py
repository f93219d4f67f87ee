"""Counting how code writes its sites. Knows sites and their contexts; does not know files, repositories or caches.

A `Tally` is what one text says (content-addressed: the same blob always gives the same tally). `Counts` is the sum of
tallies with every prefix of every context, so that a rare context backs off to the convention's overall habit:

    p_0(v)   = (n_0(v) + k u) / (N_0 + k |V| u)                     all sites of the convention, u uniform
    p_d(v)   = (n_d(v) + k p_{d-1}(v)) / (N_d + k)                  sites that share the first d context words

which is interpolated smoothing with a Dirichlet prior of strength k (MacKay and Peto 1995).
"""

from __future__ import annotations

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codetune_git.domain import Site

Key = tuple[str, tuple[str, ...], str]
Tally = Mapping[Key, int]
PRIOR_STRENGTH = 2.0


def tally_of(sites: Iterable[Site]) -> Counter[Key]:
    """How often each (convention, context, variant) occurs among `sites`."""
    return Counter((site.convention, site.context, site.variant) for site in sites)


def to_bytes(tally: Tally) -> bytes:
    """A compact, stable form of a tally."""
    rows = [[convention, list(context), variant, n] for (convention, context, variant), n in sorted(tally.items())]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def from_bytes(data: bytes) -> Counter[Key]:
    """The inverse of `to_bytes`. Raises ValueError or zlib.error on anything else."""
    return Counter({(row[0], tuple(row[1]), row[2]): row[3] for row in json.loads(zlib.decompress(data))})


@dataclass(frozen=True, slots=True)
class Counts:
    """Sums of tallies, by convention and every prefix of the context."""

    table: Mapping[tuple[str, tuple[str, ...]], Mapping[str, int]]

    @classmethod
    def of(cls, tallies: Iterable[Tally]) -> Counts:
        table: defaultdict[tuple[str, tuple[str, ...]], Counter[str]] = defaultdict(Counter)
        for tally in tallies:
            for (convention, context, variant), n in tally.items():
                for depth in range(len(context) + 1):
                    table[convention, context[:depth]][variant] += n
        return cls(dict(table))

    def at(self, site: Site, depth: int | None = None) -> Mapping[str, int]:
        """How often each variant stands at places that share the first `depth` context words (default: all)."""
        return self.table.get((site.convention, site.context[:depth]), {})

    def distribution(
        self, site: Site, variants: tuple[str, ...], prior: Mapping[str, float] | None = None
    ) -> dict[str, float]:
        """p(variant) at a place like `site`, backing off towards `prior` (default: uniform)."""
        p = dict(prior) if prior else {v: 1.0 / len(variants) for v in variants}
        for depth in range(len(site.context) + 1):
            seen = self.table.get((site.convention, site.context[:depth]))
            if not seen:
                break
            total = sum(seen.get(v, 0) for v in variants) + PRIOR_STRENGTH
            p = {v: (seen.get(v, 0) + PRIOR_STRENGTH * p[v]) / total for v in variants}
        return p

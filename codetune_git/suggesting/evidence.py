"""What speaks for a proposal. Knows counts and gaps; does not know how they are weighed.

Most features are log-odds of the proposed variant against the staged one; a weight of one takes them at their word:

    convention   how the repository writes the convention everywhere
    context      what places like this one add to that (counts with backing off)
    file         what the rest of this file adds to that
    hunk         how many other staged sites of the convention agree with the proposal, and with the site (log 1 + n)
    gap          the model: log p(proposal) - log p(staged text), in nats
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.conventions.counting import Counts
from codetune_git.domain import Site
from codetune_git.suggesting.proposal import Proposal

GAP_CLIP = 8.0
RULED_OUT = -1.5  # log-odds: what the staged way is well over four times likelier than is not worth asking about
FEATURES = ("convention", "context", "file", "hunk_agrees", "hunk_differs", "gap")


@dataclass(frozen=True, slots=True)
class Habits:
    """How others write it: the repository's counts and those of the file outside the staged lines."""

    repository: Counts
    file: Counts


def _clipped(gap: float) -> float:
    return max(-GAP_CLIP, min(GAP_CLIP, gap))


def unnamed(gap: float) -> tuple[float, ...]:
    """The features of a rewrite that no convention names: the model's gap alone, for nobody has counted it."""
    return (*(0.0 for _ in FEATURES[:-1]), _clipped(gap))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proposal with its features, in the order of FEATURES."""

    proposal: Proposal
    features: tuple[float, ...]

    @property
    def kind(self) -> str:
        return self.proposal.site.convention

    def with_gap(self, gap: float) -> Evidence:
        return Evidence(self.proposal, (*self.features[:-1], _clipped(gap)))


def _log_odds(p: dict[str, float], proposed: str, staged: str) -> float:
    return math.log(p[proposed]) - math.log(p[staged])


def _odds(seen: Mapping[str, int], proposed: str, staged: str) -> float:
    """Log-odds from counts alone, half a count added to each side (Jeffreys)."""
    return math.log((seen.get(proposed, 0) + 0.5) / (seen.get(staged, 0) + 0.5))


def _neighbours(sites: Iterable[Site]) -> dict[str, Counter[str]]:
    seen: dict[str, Counter[str]] = {}
    for site in sites:
        seen.setdefault(site.convention, Counter())[site.variant] += 1
    return seen


def weigh(proposals: Iterable[Proposal], hunk_sites: Sequence[Site], habits: Habits) -> tuple[Evidence, ...]:
    """The evidence for each proposal that the counts do not rule out, the model's part still zero.

    `hunk_sites` are all sites of the staged hunk.
    """
    around = _neighbours(hunk_sites)
    found = []
    for proposal in proposals:
        site, proposed = proposal.site, proposal.variant
        variants = tuple({*habits.repository.at(site, 0), site.variant, proposed})
        file = _log_odds(habits.file.distribution(site, variants, habits.repository), proposed, site.variant)
        if file < RULED_OUT:
            continue
        overall = _odds(habits.repository.at(site, 0), proposed, site.variant)
        here = _log_odds(habits.repository.distribution(site, variants), proposed, site.variant)
        agree = around[site.convention][proposed]
        differ = around[site.convention][site.variant] - 1
        features = (overall, here - overall, file - here, math.log1p(agree), math.log1p(differ), 0.0)
        found.append(Evidence(proposal, features))
    return tuple(found)

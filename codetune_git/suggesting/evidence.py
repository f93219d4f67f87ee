"""What speaks for a proposal. Knows counts and gaps; does not know how they are weighed.

Most features are log-odds of the proposed variant against the staged one; a weight of one takes them at their word:

    convention   how the repository writes the convention everywhere
    context      what places like this one add to that (counts with backing off)
    file         what the rest of the staged file, outside the hunk, adds to that
    hunk         how many other staged sites of the convention agree with the proposal, and with the site (log 1 + n)
    gap          the model: log p(proposal) - log p(staged text), in nats
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import LineRange, Site
from codetune_git.style.counting import Counted, Counts, Place, backed_off, tally_of, with_noise
from codetune_git.suggesting.proposal import Proposal, follows
from codetune_git.text.source import Source

GAP_CLIP = 8.0
RULED_OUT = -1.5  # log-odds: what the staged way is well over four times likelier than is not worth asking about
FEATURES = ("convention", "context", "file", "hunk_agrees", "hunk_differs", "gap")


COUNTED = 3  # the first features, of which the sum is the log-odds of all counts


@dataclass(frozen=True, slots=True)
class Habits:
    """How others write it: the repository's counts and those of the file outside the hunk."""

    repository: Counted
    file: Counted


def habits_of(source: Source, known: Iterable[Site], hunk: LineRange, repository: Counted) -> Habits:
    """The habits that a hunk is held against; `known` are the sites of its file."""
    rest = (
        site
        for site in known
        if not hunk.touches(source.lines_of(site.start, site.end)) and not follows(source, site, hunk)
    )
    return Habits(repository, Counts.of([tally_of(rest)]))


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


def _log_odds(p: Mapping[str, float], proposed: str, staged: str) -> float:
    return math.log(p[proposed]) - math.log(p[staged])


def _odds(seen: Mapping[str, int], proposed: str, staged: str) -> float:
    """Log-odds from counts alone, half a count added to each side (Jeffreys)."""
    return math.log((seen.get(proposed, 0) + 0.5) / (seen.get(staged, 0) + 0.5))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """How many other sites of the convention in the hunk agree with a proposal, and with the site as it stands."""

    agree: int
    differ: int


def features_of(place: Place, staged: str, proposed: str, *, habits: Habits, around: Neighbours) -> tuple[float, ...]:
    """The evidence for `proposed` where `staged` stands, in the order of FEATURES; the model's part is zero."""
    seen = habits.repository.at(place, 0)
    variants = sorted({*seen, staged, proposed})
    wide = backed_off(habits.repository, place, {variant: 1.0 / len(variants) for variant in variants})
    overall = _odds(seen, proposed, staged)
    here = _log_odds(with_noise(wide), proposed, staged)
    file = _log_odds(with_noise(backed_off(habits.file, place, wide)), proposed, staged)
    return overall, here - overall, file - here, math.log1p(around.agree), math.log1p(around.differ), 0.0


def ruled_out(features: Sequence[float]) -> bool:
    """Whether the counts speak so much against a proposal that nothing else could lift it."""
    return sum(features[:COUNTED]) < RULED_OUT


def _by_convention(sites: Iterable[Site]) -> dict[str, Counter[str]]:
    seen: dict[str, Counter[str]] = {}
    for site in sites:
        seen.setdefault(site.convention, Counter())[site.variant] += 1
    return seen


def weigh(proposals: Iterable[Proposal], hunk_sites: Sequence[Site], habits: Habits) -> tuple[Evidence, ...]:
    """The evidence for each proposal that the counts do not rule out, the model's part still zero.

    `hunk_sites` are all sites of the staged hunk.
    """
    seen = _by_convention(hunk_sites)
    found = []
    for proposal in proposals:
        site, proposed = proposal.site, proposal.variant
        around = Neighbours(seen[site.convention][proposed], seen[site.convention][site.variant] - 1)
        features = features_of(site, site.variant, proposed, habits=habits, around=around)
        if not ruled_out(features):
            found.append(Evidence(proposal, features))
    return tuple(found)

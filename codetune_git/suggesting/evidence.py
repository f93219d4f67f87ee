"""What speaks for a proposal. Knows counts and log-odds; does not know how they are weighed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import LineRange, Site
from codetune_git.languages.table import decisive, judged_as, usual
from codetune_git.style.counting import Counted, Counts, Place, backed_off, tally_of, with_noise
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.proposal import Proposal, follows
from codetune_git.text.source import Source

RULED_OUT = -1.5  # log-odds: what the staged way is well over four times likelier than is not worth asking about
_USUAL = 0.99  # the share of houses that write what is usual anywhere
_MOST_ODDS = 4.0  # what one convention of a hunk says about the others at most


@dataclass(frozen=True, slots=True)
class Habits:
    """How others write it: the repository's counts and those of the file outside the hunk."""

    repository: Counted
    file: Counted


def habits_of(source: Source, known: Iterable[Site], hunk: LineRange, repository: Counted) -> Habits:
    """The habits that a hunk is held against; `known` are the sites of its file."""
    start, end = source.span_of(hunk)

    def is_outside(site: Site) -> bool:
        if site.end < start or end < site.start:
            return True
        return not hunk.touches(source.lines_of(site.start, site.end)) and not follows(source, site, hunk)

    return Habits(repository, Counts.of([tally_of(filter(is_outside, known))]))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A proposal with its features."""

    proposal: Proposal
    features: Features

    @property
    def kind(self) -> str:
        return self.proposal.site.convention

    @property
    def judged_as(self) -> str:
        """The name under which it is judged how often such a proposal is right."""
        return judged_as(self.kind, self.proposal.site.variant, self.proposal.variant)

    def with_log_odds(self, log_odds: float) -> Evidence:
        return Evidence(self.proposal, self.features.with_model(log_odds))


def _log_odds(p: Mapping[str, float], proposed: str, staged: str) -> float:
    return math.log(p[proposed]) - math.log(p[staged])


def _odds(seen: Mapping[str, int], proposed: str, staged: str) -> float:
    """Log-odds from counts alone, half a count added to each side (Jeffreys)."""
    return math.log((seen.get(proposed, 0) + 0.5) / (seen.get(staged, 0) + 0.5))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands around a site in its hunk.

    How many other sites of the convention `agree` with a proposal, and `differ` with the site as it stands; by how many
    log-odds in all other conventions go against the house's habit, and by how many with it.
    """

    agree: int
    differ: int
    others_differ: float = 0.0
    others_agree: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How clearly each convention of a hunk goes against the house's habit (positive) or with it, in log-odds."""

    against: Mapping[str, float]

    @classmethod
    def of(cls, strongest: Iterable[tuple[str, float]]) -> Standing:
        """From the log-odds of the best other way to write each site, by its convention: the mean of its sites."""
        sites: dict[str, list[float]] = {}
        for convention, odds in strongest:
            sites.setdefault(convention, []).append(odds)
        return cls({convention: sum(odds) / len(odds) for convention, odds in sites.items()})

    def around(self, convention: str, agree: int, differ: int) -> Neighbours:
        """The neighbours of a site of `convention`."""
        others = [odds for name, odds in self.against.items() if name != convention]
        return Neighbours(
            agree,
            differ,
            sum(min(_MOST_ODDS, max(0.0, odds)) for odds in others),
            sum(min(_MOST_ODDS, max(0.0, -odds)) for odds in others),
        )


def _anywhere(convention: str, variants: Sequence[str]) -> dict[str, float]:
    """How the world writes it, before a house is looked at: each way as often, but for what hardly anybody does."""
    common = usual(convention)
    if common not in variants or len(variants) < 2:
        return {variant: 1.0 / len(variants) for variant in variants}
    return {variant: _USUAL if variant == common else (1 - _USUAL) / (len(variants) - 1) for variant in variants}


def features_of(place: Place, staged: str, proposed: str, *, habits: Habits, around: Neighbours) -> Features:
    """The evidence for `proposed` where `staged` stands; the model's part is zero."""
    least = decisive(place.convention)
    seen = habits.repository.at(place, least)
    variants = sorted({*seen, staged, proposed})
    wide = backed_off(habits.repository, place, _anywhere(place.convention, variants), least)
    overall = _odds(seen, proposed, staged)
    here = _log_odds(with_noise(wide), proposed, staged)
    file = _log_odds(with_noise(backed_off(habits.file, place, wide, least)), proposed, staged)
    return with_neighbours(Features(overall, here - overall, file - here), around)


def with_neighbours(counts: Features, around: Neighbours) -> Features:
    """The evidence of `counts`, and that of the hunk itself beside it."""
    differ, against = math.log1p(around.differ), math.log1p(around.others_differ)
    odds = max(0.0, counts.counted)
    return counts._replace(
        hunk_agrees=math.log1p(around.agree),
        hunk_differs=differ,
        others_differ=against,
        others_agree=math.log1p(around.others_agree),
        as_one=0.0 if around.agree else odds * differ,
        as_others=odds * against,
    )


def ruled_out(features: Features) -> bool:
    """Whether the counts speak so much against a proposal that nothing else could lift it."""
    return features.counted < RULED_OUT


def _by_convention(sites: Iterable[Site]) -> dict[str, Counter[str]]:
    seen: dict[str, Counter[str]] = {}
    for site in sites:
        seen.setdefault(site.convention, Counter())[site.variant] += 1
    return seen


def weigh(proposals: Iterable[Proposal], hunk_sites: Sequence[Site], habits: Habits) -> tuple[Evidence, ...]:
    """The evidence for each proposal that the counts do not rule out, the model's part still zero.

    `hunk_sites` are all sites of the staged hunk; a proposal may be about one that reaches out of it.
    """
    seen, own = _by_convention(hunk_sites), frozenset(hunk_sites)
    alone = Neighbours(0, 0)
    weighed = [(p, features_of(p.site, p.site.variant, p.variant, habits=habits, around=alone)) for p in proposals]
    strongest: dict[Site, float] = {}
    for proposal, features in weighed:
        strongest[proposal.site] = max(features.counted, strongest.get(proposal.site, -math.inf))
    standing = Standing.of((site.convention, odds) for site, odds in strongest.items())
    found = []
    for proposal, features in weighed:
        if not ruled_out(features):
            site = proposal.site
            beside = seen.get(site.convention, Counter())
            around = standing.around(site.convention, beside[proposal.variant], beside[site.variant] - (site in own))
            found.append(Evidence(proposal, with_neighbours(features, around)))
    return tuple(found)

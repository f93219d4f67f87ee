"""Judges settled hunks by counts alone: as they stand, and with one convention written otherwise.

Knows settled hunks and the counts that each is held against. Does not know texts, nor a model; so that all hunks of a
repository are judged in seconds, and the same ones on every machine.

    1 a clean case for each of the newest hunks: every proposal there is wrong
    2 for each convention as many broken cases as there are hunks for, up to a number, the newest first: one site, or
      all sites alike, written otherwise; the proposal that restores what stands there is right
    3 the same with many conventions written otherwise at once, each of them at all its sites: so do newcomers, coding
      agents and formatters, who bring habits along
    4 beside what is written otherwise every other site is right as it stands
    5 a convention that is rare in the newest hunks is sought in the older ones, as they stand as well"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from codetune_git.languages.table import decisive, judged_as
from codetune_git.suggesting.calibration import FEWEST_HUNKS
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.evidence import Habits, Neighbours, Standing, features_of, ruled_out, with_neighbours
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.prevalence import NOTHING_MENDED, Mended
from codetune_git.suggesting.strata import DatedFile, Older, PlacedSite, SettledHunk, settled_hunks

MOST_CLEAN = 4000  # hunks
BROKEN_EACH = 120  # broken cases of a convention
CONSISTENT = 0.5  # the share of them that write all sites alike the other way
MANY, FEWEST_MANY = 0.6, 2  # the share of a hunk's conventions that others write otherwise, and how many at least
ALONE = Neighbours(0, 0)
_HOPELESS = -5.0  # log-odds: about what is so rare that its features are not worked out
LONE_SUPPORT, LONE_AGAIN, LONE_SHARE = 50, 1, 0.001


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Another way to write a site that the counts do not rule out, and what these say of it.

    Sites of a hunk that are alike are one, the `place`th. `lone`: hardly anything else is written as the site stands.
    """

    place: int
    site: PlacedSite
    proposed: str
    counted: Features
    lone: bool


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A settled hunk with what it is held against: `here` counts its sites, `standing` is its own as it stands."""

    number: int
    hunk: SettledHunk
    habits: Habits
    here: Counter[tuple[str, str]]
    standing: Standing
    doubts: tuple[_Doubt, ...]

    @classmethod
    def of(cls, number: int, hunk: SettledHunk, older: Older) -> _Hunk:
        habits = Habits(older.repository(hunk), older.file(hunk))
        here = Counter((site.convention, site.variant) for site in hunk.sites)
        strongest: list[tuple[str, float]] = []
        doubts: list[_Doubt] = []
        different = Counter(site for site in hunk.sites if site.others)
        for place, (site, alike) in enumerate(different.items()):
            odds, alone = _HOPELESS, here[site.convention, site.variant] == 1
            for proposed in site.others:
                if not _hopeless(site, proposed, habits):
                    counted = features_of(site, site.variant, proposed, habits=habits, around=ALONE)
                    odds = max(odds, counted.counted)
                    if not ruled_out(counted):
                        lone = alone and _is_lone(site, proposed, habits)
                        doubts.append(_Doubt(place, site, proposed, counted, lone))
            strongest += [(site.convention, odds)] * alike
        return cls(number, hunk, habits, here, Standing.of(strongest), tuple(doubts))

    def features(self, site: PlacedSite, staged: str, proposed: str, around: Neighbours) -> Features:
        return features_of(site, staged, proposed, habits=self.habits, around=around)

    def against(self, site: PlacedSite, staged: str, sites: int) -> float:
        """By how many log-odds its convention goes against the house where so many `sites` are `staged` like it."""
        before = self.standing.against[site.convention]
        share = sites / sum(other.convention == site.convention for other in self.hunk.sites if other.others)
        return before + share * (self.features(site, staged, site.variant, ALONE).counted - before)

    def beside(self, written: Mapping[str, float]) -> _Hunk:
        """The hunk where other conventions are `written` otherwise, by how many log-odds against the house's habit."""
        return replace(self, standing=Standing({**self.standing.against, **written}))


@dataclass(slots=True)
class _Evaluator:
    """What is judged so far."""

    older: Older
    rng: Random
    rows: list[ScoredProposal] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def judge(self, number: int, settled: SettledHunk, *, clean: bool) -> None:
        """Steps 1 to 4 for one hunk; not `clean`: only for the conventions that are still rare."""
        rare = {site.convention for site in settled.sites if self.broken[site.convention] < BROKEN_EACH}
        if not clean and not rare:
            return
        hunk = _Hunk.of(number, settled, self.older)
        wanted = [site for site in settled.sites if site.others and (clean or site.convention in rare)]
        self.seen.update({judged_as(s.convention, s.variant, other) for s in wanted for other in s.others})
        self.cases += 1
        kept = {site.convention for site in wanted}
        self.rows += self._as_it_stands(hunk, kept, clean=clean)
        for convention in sorted(rare):
            self._break(hunk, convention)
        if rare:
            self._write_as_others(hunk)

    def _as_it_stands(
        self, hunk: _Hunk, conventions: Collection[str], *, clean: bool = False, broken: int = 0
    ) -> Iterator[ScoredProposal]:
        for doubt in hunk.doubts:
            site = doubt.site
            if site.convention in conventions:
                others = hunk.here[site.convention, site.variant] - 1
                around = hunk.standing.around(site.convention, hunk.here[site.convention, doubt.proposed], others)
                features = with_neighbours(doubt.counted, around)
                kind = judged_as(site.convention, site.variant, doubt.proposed)
                yield self._judged(hunk, kind, features, place=doubt.place, clean=clean, lone=doubt.lone, broken=broken)

    def _judged(
        self,
        hunk: _Hunk,
        kind: str,
        features: Features,
        *,
        right: bool = False,
        place: int = 0,
        clean: bool = False,
        lone: bool = False,
        broken: int = 0,
    ) -> ScoredProposal:
        return ScoredProposal(
            kind=kind,
            features=features,
            right=right,
            hunk=hunk.number,
            file=hunk.hunk.file,
            case=self.cases,
            site=place,
            clean=clean,
            broken=broken,
            lone=lone,
        )

    def _break(self, hunk: _Hunk, convention: str) -> None:
        """Step 2: one site, or all sites alike, of one convention."""
        sites = [site for site in hunk.hunk.sites if site.convention == convention and site.others]
        if not sites:
            return
        site = self.rng.choice(sites)
        staged = self.rng.choice(site.others)
        alike = hunk.here[convention, site.variant] - 1
        self.cases += 1
        changed = alike if alike and self.rng.random() < CONSISTENT else 0
        self._restore(hunk, site, staged, changed=changed)
        self._leave(hunk.beside({convention: hunk.against(site, staged, 1 + changed)}), [convention])

    def _write_as_others(self, hunk: _Hunk) -> None:
        """Step 3: many conventions at once, each of them consistently, as somebody with other habits would."""
        chosen: dict[str, tuple[PlacedSite, str]] = {}
        for site in hunk.hunk.sites:
            if site.others and site.convention not in chosen and self.rng.random() < MANY:
                chosen[site.convention] = site, self.rng.choice(site.others)
        if len(chosen) < FEWEST_MANY:
            return
        written = hunk.beside(
            {name: hunk.against(site, staged, hunk.here[name, site.variant]) for name, (site, staged) in chosen.items()}
        )
        self.cases += 1
        for place, (site, staged) in enumerate(chosen.values()):
            if self.broken[site.convention] < BROKEN_EACH:
                alike = hunk.here[site.convention, site.variant] - 1
                self._restore(written, site, staged, changed=alike, place=place)
        self._leave(written, chosen)

    def _leave(self, hunk: _Hunk, written: Collection[str]) -> None:
        """Step 4: what stands beside the conventions that are `written` otherwise is right as it is."""
        left = {site.convention for site in hunk.hunk.sites}.difference(written)
        self.rows += self._as_it_stands(hunk, left, broken=1)

    def _restore(self, hunk: _Hunk, site: PlacedSite, staged: str, *, changed: int, place: int = 0) -> None:
        """Rows for what could be proposed where `site` is written as `staged`, and `changed` others with it."""
        convention, alike = site.convention, hunk.here[site.convention, site.variant] - 1
        self.broken[convention] += 1
        for proposed in (site.variant, *(other for other in site.others if other != staged)):
            right = proposed == site.variant
            agree = alike - changed if right else hunk.here[convention, proposed]
            around = hunk.standing.around(convention, agree, hunk.here[convention, staged] + changed)
            features = hunk.features(site, staged, proposed, around)
            if right or not ruled_out(features):
                kind = judged_as(convention, staged, proposed)
                self.rows.append(self._judged(hunk, kind, features, right=right, place=place, broken=1))


def _hopeless(site: PlacedSite, proposed: str, habits: Habits) -> bool:
    """Whether what is proposed is so much rarer everywhere that its features need not be worked out."""
    least = decisive(site.convention)
    for counts in (habits.repository.at(site, least), habits.repository.at(site), habits.file.at(site, least)):
        if 20 * counts.get(proposed, 0) >= counts.get(site.variant, 0):
            return False
    return True


def _is_lone(site: PlacedSite, proposed: str, habits: Habits) -> bool:
    """Whether nearly nothing else in the repository is written so: perhaps an unnoticed slip."""
    least = decisive(site.convention)
    seen, file = habits.repository.at(site, least), habits.file.at(site, least)
    again, support = max(seen.get(site.variant, 0), file.get(site.variant, 0)), seen.get(proposed, 0)
    return again <= max(LONE_AGAIN, LONE_SHARE * support) and support >= LONE_SUPPORT


def evaluated_by_counts(
    files: Sequence[DatedFile], *, seed: int, newest: int = 1, mended: Mended = NOTHING_MENDED
) -> CountsEvaluation:
    """The evaluation of `files`, which are those of one commit. `newest`: how many strata are called new."""
    hunks = settled_hunks(files)
    evaluator = _Evaluator(Older.of(files), Random(seed))
    oldest = max((len(file.newer) for file in files), default=0)
    # Fewer of them would leave the calibration silent: then the oldest are judged, too, by the other files.
    newer = [hunk for hunk in hunks if hunk.stratum < oldest]
    clean = (newer if len(newer) >= FEWEST_HUNKS else hunks)[:MOST_CLEAN]
    for number, hunk in enumerate(hunks):
        evaluator.judge(number, hunk, clean=number < len(clean))
    newest = sum(hunk.stratum < newest for hunk in clean)
    places = sum(len({site.convention for site in hunk.sites if site.others}) for hunk in clean)
    prevalence = mended.prevalence(places / max(1, len(clean)))
    return CountsEvaluation(
        rows=tuple(evaluator.rows),
        clean=len(clean),
        newest=newest,
        seen=dict(evaluator.seen),
        prevalence=prevalence,
    )

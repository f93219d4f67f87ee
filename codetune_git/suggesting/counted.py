"""Judges settled hunks by counts alone: as they stand, and with one convention written otherwise.

Knows settled hunks and the counts that each is held against. Does not know texts, nor a model; so that all hunks of a
repository are judged in seconds, and the same ones on every machine.

    1 a clean case for each of the newest hunks: every proposal there is wrong
    2 for each convention as many broken cases as there are hunks for, up to a number, the newest first: one site, or
      all sites alike, written otherwise; the proposal that restores what stands there is right
    3 a convention that is rare in the newest hunks is sought in the older ones, as they stand as well"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from codetune_git.suggesting.calibration import FEWEST_HUNKS, CountedExam, Judged
from codetune_git.suggesting.evidence import Habits, Neighbours, features_of, ruled_out
from codetune_git.suggesting.prevalence import NOTHING_MENDED, Mended
from codetune_git.suggesting.strata import DatedFile, Older, PlacedSite, SettledHunk, settled_hunks

MOST_CLEAN = 4000  # hunks
BROKEN_EACH = 120  # broken cases of a convention
CONSISTENT = 0.5  # the share of them that write all sites alike the other way
LONE_SUPPORT, LONE_AGAIN, LONE_SHARE = 50, 1, 0.005


@dataclass(slots=True)
class _Examiner:
    """What is judged so far."""

    older: Older
    rng: Random
    rows: list[Judged] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    cases: int = 0

    def judge(self, number: int, hunk: SettledHunk, *, clean: bool) -> None:
        """Steps 1 and 2 for one hunk; not `clean`: only for the conventions that are still rare."""
        here = Counter((site.convention, site.variant) for site in hunk.sites)
        rare = {site.convention for site in hunk.sites if self.broken[site.convention] < BROKEN_EACH}
        if not clean and not rare:
            return
        habits = Habits(self.older.repository(hunk), self.older.file(hunk))
        wanted = [site for site in hunk.sites if site.others and (clean or site.convention in rare)]
        self.seen.update({site.convention for site in wanted})
        self.cases += 1
        for place, site in enumerate(dict.fromkeys(wanted)):
            self.rows += self._as_it_stands(site, place, number, hunk, habits=habits, here=here, clean=clean)
        for convention in sorted(rare):
            self._break(convention, number, hunk, habits=habits, here=here)

    def _as_it_stands(
        self,
        site: PlacedSite,
        place: int,
        number: int,
        hunk: SettledHunk,
        *,
        habits: Habits,
        here: Counter[tuple[str, str]],
        clean: bool,
    ) -> Iterator[Judged]:
        others = here[site.convention, site.variant] - 1
        for proposed in site.others:
            if _hopeless(site, proposed, habits):
                continue
            around = Neighbours(here[site.convention, proposed], others)
            features = features_of(site, site.variant, proposed, habits=habits, around=around)
            if not ruled_out(features):
                lone = not others and _is_lone(site, proposed, habits)
                yield Judged(
                    kind=site.convention,
                    features=features,
                    right=False,
                    hunk=number,
                    file=hunk.file,
                    case=self.cases,
                    site=place,
                    clean=clean,
                    broken=0,
                    lone=lone,
                )

    def _break(
        self, convention: str, number: int, hunk: SettledHunk, *, habits: Habits, here: Counter[tuple[str, str]]
    ) -> None:
        sites = [site for site in hunk.sites if site.convention == convention and site.others]
        if not sites:
            return
        site = self.rng.choice(sites)
        staged = self.rng.choice(site.others)
        alike = here[convention, site.variant] - 1
        consistent = bool(alike) and self.rng.random() < CONSISTENT
        stays, changed = (0, alike) if consistent else (alike, 0)
        self.cases += 1
        self.broken[convention] += 1
        for proposed in (site.variant, *(other for other in site.others if other != staged)):
            agree = stays if proposed == site.variant else here[convention, proposed]
            around = Neighbours(agree, here[convention, staged] + changed)
            features = features_of(site, staged, proposed, habits=habits, around=around)
            right = proposed == site.variant
            if right or not ruled_out(features):
                self.rows.append(
                    Judged(
                        kind=convention,
                        features=features,
                        right=right,
                        hunk=number,
                        file=hunk.file,
                        case=self.cases,
                        site=0,
                        clean=False,
                        broken=1,
                        lone=False,
                    )
                )


def _hopeless(site: PlacedSite, proposed: str, habits: Habits) -> bool:
    """Whether what is proposed is so much rarer everywhere that its features need not be worked out."""
    for counts in (habits.repository.at(site, 0), habits.repository.at(site), habits.file.at(site, 0)):
        if 20 * counts.get(proposed, 0) >= counts.get(site.variant, 0):
            return False
    return True


def _is_lone(site: PlacedSite, proposed: str, habits: Habits) -> bool:
    """Whether nearly nothing else in the repository is written so: perhaps a slip that nobody has noticed."""
    seen, file = habits.repository.at(site, 0), habits.file.at(site, 0)
    again, support = max(seen.get(site.variant, 0), file.get(site.variant, 0)), seen.get(proposed, 0)
    return again <= max(LONE_AGAIN, LONE_SHARE * support) and support >= LONE_SUPPORT


def examined_by_counts(
    files: Sequence[DatedFile], *, seed: int, newest: int = 1, mended: Mended = NOTHING_MENDED
) -> CountedExam:
    """The exam of `files`, which are those of one commit. `newest`: how many strata are called new."""
    hunks = settled_hunks(files)
    examiner = _Examiner(Older.of(files), Random(seed))
    oldest = max((len(file.newer) for file in files), default=0)
    # Fewer of them would leave the calibration silent: then the oldest are judged, too, by the other files.
    newer = [hunk for hunk in hunks if hunk.stratum < oldest]
    clean = (newer if len(newer) >= FEWEST_HUNKS else hunks)[:MOST_CLEAN]
    for number, hunk in enumerate(hunks):
        examiner.judge(number, hunk, clean=number < len(clean))
    newest = sum(hunk.stratum < newest for hunk in clean)
    places = sum(len({site.convention for site in hunk.sites if site.others}) for hunk in clean)
    prevalence = mended.prevalence(places / max(1, len(clean)))
    return CountedExam(
        rows=tuple(examiner.rows),
        clean=len(clean),
        newest=newest,
        seen=dict(examiner.seen),
        prevalence=prevalence,
    )

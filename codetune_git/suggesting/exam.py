"""Examines the judgement on committed hunks: as they are (anything said is a false alarm) and with conventions broken.

Knows committed code as the truth. Does not know where the hunks come from; they must be newer than what the model and
the counts have seen.

    1 a clean case: the hunk as committed; every proposal is wrong
    2 broken cases: some sites written otherwise; the proposal that restores a broken site is right, all others are wrong
    3 both are weighed in the way that staged text is, the model's part included
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from codetune_git.conventions.convention import Convention
from codetune_git.conventions.counting import Counts, tally_of
from codetune_git.domain import LanguageModel, LineRange, Site
from codetune_git.samples.breaking import break_hunk
from codetune_git.suggesting.calibration import Judged
from codetune_git.suggesting.evidence import Evidence, Habits, weigh
from codetune_git.suggesting.proposal import proposals, sites_of, within
from codetune_git.suggesting.questions import with_gaps
from codetune_git.text.source import Source


@dataclass(frozen=True, slots=True)
class Committed:
    """A hunk of a committed file. `added` are all lines that its commit wrote there; `hunk` is one range of them."""

    path: str
    source: Source
    sites: tuple[Site, ...]
    added: tuple[LineRange, ...]
    hunk: LineRange


@dataclass(frozen=True, slots=True)
class Case:
    """A hunk as it might have been staged. `truth`: the committed variant of every site in it, in document order by
    convention (`None` for a clean case, where what stands is the truth)."""

    committed: Committed
    source: Source
    hunk: LineRange
    truth: Mapping[str, tuple[str, ...]] | None
    number: int

    @property
    def clean(self) -> bool:
        return self.truth is None


def _by_convention(sites: Iterable[Site]) -> dict[str, tuple[Site, ...]]:
    found: dict[str, list[Site]] = {}
    for site in sites:
        found.setdefault(site.convention, []).append(site)
    return {name: tuple(group) for name, group in found.items()}


def _broken_case(committed: Committed, number: int, rng: Random) -> Case | None:
    inside = within(committed.source, committed.sites, committed.hunk)
    broken = break_hunk(committed.source, committed.hunk, rng=rng, known=inside, consistent=0.5)
    if broken is None:
        return None
    truth = {name: tuple(s.variant for s in group) for name, group in _by_convention(inside).items()}
    only = {name: truth.get(name, ()) for name in broken.broken}
    return Case(committed, Source.parse_window(broken.text, broken.lines), broken.lines, only, number)


def cases(hunks: Sequence[Committed], *, rng: Random, broken_each: int) -> Iterator[Case]:
    """A clean case and up to `broken_each` different broken ones of every hunk."""
    for number, committed in enumerate(hunks):
        yield Case(committed, committed.source, committed.hunk, None, number)
        for _ in range(broken_each):
            case = _broken_case(committed, number, rng)
            if case is not None:
                yield case


def habits_of(committed: Committed, repository: Counts) -> Habits:
    """The repository's habits, and those of the file outside everything that the commit wrote."""
    source = committed.source
    old = [s for s in committed.sites if not any(r.touches(source.lines_of(s.start, s.end)) for r in committed.added)]
    return Habits(repository, Counts.of([tally_of(old)]))


def _labels(case: Case, found: Sequence[Evidence], inside: Mapping[str, tuple[Site, ...]]) -> Iterator[bool | None]:
    """Whether each proposal restores what was committed; None where the sites no longer correspond."""
    for evidence in found:
        site, name = evidence.proposal.site, evidence.proposal.site.convention
        truth = (case.truth or {}).get(name)
        if truth is None:
            yield False
        elif len(truth) != len(inside[name]):
            yield None
        else:
            yield truth[inside[name].index(site)] == evidence.proposal.variant


def judged(
    case: Case, repository: Counts, catalogue: Mapping[str, Convention], model: LanguageModel | None
) -> tuple[Judged, ...]:
    """Every proposal of the case with its evidence and its truth."""
    known = case.committed.sites if case.clean else sites_of(case.source, catalogue.values())
    inside = within(case.source, known, case.hunk)
    offered = proposals(case.source, inside, case.hunk, catalogue)
    found = weigh(offered, inside, habits_of(case.committed, repository))
    if model is not None and found:
        found = with_gaps(case.committed.path, case.source, case.hunk, found, model)
    labels = _labels(case, found, _by_convention(inside))
    return tuple(
        Judged(evidence, right, case.number, case.clean)
        for evidence, right in zip(found, labels, strict=True)
        if right is not None
    )

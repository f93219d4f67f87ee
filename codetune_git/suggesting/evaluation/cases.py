"""Evaluation cases: committed hunks as they are (any suggestion is a false alarm) and with conventions broken.

Takes committed code as the truth. Does not know where the hunks come from; they must be newer than what the model and
the counts have seen.

    1 a clean case: the hunk as committed; every proposal is wrong
    2 broken cases: some sites written otherwise; the proposal that restores a broken site is right, all others wrong
    3 both are weighed in the way that staged text is; a case holds what the model is to be asked and is scored later,
      so that cases can be made on all cores
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from codetune_git.domain import REWRITE, LanguageModel, LineRange, Site
from codetune_git.languages.table import parsed, sites
from codetune_git.samples.breaking import break_hunk
from codetune_git.samples.patch import Patch
from codetune_git.style.counting import Counts
from codetune_git.suggesting.continuation import continuation
from codetune_git.suggesting.evaluation.results import EvalResults
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.evidence import Evidence, Habits, habits_of, weigh
from codetune_git.suggesting.features import NOTHING
from codetune_git.suggesting.proposal import proposals, touching, within
from codetune_git.suggesting.questions import Asked, answered, questions
from codetune_git.text.hunks import cut
from codetune_git.text.source import Source

CONSISTENT = 0.5  # half of the broken cases write all of a convention's sites in the hunk the other way
HUNK_LINES, MOST_HUNKS = 12, 8
MOST_PROPOSALS = 200  # a hunk that is a table of literals would drown out the others


@dataclass(frozen=True, slots=True)
class CommittedFile:
    """A file as committed, decoded: `added` are all lines that its commit wrote, `number` is unique in an evaluation.

    `settled` are the lines of the same file today. What has been rewritten since was perhaps not right: nothing is
    evaluated on it.
    """

    path: str
    text: bytes
    added: tuple[LineRange, ...]
    settled: frozenset[bytes]
    number: int


@dataclass(frozen=True, slots=True)
class EvalCase:
    """The proposals of one case without the model's part, their truth, and what to ask the model about them.

    `broken`: how many sites are written otherwise than committed; some may have no right proposal.
    0 for a clean case, and for a broken one of which nobody can tell. `committed` is the text of the hunk as it was.
    """

    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]
    asked: tuple[Asked, ...]
    clean: bool
    hunk: int
    broken: int
    committed: str


@dataclass(frozen=True, slots=True)
class _StagedHunk:
    """A hunk as it might have been staged, and the committed variants of the broken conventions, in document order.

    `sites` are those that touch the hunk; they may reach out of it.
    """

    source: Source
    hunk: LineRange
    sites: tuple[Site, ...]
    truth: Mapping[str, tuple[str, ...]]
    clean: bool
    committed: str


def _by_convention(some: Iterable[Site]) -> dict[str, tuple[Site, ...]]:
    groups: dict[str, list[Site]] = {}
    for site in some:
        groups.setdefault(site.convention, []).append(site)
    return {name: tuple(group) for name, group in groups.items()}


def _staged_hunks(
    source: Source, near: tuple[Site, ...], hunk: LineRange, rng: Random, broken_each: int
) -> Iterator[_StagedHunk]:
    """Steps 1 and 2."""
    start, end = source.span_of(hunk)
    text = source.text[start:end].decode()
    yield _StagedHunk(source, hunk, near, {}, True, text)
    committed = {name: tuple(s.variant for s in group) for name, group in _by_convention(near).items()}
    for _ in range(broken_each):
        broken = break_hunk(source, hunk, rng=rng, known=near, consistent=CONSISTENT)
        if broken is not None:
            staged = source.with_text(broken.text, broken.lines)
            truth = {name: committed.get(name, ()) for name in broken.broken}
            yield _StagedHunk(staged, broken.lines, touching(staged, sites(staged), broken.lines), truth, False, text)


def _labels(staged: _StagedHunk, weighed: Sequence[Evidence]) -> Iterator[bool | None]:
    """Whether each proposal restores what was committed; None where the sites no longer correspond."""
    near = _by_convention(staged.sites)
    for evidence in weighed:
        site, name = evidence.proposal.site, evidence.proposal.site.convention
        truth = staged.truth.get(name)
        if truth is None:
            yield False
        elif len(truth) != len(near[name]):
            yield None
        else:
            yield truth[near[name].index(site)] == evidence.proposal.variant


def _broken_sites(staged: _StagedHunk) -> int:
    """How many sites are written otherwise than committed; 0 where those of a convention no longer correspond."""
    near = _by_convention(staged.sites)
    pairs = [(variants, near.get(name, ())) for name, variants in staged.truth.items()]
    if any(len(variants) != len(present) for variants, present in pairs):
        return 0
    return sum(
        site.variant != variant for variants, present in pairs for variant, site in zip(variants, present, strict=True)
    )


def _restores(staged: _StagedHunk, right: Sequence[Evidence], broken: int) -> bool:
    """Whether the right proposals, where there is one for each of `broken` sites, give the committed text.

    As many sites as there were may be others: blanks that have become a column are a choice no more.
    """
    if len(right) != broken:
        return True
    patch = Patch()
    if not all(patch.add(evidence.proposal.edits) for evidence in right):
        return False
    start, end = staged.source.span_of(staged.hunk)
    text = patch.apply(staged.source.text)
    return text[start : end + len(text) - len(staged.source.text)] == staged.committed.encode()


def _case(staged: _StagedHunk, path: str, number: int, habits: Habits) -> EvalCase:
    """Step 3."""
    inside = within(staged.source, staged.sites, staged.hunk)
    weighed = weigh(proposals(staged.source, staged.sites, staged.hunk), inside, habits)[:MOST_PROPOSALS]
    broken = _broken_sites(staged)
    labelled = [(e, right) for e, right in zip(weighed, _labels(staged, weighed), strict=True) if right is not None]
    if not _restores(staged, [e for e, right in labelled if right], broken):
        broken, labelled = 0, [(e, right) for e, right in labelled if e.kind not in staged.truth]
    evidence = tuple(one for one, _ in labelled)
    asked = questions(path, staged.source, staged.hunk, evidence)
    return EvalCase(
        evidence,
        tuple(right for _, right in labelled),
        asked,
        staged.clean,
        number,
        broken,
        staged.committed,
    )


def _has_settled(source: Source, piece: LineRange, settled: frozenset[bytes]) -> bool:
    start, end = source.span_of(piece)
    return settled.issuperset(source.text[start:end].removesuffix(b"\n").split(b"\n"))


def _hunks(source: Source, file: CommittedFile, rng: Random) -> list[LineRange]:
    """The settled pieces of what was added, some of them where there are many: no commit decides alone."""
    pieces = [
        piece
        for lines in file.added
        for piece in cut(source, lines, HUNK_LINES)
        if _has_settled(source, piece, file.settled)
    ]
    return sorted(rng.sample(pieces, min(len(pieces), MOST_HUNKS)))


def make_cases(file: CommittedFile, repository: Counts, *, seed: int, broken_each: int) -> tuple[EvalCase, ...]:
    """A clean case and up to `broken_each` broken ones of each of the file's hunks; none of a file with errors."""
    source = parsed(file.path, file.text)
    if source is None or source.has_error:
        return ()
    rng = Random(f"{seed}:{file.number}")
    every_site = tuple(sites(source))
    made: list[EvalCase] = []
    for place, hunk in enumerate(_hunks(source, file, rng)):
        number = file.number * MOST_HUNKS + place
        habits = habits_of(source, every_site, hunk, repository)
        staged = _staged_hunks(source, touching(source, every_site, hunk), hunk, rng, broken_each)
        made += [_case(one, file.path, number, habits) for one in staged]
    return tuple(made)


def sampled(cases: Sequence[EvalCase], most: int, *, seed: int) -> tuple[EvalCase, ...]:
    """`most` of the cases, or all of them, in the one order in which the model is asked: wherever it ends is a sample.

    Clean and broken cases take turns. Among the broken ones conventions take turns, the least frequent first.
    """
    rng = Random(seed)
    shuffled = rng.sample(list(cases), len(cases))
    queues: dict[str, deque[EvalCase]] = {}
    for case in shuffled:
        queues.setdefault("" if case.clean else _broken_kind(case), deque()).append(case)
    clean = queues.pop("", deque())
    order = deque(sorted(queues, key=lambda kind: (len(queues[kind]), kind)))
    taken: list[EvalCase] = []
    while len(taken) < most and (clean or order):
        if clean and (len(taken) % 2 == 0 or not order):
            taken.append(clean.popleft())
            continue
        kind = order.popleft()
        taken.append(queues[kind].popleft())
        if queues[kind]:
            order.append(kind)
    return tuple(taken)


def _broken_kind(case: EvalCase) -> str:
    """The convention that was broken; any name where no proposal restores it."""
    return min((e.kind for e, right in zip(case.evidence, case.right, strict=True) if right), default="-")


def _scored(case: EvalCase, number: int, evidence: Sequence[Evidence]) -> tuple[ScoredProposal, ...]:
    places: dict[tuple[str, int, int], int] = {}
    return tuple(
        ScoredProposal(
            kind=one.judged_as,
            features=one.features,
            right=right,
            hunk=case.hunk,
            file=case.hunk // MOST_HUNKS,
            case=number,
            site=places.setdefault((one.kind, site.start, site.end), len(places)),
            clean=case.clean,
            broken=case.broken,
        )
        for one, right in zip(evidence, case.right, strict=True)
        for site in [one.proposal.site]
    )


def _scored_rewrites(case: EvalCase, number: int, model: LanguageModel) -> Iterator[ScoredProposal]:
    """What the model writes of its own accord is right where it leaves the whole hunk as it was committed."""
    for place, asked in enumerate(case.asked, len(case.evidence)):
        if (written := continuation(asked, asked.kinds(case.evidence), model)) is not None:
            yield ScoredProposal(
                kind=REWRITE,
                features=NOTHING.with_model(written.log_odds),
                right=len(case.asked) == 1 and written.text == case.committed,
                hunk=case.hunk,
                file=case.hunk // MOST_HUNKS,
                case=number,
                site=place,
                clean=case.clean,
                broken=case.broken,
            )


def clean_results(files: Iterable[CommittedFile], repository: Counts) -> EvalResults:
    """The proposals for the hunks of `files` as they stand; the model is not asked."""
    cases = [case for file in files for case in make_cases(file, repository, seed=0, broken_each=0)]
    scored = (proposal for number, case in enumerate(cases) for proposal in _scored(case, number, case.evidence))
    return EvalResults(tuple(scored), len(cases))


def score_cases(cases: Sequence[EvalCase], model: LanguageModel, *, first: int = 0) -> tuple[ScoredProposal, ...]:
    """The proposals of `cases` with the answers of `model`, asked in one batch; numbered from case `first` on."""
    answers = iter(model.log_odds([asked.question for case in cases for asked in case.asked]))
    scored: list[ScoredProposal] = []
    for number, case in enumerate(cases, first):
        filled = answered(case.evidence, case.asked, [next(answers) for _ in case.asked])
        scored += _scored(case, number, filled)
        scored += _scored_rewrites(case, number, model)
    return tuple(scored)

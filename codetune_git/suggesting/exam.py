"""Examines the judgement on committed hunks: as they are (anything said is a false alarm) and with conventions broken.

Knows committed code as the truth. Does not know where the hunks come from; they must be newer than what the model and
the counts have seen.

    1 a clean case: the hunk as committed; every proposal is wrong
    2 broken cases: some sites written otherwise; the proposal that restores a broken site is right, all others wrong
    3 both are weighed in the way that staged text is; what the model is asked about them is drafted here and answered
      elsewhere, so that the drafts can be made on all cores
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from codetune_git.domain import REWRITE, LanguageModel, LineRange, Site
from codetune_git.languages.table import parsed, sites
from codetune_git.samples.breaking import break_hunk
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import Judged
from codetune_git.suggesting.continuation import continuation
from codetune_git.suggesting.evidence import Evidence, Habits, habits_of, unnamed, weigh
from codetune_git.suggesting.proposal import proposals, within
from codetune_git.suggesting.questions import Asked, answered, questions
from codetune_git.text.hunks import cut
from codetune_git.text.source import Source

CONSISTENT = 0.5  # half of the broken cases write all of a convention's sites in the hunk the other way
HUNK_LINES, MOST_HUNKS = 12, 8
MOST_PROPOSALS = 200  # a hunk that is a table of literals would drown out the others


@dataclass(frozen=True, slots=True)
class CommittedFile:
    """A file as committed, decoded: `added` are all lines that its commit wrote, `number` is unique in an exam.

    `settled` are the lines of the same file today. What has been rewritten since was perhaps not right: it examines
    nobody.
    """

    path: str
    text: bytes
    added: tuple[LineRange, ...]
    settled: frozenset[bytes]
    number: int


@dataclass(frozen=True, slots=True)
class Draft:
    """The proposals of one case without the model's part, their truth, and what to ask the model about them.

    `broken`: how many sites are written otherwise than committed; some may have no right proposal among `found`.
    0 for a clean case, and for a broken one of which nobody can tell. `committed` is the text of the hunk as it was.
    """

    found: tuple[Evidence, ...]
    right: tuple[bool, ...]
    asked: tuple[Asked, ...]
    clean: bool
    hunk: int
    broken: int
    committed: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A hunk as it might have been staged, and the committed variants of the broken conventions, in document order."""

    source: Source
    hunk: LineRange
    known: tuple[Site, ...]
    truth: Mapping[str, tuple[str, ...]]
    clean: bool
    committed: str


def _by_convention(known: Iterable[Site]) -> dict[str, tuple[Site, ...]]:
    found: dict[str, list[Site]] = {}
    for site in known:
        found.setdefault(site.convention, []).append(site)
    return {name: tuple(group) for name, group in found.items()}


def _cases(source: Source, inside: tuple[Site, ...], hunk: LineRange, rng: Random, broken_each: int) -> Iterator[_Case]:
    """Steps 1 and 2."""
    start, end = source.span_of(hunk)
    text = source.text[start:end].decode()
    yield _Case(source, hunk, inside, {}, True, text)
    committed = {name: tuple(s.variant for s in group) for name, group in _by_convention(inside).items()}
    for _ in range(broken_each):
        broken = break_hunk(source, hunk, rng=rng, known=inside, consistent=CONSISTENT)
        if broken is not None:
            staged = source.with_text(broken.text, broken.lines)
            truth = {name: committed.get(name, ()) for name in broken.broken}
            yield _Case(staged, broken.lines, within(staged, sites(staged), broken.lines), truth, False, text)


def _labels(case: _Case, found: Sequence[Evidence]) -> Iterator[bool | None]:
    """Whether each proposal restores what was committed; None where the sites no longer correspond."""
    inside = _by_convention(case.known)
    for evidence in found:
        site, name = evidence.proposal.site, evidence.proposal.site.convention
        truth = case.truth.get(name)
        if truth is None:
            yield False
        elif len(truth) != len(inside[name]):
            yield None
        else:
            yield truth[inside[name].index(site)] == evidence.proposal.variant


def _broken_sites(case: _Case) -> int:
    """How many sites are written otherwise than committed; 0 where those of a convention no longer correspond."""
    inside = _by_convention(case.known)
    pairs = [(variants, inside.get(name, ())) for name, variants in case.truth.items()]
    if any(len(variants) != len(present) for variants, present in pairs):
        return 0
    return sum(
        site.variant != variant for variants, present in pairs for variant, site in zip(variants, present, strict=True)
    )


def _draft(case: _Case, path: str, number: int, habits: Habits) -> Draft:
    """Step 3."""
    weighed = weigh(proposals(case.source, case.known, case.hunk), case.known, habits)[:MOST_PROPOSALS]
    labelled = [(e, right) for e, right in zip(weighed, _labels(case, weighed), strict=True) if right is not None]
    found = tuple(evidence for evidence, _ in labelled)
    asked = questions(path, case.source, case.hunk, found)
    return Draft(
        found, tuple(right for _, right in labelled), asked, case.clean, number, _broken_sites(case), case.committed
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


def drafts(file: CommittedFile, repository: Counts, *, seed: int, broken_each: int) -> tuple[Draft, ...]:
    """A clean case and up to `broken_each` broken ones of each of the file's hunks; none of a file with errors."""
    source = parsed(file.path, file.text)
    if source is None or source.has_error:
        return ()
    rng = Random(f"{seed}:{file.number}")
    known = tuple(sites(source))
    found = []
    for place, hunk in enumerate(_hunks(source, file, rng)):
        number = file.number * MOST_HUNKS + place
        habits = habits_of(source, known, hunk, repository)
        cases = _cases(source, within(source, known, hunk), hunk, rng, broken_each)
        found += [_draft(case, file.path, number, habits) for case in cases]
    return tuple(found)


def sampled(found: Sequence[Draft], most: int, *, seed: int) -> tuple[Draft, ...]:
    """`most` of the drafts, or all of them, in the one order in which the model is asked: wherever it ends is a sample.

    Clean and broken cases take turns. Among the broken ones conventions take turns, the least frequent first.
    """
    rng = Random(seed)
    shuffled = rng.sample(list(found), len(found))
    queues: dict[str, deque[Draft]] = {}
    for draft in shuffled:
        queues.setdefault("" if draft.clean else _broken_kind(draft), deque()).append(draft)
    clean = queues.pop("", deque())
    order = deque(sorted(queues, key=lambda kind: (len(queues[kind]), kind)))
    taken: list[Draft] = []
    while len(taken) < most and (clean or order):
        if clean and (len(taken) % 2 == 0 or not order):
            taken.append(clean.popleft())
            continue
        kind = order.popleft()
        taken.append(queues[kind].popleft())
        if queues[kind]:
            order.append(kind)
    return tuple(taken)


def _broken_kind(draft: Draft) -> str:
    """The convention that was broken; any name where no proposal restores it."""
    return min((e.kind for e, right in zip(draft.found, draft.right, strict=True) if right), default="-")


def _marked(draft: Draft, number: int, found: Sequence[Evidence]) -> tuple[Judged, ...]:
    places: dict[tuple[str, int, int], int] = {}
    return tuple(
        Judged(
            kind=evidence.judged_as,
            features=evidence.features,
            right=right,
            hunk=draft.hunk,
            file=draft.hunk // MOST_HUNKS,
            case=number,
            site=places.setdefault((evidence.kind, site.start, site.end), len(places)),
            clean=draft.clean,
            broken=draft.broken,
        )
        for evidence, right in zip(found, draft.right, strict=True)
        for site in [evidence.proposal.site]
    )


def _marked_rewrites(draft: Draft, number: int, model: LanguageModel) -> Iterator[Judged]:
    """What the model writes of its own accord is right where it leaves the whole hunk as it was committed."""
    for place, asked in enumerate(draft.asked, len(draft.found)):
        if (written := continuation(asked, asked.kinds(draft.found), model)) is not None:
            right = len(draft.asked) == 1 and written.text == draft.committed
            features = unnamed(written.gap)
            file = draft.hunk // MOST_HUNKS
            yield Judged(REWRITE, features, right, draft.hunk, file, number, place, draft.clean, draft.broken)


def clean_rows(files: Iterable[CommittedFile], repository: Counts) -> tuple[tuple[Judged, ...], int]:
    """The proposals for the hunks of `files` as they stand, and how many hunks those are; the model is not asked."""
    found = [draft for file in files for draft in drafts(file, repository, seed=0, broken_each=0)]
    rows = (row for number, draft in enumerate(found) for row in _marked(draft, number, draft.found))
    return tuple(rows), len(found)


def examined(found: Sequence[Draft], model: LanguageModel, *, first: int = 0) -> tuple[Judged, ...]:
    """The drafts answered by `model` in one batch; their cases are numbered from `first` on."""
    answers = iter(model.log_odds([one.question for draft in found for one in draft.asked]))
    rows: list[Judged] = []
    for number, draft in enumerate(found, first):
        filled = answered(draft.found, draft.asked, [next(answers) for _ in draft.asked])
        rows += _marked(draft, number, filled)
        rows += _marked_rewrites(draft, number, model)
    return tuple(rows)

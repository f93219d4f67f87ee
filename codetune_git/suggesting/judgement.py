"""A staged file in, suggestions out. Knows the order of the steps; knows neither git nor which model it is.

1 decode, parse; what cannot be analysed is left out with a reason
2 every other way to write the added lines, and the evidence that the counts give
3 what nobody wants to hear and what no answer of the model could lift over the threshold: the model is not asked
4 the model's gaps for the rest, in one batch a hunk, and what it writes of its own accord where it has earned a say
5 confidence, threshold, verification, precedents
6 again on what the suggestions would make of the file, until that is silent: who takes them is not told to go on
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from codetune_git.conventions import sites
from codetune_git.conventions.counting import Counts, tally_of
from codetune_git.domain import REWRITE, LanguageModel, LineRange, Site, Skipped, StagedFile, Suggestion
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.continuation import continuation, evidence_of
from codetune_git.suggesting.decision import Setting, decide, holds, named
from codetune_git.suggesting.evidence import GAP_CLIP, Evidence, Habits, unnamed, weigh
from codetune_git.suggesting.passes import joined, taken, touched
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.proposal import proposals, within
from codetune_git.suggesting.questions import answered, questions
from codetune_git.text.decoding import decode
from codetune_git.text.pragmas import silenced
from codetune_git.text.source import Source

MOST_PASSES = 4

Outcome = tuple[tuple[Suggestion, ...], tuple[Skipped, ...]]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a repository has taught: its counts, how much to trust what, and its examples."""

    counts: Counts
    calibration: Calibration
    precedents: Precedents


def _habits(source: Source, known: tuple[Site, ...], added: tuple[LineRange, ...], counts: Counts) -> Habits:
    old = [s for s in known if not any(lines.touches(source.lines_of(s.start, s.end)) for lines in added)]
    return Habits(counts, Counts.of([tally_of(old)]))


def _could_speak(kind: str, answers: Iterable[tuple[float, ...]], calibration: Calibration) -> bool:
    """Whether any of these features would lift something of this kind over the threshold."""
    return any(calibration.speaks(kind, calibration.confidence(kind, features)) for features in answers)


def _doubted(weighed: Iterable[Evidence], setting: Setting) -> tuple[Evidence, ...]:
    """Step 3."""
    answers = (-GAP_CLIP, GAP_CLIP)
    return tuple(
        e
        for e in weighed
        if setting.wants(e) and _could_speak(e.kind, (e.with_gap(gap).features for gap in answers), setting.calibration)
    )


def _asked(setting: Setting, hunk: LineRange, found: Sequence[Evidence], model: LanguageModel) -> list[Evidence]:
    """Step 4."""
    asked = questions(setting.path, setting.source, hunk, found)
    evidence = list(answered(found, asked, model.gaps([one.question for one in asked])))
    if setting.hears_rewrites:
        written = ((one, continuation(one, model)) for one in asked)
        evidence += (evidence_of(setting.source, one, text) for one, text in written if text is not None)
    return evidence


def _evidence(file: StagedFile, setting: Setting, model: Callable[[], LanguageModel]) -> tuple[Evidence, ...]:
    """Steps 2 to 4."""
    source = setting.source
    known = tuple(sites(source))
    habits = _habits(source, known, file.added, setting.counts)
    found: list[Evidence] = []
    for hunk in file.added:
        inside = within(source, known, hunk)
        weighed = weigh(proposals(source, inside, hunk), inside, habits)
        doubted = weighed if setting.hears_rewrites else _doubted(weighed, setting)
        if doubted:
            found += _asked(setting, hunk, doubted, model())
    return tuple(found)


def _follow_ups(
    file: StagedFile, found: tuple[Suggestion, ...], setting: Setting, model: Callable[[], LanguageModel]
) -> tuple[Suggestion, ...]:
    """Step 6."""
    lines = setting.source.text.decode().split("\n")
    for _ in range(MOST_PASSES):
        text = "\n".join(taken(lines, found)).encode()
        after = replace(file, content=text, added=touched(file.added, found))
        then = replace(setting, source=Source.parse(text), silenced=silenced(text))
        more, _ = decide(_evidence(after, then, model), then)
        if not more:
            break
        found = tuple(one for one in joined(lines, found, more) if holds(one, setting))
    return named(found)


def suggestions_in(
    file: StagedFile,
    judgement: Judgement,
    model: Callable[[], LanguageModel],
    *,
    kinds: frozenset[str] = frozenset(),
) -> Outcome:
    """The suggestions for one staged file. `model` is called only when it is needed; empty `kinds` means all."""
    decoded = decode(file.content)
    if isinstance(decoded, str):
        return (), (Skipped(file.path, decoded),)
    source = Source.parse(decoded.text)
    if source.has_error:
        return (), (Skipped(file.path, "does not parse"),)
    head = decode(file.head) if file.head is not None else ""
    rewrites = (not kinds or REWRITE in kinds) and _could_speak(REWRITE, [unnamed(GAP_CLIP)], judgement.calibration)
    setting = Setting(
        path=file.path,
        source=source,
        head=None if isinstance(head, str) else head.text,
        counts=judgement.counts,
        calibration=judgement.calibration,
        precedents=judgement.precedents,
        silenced=silenced(decoded.text),
        kinds=kinds,
        hears_rewrites=rewrites,
    )
    found, skipped = decide(_evidence(file, setting, model), setting)
    return (_follow_ups(file, found, setting, model) if found else ()), skipped

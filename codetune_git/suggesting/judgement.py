"""A staged file in, suggestions out. Knows the order of the steps; knows neither git nor which model it is.

1 decode, parse; what cannot be analysed is left out with a reason
2 every other way to write the added lines, and the evidence that the counts give
3 what nobody wants to hear and what no answer of the model could lift over the threshold: the model is not asked
4 the model's gaps for the rest, in one batch a file
5 confidence, threshold, verification, precedents
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from codetune_git.conventions import sites
from codetune_git.conventions.counting import Counts, tally_of
from codetune_git.domain import LanguageModel, LineRange, Site, Skipped, StagedFile, Suggestion
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.decision import Setting, decide
from codetune_git.suggesting.evidence import GAP_CLIP, Evidence, Habits, weigh
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.proposal import proposals, within
from codetune_git.suggesting.questions import with_gaps
from codetune_git.text.decoding import decode
from codetune_git.text.pragmas import silenced
from codetune_git.text.source import Source

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


def _could_speak(evidence: Evidence, calibration: Calibration) -> bool:
    """Whether any answer of the model could lift the proposal over the threshold."""
    answers = (evidence.with_gap(gap).features for gap in (-GAP_CLIP, GAP_CLIP))
    return any(calibration.confidence(evidence.kind, features) >= calibration.threshold for features in answers)


def _evidence(file: StagedFile, setting: Setting, model: Callable[[], LanguageModel]) -> tuple[Evidence, ...]:
    """Steps 2 to 4."""
    source = setting.source
    known = tuple(sites(source))
    habits = _habits(source, known, file.added, setting.counts)
    found: list[Evidence] = []
    for hunk in file.added:
        inside = within(source, known, hunk)
        weighed = weigh(proposals(source, inside, hunk), inside, habits)
        doubted = tuple(e for e in weighed if setting.wants(e) and _could_speak(e, setting.calibration))
        if doubted:
            found += with_gaps(file.path, source, hunk, doubted, model())
    return tuple(found)


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
    setting = Setting(
        path=file.path,
        source=source,
        head=None if isinstance(head, str) else head.text,
        counts=judgement.counts,
        calibration=judgement.calibration,
        precedents=judgement.precedents,
        silenced=silenced(decoded.text),
        kinds=kinds,
    )
    return decide(_evidence(file, setting, model), setting)

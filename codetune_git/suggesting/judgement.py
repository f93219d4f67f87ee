"""A staged file in, suggestions out. Knows the order of the steps; knows neither git nor which model it is.

1 decode, parse; what cannot be analysed is left out with a reason
2 every other way to write the added lines, and the evidence that the counts give
3 what nobody wants to hear and what no answer of the model could lift over the threshold: the model is not asked
4 the model's gaps for the rest, in one batch a hunk, and what it writes of its own accord where it has earned a say
5 confidence, threshold, verification, precedents
6 again on what the suggestions would make of the file, until that is silent (a few times at most): who takes them is
  not told to go on
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from codetune_git.domain import (
    REWRITE,
    LanguageModel,
    LineRange,
    Outcome,
    Skipped,
    StagedFile,
    Suggestion,
    Verification,
)
from codetune_git.languages.table import admitted_at, language_in, sites
from codetune_git.style.counting import Counts
from codetune_git.style.width import line_limit
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.continuation import continuation, evidence_of
from codetune_git.suggesting.decision import Setting, decide, named, verified
from codetune_git.suggesting.evidence import GAP_CLIP, Evidence, habits_of, unnamed, weigh
from codetune_git.suggesting.passes import Joint, joined, taken, touched
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.proposal import proposals, within
from codetune_git.suggesting.questions import answered, questions
from codetune_git.text.assumptions import HOLDS
from codetune_git.text.decoding import decode

MOST_PASSES = 4
UNDONE = "what follows from it would undo it"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a repository has taught: its counts, how much to trust what, and its examples."""

    counts: Counts
    calibration: Calibration
    precedents: Precedents


def _could_speak(kind: str, answers: Iterable[tuple[float, ...]], calibration: Calibration) -> bool:
    """Whether any of these features would lift something of this kind over the threshold."""
    return any(calibration.speaks(kind, calibration.confidence(kind, features)) for features in answers)


def _doubted(wanted: Iterable[Evidence], calibration: Calibration) -> tuple[Evidence, ...]:
    """Step 3."""
    answers = (-GAP_CLIP, GAP_CLIP)
    return tuple(
        e for e in wanted if _could_speak(e.judged_as, [e.with_gap(gap).features for gap in answers], calibration)
    )


def _asked(setting: Setting, hunk: LineRange, found: Sequence[Evidence], model: LanguageModel) -> list[Evidence]:
    """Step 4."""
    asked = questions(setting.path, setting.source, hunk, found)
    evidence = list(answered(found, asked, model.log_odds([one.question for one in asked])))
    if setting.hears_rewrites:
        written = ((one, continuation(one, one.kinds(found), model)) for one in asked)
        evidence += (evidence_of(setting.source, one, text) for one, text in written if text is not None)
    return evidence


def _evidence(file: StagedFile, setting: Setting, model: Callable[[], LanguageModel]) -> tuple[Evidence, ...]:
    """Steps 2 to 4."""
    source = setting.source
    known = tuple(sites(source))
    found: list[Evidence] = []
    for hunk in file.added:
        inside = within(source, known, hunk)
        habits = habits_of(source, known, hunk, setting.counts)
        weighed = weigh(proposals(source, inside, hunk), inside, habits)
        wanted = tuple(e for e in weighed if setting.wants(e))
        doubted = wanted if setting.hears_rewrites else _doubted(wanted, setting.calibration)
        if doubted and (setting.hears_rewrites or setting.calibration.hears_model):
            chosen = set(map(id, doubted))
            found += _asked(setting, hunk, doubted, model())
            found += (e for e in wanted if id(e) not in chosen)
        else:
            found += wanted
    return tuple(found)


def _kept(joint: Joint, setting: Setting) -> tuple[Suggestion, ...]:
    """What is said where two passes meet: both, the first one alone, or nothing where one undoes the other."""
    if not joint.second:
        return joint.first
    if joint.suggestion is None:
        return ()
    both = verified(joint.suggestion, setting)
    return joint.first if both is None else (both,)


def _dropped(joint: Joint, kept: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """What of a joint is not said."""
    if not joint.second or kept not in ((), joint.first):
        return ()
    return joint.second if kept else (*joint.first, *joint.second)


def _taken_back(joint: Joint, kept: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """What would have been said of the staged text, did nothing follow from it; the rest nobody has asked about."""
    return () if kept else joint.first


def _change(suggestion: Suggestion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return suggestion.original, suggestion.replacement


def _follow_ups(
    file: StagedFile, found: tuple[Suggestion, ...], setting: Setting, model: Callable[[], LanguageModel]
) -> Outcome:
    """Step 6. What is dropped is not taken up again: it would come back with every pass."""
    lines = setting.source.text.decode().split("\n")
    dropped: list[Suggestion] = []
    undone: list[Suggestion] = []
    for _ in range(MOST_PASSES):
        text = "\n".join(taken(lines, found)).encode()
        after = replace(file, content=text, added=touched(file.added, found))
        source = setting.source.with_text(text)
        then = replace(setting, source=source, silenced=language_in(source).silenced(source))
        refused = {_change(one) for one in dropped}
        more = [one for one in decide(_evidence(after, then, model), then)[0] if _change(one) not in refused]
        if not more:
            break
        outcomes = [(joint, _kept(joint, setting)) for joint in joined(lines, found, more)]
        dropped += (one for joint, kept in outcomes for one in _dropped(joint, kept))
        undone += (one for joint, kept in outcomes for one in _taken_back(joint, kept))
        found = tuple(one for _, kept in outcomes for one in kept)
    skipped = dict.fromkeys(Skipped(file.path, f"{one.kind}: {UNDONE}", one.lines.first) for one in undone)
    return named(found, lines), tuple(skipped)


def _believed(suggestion: Suggestion) -> Suggestion:
    """With the confidence that it is right and, where it rests on an assumption, that this holds."""
    if suggestion.verification is not Verification.ASSUMING:
        return suggestion
    return replace(suggestion, confidence=round(suggestion.confidence * HOLDS, 4))


def suggestions_in(
    file: StagedFile,
    judgement: Judgement,
    model: Callable[[], LanguageModel],
    *,
    kinds: frozenset[str] = frozenset(),
) -> Outcome:
    """The suggestions for one staged file. `model` is called only when it is needed; empty `kinds` means all."""
    source = admitted_at(file.path, file.content)
    if isinstance(source, str):
        return (), (Skipped(file.path, source),)
    if source.has_error:
        return (), (Skipped(file.path, "does not parse"),)
    source = replace(source, limit=line_limit(judgement.counts, source.grammar.name))
    language = language_in(source)
    if (reason := language.unprovable(source.text)) is not None:
        return (), (Skipped(file.path, reason),)
    head = decode(file.head) if file.head is not None else ""
    rewrites = (not kinds or REWRITE in kinds) and _could_speak(REWRITE, [unnamed(GAP_CLIP)], judgement.calibration)
    setting = Setting(
        path=file.path,
        source=source,
        head=None if isinstance(head, str) else head,
        counts=judgement.counts,
        calibration=judgement.calibration,
        precedents=judgement.precedents,
        silenced=language.silenced(source),
        kinds=kinds,
        hears_rewrites=rewrites,
    )
    found, skipped = decide(_evidence(file, setting, model), setting)
    if not found:
        return (), skipped
    found, dropped = _follow_ups(file, found, setting, model)
    return tuple(map(_believed, found)), (*skipped, *dropped)

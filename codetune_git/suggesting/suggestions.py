"""A staged file in, suggestions out. Knows the order of the steps; knows neither git nor which model it is.

1 decode, parse; what cannot be analysed is left out with a reason
2 every other way to write the added lines, and the evidence that the counts give
3 proposals of unwanted kinds, and those that no answer of the model could lift over the threshold, are not asked about
4 the model's log-odds for the rest, in one batch a hunk, and what it writes of its own accord where that is calibrated
5 confidence, threshold, verification, precedents
6 again on what the suggestions would make of the file, a few times at most, until nothing more is suggested there
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from codetune_git.domain import (
    REWRITE,
    LanguageModel,
    LineRange,
    Outcome,
    Refusal,
    Skipped,
    StagedFile,
    Suggestion,
    Verification,
)
from codetune_git.languages.table import admitted_at, language_in, sites
from codetune_git.style.width import line_limit
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.continuation import continuation, evidence_of
from codetune_git.suggesting.decision import FileContext, decide, named, verified
from codetune_git.suggesting.evidence import Evidence, habits_of, weigh
from codetune_git.suggesting.features import LOG_ODDS_CLIP, NOTHING, Features
from codetune_git.suggesting.passes import Joint, joined, taken, touched
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.proposal import proposals, touching, within
from codetune_git.suggesting.questions import answered, questions
from codetune_git.text.assumptions import HOLDS
from codetune_git.text.decoding import decode

MOST_PASSES = 4
UNDONE = "what follows from it would undo it"


def _could_pass(kind: str, answers: Iterable[Features], calibration: Calibration) -> bool:
    """Whether any of these features would lift something of this kind over the threshold."""
    return any(calibration.passes_threshold(kind, calibration.confidence(kind, features)) for features in answers)


def _doubted(wanted: Iterable[Evidence], calibration: Calibration) -> tuple[Evidence, ...]:
    """Step 3."""
    answers = (-LOG_ODDS_CLIP, LOG_ODDS_CLIP)
    return tuple(
        e
        for e in wanted
        if _could_pass(e.judged_as, [e.with_log_odds(log_odds).features for log_odds in answers], calibration)
    )


def _asked(context: FileContext, hunk: LineRange, found: Sequence[Evidence], model: LanguageModel) -> list[Evidence]:
    """Step 4."""
    asked = questions(context.path, context.source, hunk, found)
    evidence = list(answered(found, asked, model.log_odds([one.question for one in asked])))
    if context.accepts_rewrites:
        written = ((one, continuation(one, one.kinds(found), model)) for one in asked)
        evidence += (evidence_of(context.source, one, text) for one, text in written if text is not None)
    return evidence


def _evidence(file: StagedFile, context: FileContext, model: Callable[[], LanguageModel]) -> tuple[Evidence, ...]:
    """Steps 2 to 4."""
    source = context.source
    every_site = tuple(sites(source))
    gathered: list[Evidence] = []
    for hunk in file.added:
        near = touching(source, every_site, hunk)
        inside = within(source, near, hunk)
        habits = habits_of(source, every_site, hunk, context.counts)
        weighed = weigh(proposals(source, near, hunk), inside, habits)
        wanted = tuple(e for e in weighed if context.wants(e))
        doubted = wanted if context.accepts_rewrites else _doubted(wanted, context.calibration)
        if doubted and (context.accepts_rewrites or context.calibration.uses_model):
            chosen = set(map(id, doubted))
            gathered += _asked(context, hunk, doubted, model())
            gathered += (e for e in wanted if id(e) not in chosen)
        else:
            gathered += wanted
    return tuple(gathered)


def _kept(joint: Joint, context: FileContext) -> tuple[Suggestion, ...]:
    """What is said where two passes meet: both, the first one alone, or nothing where one undoes the other."""
    if not joint.second:
        return joint.first
    if joint.suggestion is None:
        return ()
    both = verified(joint.suggestion, context)
    return joint.first if both is None else (both,)


def _dropped(joint: Joint, kept: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """What of a joint is not said."""
    if not joint.second or kept not in ((), joint.first):
        return ()
    return joint.second if kept else (*joint.first, *joint.second)


def _taken_back(joint: Joint, kept: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """The suggestions of the first pass that are dropped because a follow-up would undo them."""
    return () if kept else joint.first


def _change(suggestion: Suggestion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return suggestion.original, suggestion.replacement


def _follow_ups(
    file: StagedFile, suggestions: tuple[Suggestion, ...], context: FileContext, model: Callable[[], LanguageModel]
) -> Outcome:
    """Step 6. What is dropped is not taken up again: it would come back with every pass."""
    lines = context.source.text.decode().split("\n")
    dropped: list[Suggestion] = []
    undone: list[Suggestion] = []
    for _ in range(MOST_PASSES):
        text = "\n".join(taken(lines, suggestions)).encode()
        after = replace(file, content=text, added=touched(file.added, suggestions))
        source = context.source.with_text(text)
        then = replace(context, source=source, silenced=language_in(source).silenced(source))
        refused = {_change(one) for one in dropped}
        more = [one for one in decide(_evidence(after, then, model), then)[0] if _change(one) not in refused]
        if not more:
            break
        outcomes = [(joint, _kept(joint, context)) for joint in joined(lines, suggestions, more)]
        dropped += (one for joint, kept in outcomes for one in _dropped(joint, kept))
        undone += (one for joint, kept in outcomes for one in _taken_back(joint, kept))
        suggestions = tuple(one for _, kept in outcomes for one in kept)
    skipped = dict.fromkeys(Skipped(file.path, f"{one.kind}: {UNDONE}", one.lines.first) for one in undone)
    return named(suggestions, lines), tuple(skipped)


def _believed(suggestion: Suggestion) -> Suggestion:
    """With the confidence that it is right and, where it rests on an assumption, that this holds."""
    if suggestion.verification is not Verification.ASSUMING:
        return suggestion
    return replace(suggestion, confidence=round(suggestion.confidence * HOLDS, 4))


def suggestions_in(
    file: StagedFile,
    profile: StyleProfile,
    model: Callable[[], LanguageModel],
    *,
    kinds: frozenset[str] = frozenset(),
) -> Outcome:
    """The suggestions for one staged file. `model` is called only when it is needed; empty `kinds` means all."""
    source = admitted_at(file.path, file.content)
    if isinstance(source, Refusal):
        return (), (Skipped(file.path, source),)
    if source.has_error:
        return (), (Skipped(file.path, "does not parse"),)
    source = replace(source, limit=line_limit(profile.counts, source.grammar.name))
    language = language_in(source)
    if (refusal := language.unprovable(source.text)) is not None:
        return (), (Skipped(file.path, refusal),)
    head = None if file.head is None else decode(file.head)
    rewrites = (not kinds or REWRITE in kinds) and _could_pass(
        REWRITE, [NOTHING.with_model(LOG_ODDS_CLIP)], profile.calibration
    )
    context = FileContext(
        path=file.path,
        source=source,
        head=None if isinstance(head, Refusal) else head,
        counts=profile.counts,
        calibration=profile.calibration,
        precedents=profile.precedents,
        silenced=language.silenced(source),
        kinds=kinds,
        accepts_rewrites=rewrites,
    )
    suggestions, skipped = decide(_evidence(file, context, model), context)
    if not suggestions:
        return (), skipped
    suggestions, dropped = _follow_ups(file, suggestions, context, model)
    return tuple(map(_believed, suggestions)), (*skipped, *dropped)

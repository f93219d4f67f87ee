"""Decisions: which proposals are accepted, joined by line and verified. Knows evidence and confidence; knows no model.

1 the most confident proposal of each site, if it reaches the threshold, most places are not written in yet another way,
  and the user wants to hear about it; and the same change nearby, if the counts of that place are for it at all: who
  wrote several places alike decided once, and half of a decision taken back is worse than none
  How a list is laid out waits for the next pass where something inside it is rewritten: that makes it wider or not
2 proposals whose lines overlap are one decision: their edits are made together, so that any subset of the
  suggestions can be applied
3 the rewritten file must parse and mean the same; what only parses is not accepted
4 a rewrite that restores what HEAD said before would undo the author's edit: not accepted
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from codetune_git.domain import Edit, LineRange, Outcome, Skipped, Suggestion, Support, Verification
from codetune_git.languages.silenced import Silenced
from codetune_git.languages.table import decisive, language_in, phrase
from codetune_git.samples.patch import Patch
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evidence import Evidence
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.proposal import lines_of_edits
from codetune_git.text.assumptions import Proof
from codetune_git.text.hunks import runs, split_lines
from codetune_git.text.line_edits import LineEdit, apply_line_edits, lines_of
from codetune_git.text.source import Source, apply_edits

ENOUGH = 20
FOLLOWING_LINES, FOLLOWING_ODDS = 12, 1.0  # how near, and how many nats of the counts at the place itself
PROVEN = (Verification.SAFE, Verification.RENAME, Verification.ASSUMING)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Evidence that reached the threshold, or follows some that did, with its confidence."""

    evidence: Evidence
    confidence: float


@dataclass(frozen=True, slots=True)
class FileContext:
    """What decisions about one staged file are made against. Empty `kinds` means all.

    `accepts_rewrites`: whether what the model writes of its own accord could be said at all.
    """

    path: str
    source: Source
    head: bytes | None
    counts: Counts
    calibration: Calibration
    precedents: Precedents
    silenced: Silenced
    kinds: frozenset[str] = frozenset()
    accepts_rewrites: bool = False

    def wants(self, evidence: Evidence) -> bool:
        """Whether the user wants to hear about it: it is of a wanted kind, and no pragma silences it."""
        wanted = not self.kinds or evidence.kind in self.kinds
        return wanted and not self.silenced.covers(evidence.proposal.lines, evidence.kind)


def _seen(evidence: Evidence, counts: Counts) -> Mapping[str, int]:
    """The counts at the most specific context that was seen often enough."""
    site = evidence.proposal.site
    seen: Mapping[str, int] = {}
    for depth in range(len(site.context), decisive(site.convention) - 1, -1):
        seen = counts.at(site, depth)
        if sum(seen.values()) >= ENOUGH:
            break
    return seen


def _support(evidence: Evidence, counts: Counts) -> Support:
    """How often places like this one are written as proposed, and otherwise."""
    seen = _seen(evidence, counts)
    agree = seen.get(evidence.proposal.variant, 0)
    return Support(agree, sum(seen.values()) - agree)


def _is_outvoted(evidence: Evidence, counts: Counts) -> bool:
    """Whether a third way is more usual than the proposed one, or the staged one is half as usual: that is no habit."""
    seen = _seen(evidence, counts)
    agree = seen.get(evidence.proposal.variant, 0)
    if sum(seen.values()) < ENOUGH:
        return False
    return agree < 2 * seen.get(evidence.proposal.site.variant, 0) or agree < max(seen.values())


def _change(evidence: Evidence) -> tuple[str, str, str]:
    """What is done, wherever it is done."""
    return evidence.kind, evidence.proposal.site.variant, evidence.proposal.variant


def _follows(evidence: Evidence, leaders: Iterable[Accepted]) -> bool:
    """Whether the same is said nearby, and the counts of this place are for it, too: then it was one decision."""
    if evidence.features.counted < FOLLOWING_ODDS:
        return False
    line = evidence.proposal.lines.first
    near = (one for one in leaders if abs(one.evidence.proposal.lines.first - line) <= FOLLOWING_LINES)
    return any(_change(one.evidence) == _change(evidence) for one in near)


def _waits(outer: Accepted, inner: Accepted) -> bool:
    """Whether `inner` changes the text that decides about `outer`: how wide a list is."""
    large, small = outer.evidence.proposal.site, inner.evidence.proposal.site
    inside = large.start <= small.start and small.end <= large.end and large != small
    return inside and decisive(large.convention) > 0


def _accepted(found: Iterable[Evidence], context: FileContext) -> list[Accepted]:
    """Step 1."""
    wanted = [
        Accepted(evidence, context.calibration.confidence(evidence.judged_as, evidence.features))
        for evidence in found
        if context.wants(evidence) and not _is_outvoted(evidence, context.counts)
    ]
    leaders = [one for one in wanted if context.calibration.passes_threshold(one.evidence.judged_as, one.confidence)]
    best: dict[tuple[str, int, int], Accepted] = {}
    for one in (*leaders, *(one for one in wanted if _follows(one.evidence, leaders))):
        site = one.evidence.proposal.site
        place = (site.convention, site.start, site.end)
        if place not in best or one.confidence > best[place].confidence:
            best[place] = one
    ready = (one for one in best.values() if not any(_waits(one, other) for other in best.values()))
    return sorted(ready, key=lambda s: (s.evidence.proposal.lines.first, -s.confidence))


def _identity(suggestion: Suggestion, nth: int) -> str:
    """The same for the `nth` place (from 0) at which these lines are to become those, wherever it is in the file."""
    text = "\0".join([suggestion.path, *suggestion.original, "\1", *suggestion.replacement, *["\1"] * nth])
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _places_before(suggestion: Suggestion, lines: Sequence[str]) -> int:
    """How many places before it in the file read as it reads now, or as it would: taking one moves no other."""
    forms = [list(form) for form in (suggestion.original, suggestion.replacement) if form]
    found = at = 0
    while at < suggestion.lines.first - 1:
        length = next((len(form) for form in forms if lines[at : at + len(form)] == form), 0)
        found += length > 0
        at += length or 1
    return found


def _line_edit(source: Source, edits: Sequence[Edit]) -> LineEdit:
    """What `edits` do to whole lines."""
    lines = lines_of_edits(source, edits)
    start, end = source.span_of(lines)
    changed = apply_edits(source.text, edits)
    written = changed[start : end + len(changed) - len(source.text)]
    return LineEdit(lines.first - 1, lines.last, split_lines(written.decode()))


def _stripped(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.removesuffix("\n") for line in lines)


def _original(source: Source, lines: LineRange) -> tuple[str, ...]:
    """The lines as they are staged, with their ends."""
    start, end = source.span_of(lines)
    return split_lines(source.text[start:end].decode())


def _holds(lines: Sequence[str], part: Sequence[str]) -> bool:
    return any(lines[i : i + len(part)] == part for i in range(len(lines) - len(part) + 1))


@lru_cache(maxsize=4)
def _replaced(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """Where lines of `old` gave way to lines of `new`, each from and to, counted from 0."""
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(run for step, *run in steps if step == "replace")  # type: ignore[misc]


def _taken_out(old: Sequence[str], new: Sequence[str], at: LineRange) -> set[str]:
    """The lines of `old` in whose place the lines `at` of `new` were written, `new` counted from 0."""
    steps = _replaced(tuple(old), tuple(new))
    return {line for i, j, first, end in steps if first <= at.last and at.first < end for line in old[i:j]}


def _undoes(context: FileContext, edit: LineEdit) -> bool:
    """Step 4: whether the author took each changed line out of this place in HEAD, or just what would stand here again.

    Lines that were moved are no such edit: what was changed on the way may be a slip.
    """
    if context.head is None:
        return False
    # Between two ends that no line is like: then every line has a neighbour on each side.
    old, new = (["\n", *text.decode().split("\n"), "\n"] for text in (context.head, context.source.text))
    lines = LineRange(edit.start + 1, edit.end)
    original, replacement = _stripped(_original(context.source, lines)), _stripped(edit.new)
    changed = [line for line in replacement if line not in original]
    if changed and set(old).issuperset(changed) and _taken_out(old, new, lines).issuperset(changed):
        return True
    first, last = edit.start, edit.end + 1
    if not any(map(str.strip, replacement)):  # a blank line is told from others by the lines that are none
        first = max((i for i in range(first + 1) if new[i].strip()), default=0)
        last = min((i for i in range(last, len(new)) if new[i].strip()), default=len(new) - 1)
    place = [*new[first : edit.start + 1], *replacement, *new[edit.end + 1 : last + 1]]
    return _holds(old, place) and not _holds(new, place)


def _edits(accepted: Iterable[Accepted]) -> list[Edit]:
    return [edit for one in accepted for edit in one.evidence.proposal.edits]


def _is_proven(proof: Proof | None) -> bool:
    return proof is not None and proof.verification in PROVEN


def _proof(source: Source, accepted: Sequence[Accepted]) -> Proof | None:
    return language_in(source).verify(source.text, apply_edits(source.text, _edits(accepted)))


def _compatible(group: Iterable[Accepted]) -> list[Accepted]:
    """Those whose edits can be made together, the surest first."""
    patch = Patch()
    return [one for one in sorted(group, key=lambda s: -s.confidence) if patch.add(one.evidence.proposal.edits)]


def _provable(source: Source, kept: list[Accepted]) -> tuple[list[Accepted], Proof | None]:
    """All of them if they are proven together; else each that is proven with the surer ones, one at least."""
    together = _proof(source, kept)
    if _is_proven(together) or len(kept) == 1:
        return kept, together
    found: list[Accepted] = []
    proof = None
    for one in kept:
        joined = _proof(source, [*found, one])
        if _is_proven(joined):
            found.append(one)
            proof = joined
    return (found, proof) if found else (kept[:1], _proof(source, kept[:1]))


def _suggestion(group: Sequence[Accepted], context: FileContext) -> Suggestion | Skipped:
    kept, proof = _provable(context.source, _compatible(group))
    lead = kept[0]
    site = lead.evidence.proposal.site
    edit = _line_edit(context.source, _edits(kept))
    lines = LineRange(edit.start + 1, edit.end)
    if proof is None or not _is_proven(proof):
        unparsed = f"or the file does not parse as {context.source.grammar.name}"
        why = "could not be proven to mean the same" if proof else unparsed
        return Skipped(context.path, f"{site.convention}: the rewrite {why}", lines.first)
    if _undoes(context, edit):
        return Skipped(context.path, f"{site.convention}: would undo this edit", lines.first)
    return Suggestion(
        id="",
        path=context.path,
        lines=lines,
        original=_stripped(_original(context.source, lines)),
        replacement=_stripped(edit.new),
        kind=site.convention,
        kinds=tuple(dict.fromkeys(one.evidence.proposal.site.convention for one in kept)),
        variant=lead.evidence.proposal.variant,
        phrase=phrase(site.convention, lead.evidence.proposal.variant),
        score=round(context.calibration.logit(lead.evidence.judged_as, lead.evidence.features), 3),
        confidence=round(lead.confidence, 4),
        verification=proof.verification,
        assumption=proof.assumption,
        precedents=context.precedents.like(site, lead.evidence.proposal.variant),
        support=_support(lead.evidence, context.counts),
    )


def named(suggestions: Iterable[Suggestion], lines: Sequence[str]) -> tuple[Suggestion, ...]:
    """The suggestions for one file, whose `lines` are given, with ids of their own; of equal slips each keeps its id
    when another one is taken."""
    found: dict[str, Suggestion] = {}
    for one in suggestions:
        nth = _places_before(one, lines)
        while (identity := _identity(one, nth)) in found:
            nth += 1
        found[identity] = replace(one, id=identity)
    return tuple(found.values())


def verified(suggestion: Suggestion, context: FileContext) -> Suggestion | None:
    """The suggestion with what is proven of it, taken alone; None where that is too little, or it undoes an edit."""
    source, (first, last) = context.source, suggestion.lines
    new = [f"{line}\n" for line in suggestion.replacement]
    if new and not _original(source, suggestion.lines)[-1].endswith("\n"):
        new[-1] = new[-1].removesuffix("\n")
    edit = LineEdit(first - 1, last, tuple(new))
    proof = language_in(source).verify(source.text, apply_line_edits(lines_of(source.text), [edit]))
    if _undoes(context, edit) or proof is None or not _is_proven(proof):
        return None
    return replace(suggestion, verification=proof.verification, assumption=proof.assumption)


def decide(found: Iterable[Evidence], context: FileContext) -> Outcome:
    """The suggestions for one staged file, in the order of its lines, and what was not accepted and why."""
    outcomes = [
        _suggestion(group, context)
        for group in runs(_accepted(found, context), lambda one: one.evidence.proposal.lines)
    ]
    return (
        named((o for o in outcomes if isinstance(o, Suggestion)), context.source.text.decode().split("\n")),
        tuple(o for o in outcomes if isinstance(o, Skipped)),
    )

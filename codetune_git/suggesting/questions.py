"""Asks the model about proposals: one question a piece of a staged hunk, one candidate a proposal.

Knows how staged text is cut for a model. Does not know prompts or tokens, nor what is made of the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codetune_git.domain import Edit, LanguageModel, LineRange, Question
from codetune_git.suggesting.evidence import Evidence
from codetune_git.text.hunks import ContextSize, context_of, cut
from codetune_git.text.source import Source, apply_edits

PIECE_LINES = 16
CONTEXT = ContextSize(before=1800, after=500)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the evidence (by its place in a sequence) that each of its candidates belongs to."""

    question: Question
    places: tuple[int, ...]


def _shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    return [Edit(edit.start - by, edit.end - by, edit.replacement) for edit in edits]


def _question(path: str, source: Source, piece: LineRange, asked: Sequence[Evidence]) -> Question:
    start, end = source.span_of(piece)
    staged = source.text[start:end]
    before, after = context_of(source, piece, CONTEXT)
    candidates = tuple(apply_edits(staged, _shifted(e.proposal.edits, start)).decode() for e in asked)
    return Question(path, before.decode(), staged.decode(), after.decode(), candidates)


def questions(path: str, source: Source, hunk: LineRange, found: Sequence[Evidence]) -> tuple[Asked, ...]:
    """What to ask about a staged hunk; a proposal that no piece of it holds whole is not asked about."""
    asked = []
    for piece in cut(source, hunk, PIECE_LINES):
        places = tuple(i for i, e in enumerate(found) if piece.contains(e.proposal.lines))
        if places:
            asked.append(Asked(_question(path, source, piece, [found[i] for i in places]), places))
    return tuple(asked)


def answered(
    found: Sequence[Evidence], asked: Sequence[Asked], answers: Sequence[tuple[float, ...]]
) -> tuple[Evidence, ...]:
    """The evidence with the answers filled in; what was not asked about keeps a gap of zero."""
    result = list(found)
    for one, gaps in zip(asked, answers, strict=True):
        for place, gap in zip(one.places, gaps, strict=True):
            result[place] = found[place].with_gap(gap)
    return tuple(result)


def with_gaps(
    path: str, source: Source, hunk: LineRange, found: Sequence[Evidence], model: LanguageModel
) -> tuple[Evidence, ...]:
    """The evidence for a staged hunk with the model's part filled in."""
    asked = questions(path, source, hunk, found)
    return answered(found, asked, model.gaps([one.question for one in asked]))

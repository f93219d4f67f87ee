"""Asks the model about proposals: one question a piece of a staged hunk, one candidate a proposal.

Knows how staged text is cut for a model. Does not know prompts or tokens, nor what is made of the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codetune_git.domain import Edit, LanguageModel, LineRange, Question
from codetune_git.suggesting.evidence import Evidence
from codetune_git.text.hunks import ContextSize, context_of, cut
from codetune_git.text.source import Source, apply_edits

PIECE_LINES = 16
CONTEXT = ContextSize(before=1800, after=500)


def _shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    return [Edit(edit.start - by, edit.end - by, edit.replacement) for edit in edits]


def _question(path: str, source: Source, piece: LineRange, asked: Sequence[Evidence]) -> Question:
    start, end = source.span_of(piece)
    staged = source.text[start:end]
    before, after = context_of(source, piece, CONTEXT)
    candidates = tuple(apply_edits(staged, _shifted(e.proposal.edits, start)).decode() for e in asked)
    return Question(path, before.decode(), staged.decode(), after.decode(), candidates)


def with_gaps(
    path: str, source: Source, hunk: LineRange, found: Sequence[Evidence], model: LanguageModel
) -> tuple[Evidence, ...]:
    """The evidence with the model's part filled in; a proposal that no piece holds whole keeps a gap of zero."""
    asked: list[tuple[LineRange, list[int]]] = []
    for piece in cut(source, hunk, PIECE_LINES):
        held = [i for i, e in enumerate(found) if piece.contains(e.proposal.lines)]
        if held:
            asked.append((piece, held))
    answers = model.gaps([_question(path, source, piece, [found[i] for i in held]) for piece, held in asked])
    result = list(found)
    for (_, held), gaps in zip(asked, answers, strict=True):
        for i, gap in zip(held, gaps, strict=True):
            result[i] = found[i].with_gap(gap)
    return tuple(result)

"""Asks the model about proposals: one question a piece of a staged hunk, one candidate a proposal.

Knows how staged text is cut for a model. Does not know prompts or tokens, nor what is made of the answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import Edit, LineRange, Question
from codetune_git.suggesting.evidence import Evidence
from codetune_git.text.grammar import Grammar
from codetune_git.text.hunks import ContextSize, context_of, cut, part_around
from codetune_git.text.source import Source, apply_edits

PIECE_LINES = 16
CONTEXT = ContextSize(before=1800, after=500)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the evidence (by its place in a sequence) that each of its candidates belongs to.

    `start`: where the staged text of the question begins in its file. `part`: the statements around it, which parse by
    themselves in `grammar`; it begins there at `offset`. Both in bytes.
    """

    question: Question
    places: tuple[int, ...]
    start: int
    part: bytes
    offset: int
    grammar: Grammar

    def kinds(self, found: Sequence[Evidence]) -> frozenset[str]:
        """The kinds of what it asks about; `found` is the sequence that `places` count in."""
        return frozenset(found[place].kind for place in self.places)


def _shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    return [Edit(edit.start - by, edit.end - by, edit.replacement) for edit in edits]


def _asked(path: str, source: Source, piece: LineRange, found: Mapping[int, Evidence]) -> Asked:
    start, end = source.span_of(piece)
    staged = source.text[start:end]
    before, after = context_of(source, piece, CONTEXT)
    candidates = tuple(apply_edits(staged, _shifted(e.proposal.edits, start)).decode() for e in found.values())
    question = Question(path, before.decode(), staged.decode(), after.decode(), candidates)
    around = part_around(source, piece)
    part = around.header + source.text[around.start : around.end]
    return Asked(question, tuple(found), start, part, len(around.header) + start - around.start, source.grammar)


def questions(path: str, source: Source, hunk: LineRange, found: Sequence[Evidence]) -> tuple[Asked, ...]:
    """What to ask about a staged hunk; a proposal that no piece of it holds whole is not asked about."""
    asked = []
    for piece in cut(source, hunk, PIECE_LINES):
        inside = {place: e for place, e in enumerate(found) if piece.contains(e.proposal.lines)}
        if inside:
            asked.append(_asked(path, source, piece, inside))
    return tuple(asked)


def answered(
    found: Sequence[Evidence], asked: Sequence[Asked], answers: Sequence[tuple[float, ...]]
) -> tuple[Evidence, ...]:
    """The evidence with the answers filled in; what was not asked about keeps log-odds of zero."""
    result = list(found)
    for one, answer in zip(asked, answers, strict=True):
        for place, log_odds in zip(one.places, answer, strict=True):
            result[place] = found[place].with_log_odds(log_odds)
    return tuple(result)

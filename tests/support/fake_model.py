"""A language model for tests that needs no weights: what it likes is a table.

Knows how `LanguageModel` is to be answered. Does not know prompts, tokens or what a real model would say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codetune_git.domain import Question


@dataclass
class TableModel:
    """Gives each occurrence of a text in `likes` so many nats; `asked` are the questions that it was asked.

    Of its own accord it writes the text that `writes` maps a part of the staged one to, with a gap of `certainty`.
    """

    likes: Mapping[str, float] = field(default_factory=dict)
    writes: Mapping[str, str] = field(default_factory=dict)
    certainty: float = 8.0
    asked: list[Question] = field(default_factory=list)

    def _score(self, text: str) -> float:
        return sum(nats * text.count(part) for part, nats in self.likes.items())

    def _gaps(self, question: Question) -> tuple[float, ...]:
        return tuple(self._score(candidate) - self._score(question.staged) for candidate in question.candidates)

    def log_odds(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        self.asked += questions
        return [self._gaps(question) for question in questions]

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        text = question.staged
        for part, better in self.writes.items():
            text = text.replace(part, better)
        return (question.staged, 0.0) if text == question.staged or self.certainty <= least else (text, self.certainty)

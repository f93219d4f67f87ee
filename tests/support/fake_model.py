"""A language model for tests that needs no weights: what it likes is a table.

Knows how `LanguageModel` is to be answered. Does not know prompts, tokens or what a real model would say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from codetune_git.domain import Question


@dataclass
class TableModel:
    """Gives each occurrence of a text in `likes` so many nats; `asked` are the questions that it was asked."""

    likes: Mapping[str, float] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def _score(self, text: str) -> float:
        return sum(nats * text.count(part) for part, nats in self.likes.items())

    def _gaps(self, question: Question) -> tuple[float, ...]:
        return tuple(self._score(candidate) - self._score(question.staged) for candidate in question.candidates)

    def gaps(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        self.asked += questions
        return [self._gaps(question) for question in questions]

    def write(self, question: Question) -> tuple[str, float]:
        self.asked.append(question)
        answers = zip(question.candidates, self._gaps(question), strict=True)
        text, gap = max(answers, key=lambda answer: answer[1], default=(question.staged, 0.0))
        return (text, gap) if gap > 0 else (question.staged, 0.0)

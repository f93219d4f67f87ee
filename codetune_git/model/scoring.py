"""What a model thinks of staged text, from the logits of one pass: gaps of candidates, and the rewrite it would make.

Knows prompts, token positions and nats; does not know which engine computes the logits or from where they are loaded.

All candidates share their tokens with the staged text up to the first difference, and the staged text is in the prompt
and given as the answer. So one pass over the text as it stands yields the exact log-probability of every candidate's
first differing token. A gap is a difference of two logits of one position: their normaliser cancels out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from codetune_git.domain import Question
from codetune_git.model.families import Budget, Family

Logits = NDArray[np.float32]

# Logits of one batch are held at once: 256 MiB at most, whatever the vocabulary.
_BATCH_BYTES = 256 << 20
_LINE_TOKENS = 48


class Engine(Protocol):
    """What computes. `vocabulary` is how many logits each position has."""

    vocabulary: int

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        """For each sequence the logits that predict its tokens from index `known` on: one row a token."""
        ...

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        """The likeliest tokens after `prompt`, up to and with the first of `stops`, `limit` at most."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """What decides about a pass: a question without its candidates."""

    path: str
    before: str
    staged: str
    after: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the model disagrees most with the staged text: the target's token `index`, which it would make `token`."""

    index: int
    token: int
    gap: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as tokens: the prompt, and the staged text as the answer."""

    prompt: tuple[int, ...]
    staged: tuple[int, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return self.prompt + self.staged


def _text(question: Question) -> Text:
    return Text(question.path, question.before, question.staged, question.after)


def _first_difference(left: Sequence[int], right: Sequence[int]) -> int | None:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return None


def _doubt(logits: Logits, staged: Sequence[int]) -> Doubt:
    gaps = logits.max(axis=1) - logits[np.arange(len(staged)), list(staged)]
    index = int(gaps.argmax())
    return Doubt(index, int(logits[index].argmax()), float(gaps[index]))


def _batches(asked: Sequence[_Asked], vocabulary: int) -> list[list[int]]:
    """Indices of questions of similar length, as many as memory allows in a batch."""
    batches: list[list[int]] = []
    ascending = sorted(range(len(asked)), key=lambda index: len(asked[index].ids))
    for index in ascending:
        cost = len(asked[index].ids) * vocabulary * 4
        if batches and cost * (len(batches[-1]) + 1) <= _BATCH_BYTES:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


class ScoringModel:
    """A `domain.LanguageModel` on any engine. A hunk too long for the model's context has gaps of 0.0."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer, family: Family, budget: Budget) -> None:
        self._engine, self._tokenizer, self._family, self._budget = engine, tokenizer, family, budget
        self._doubts: dict[Text, Doubt] = {}
        self._ends = frozenset(family.marker(tokenizer, "end")) if family.special else frozenset()
        self._breaks = frozenset(
            token for name, token in tokenizer.get_vocab().items() if name.startswith(("Ċ", "\n", "<0x0A>"))
        )

    def _ask(self, text: Text) -> _Asked | None:
        prompt = self._family.encode_prompt(
            self._tokenizer, text.path, text.before, text.staged, after=text.after, budget=self._budget
        )
        if prompt is None or not text.staged:
            return None
        return _Asked(prompt, self._family.encode_target(self._tokenizer, text.staged))

    def _passes(self, texts: Sequence[Text]) -> Iterator[tuple[int, _Asked, Logits]]:
        """One pass over each text that fits, batched, with the text's index; remembers where the model doubts it."""
        fitting = [(index, asked) for index, text in enumerate(texts) if (asked := self._ask(text)) is not None]
        for batch in _batches([asked for _, asked in fitting], self._engine.vocabulary):
            chosen = [fitting[position] for position in batch]
            found = self._engine.logits([asked.ids for _, asked in chosen], [len(asked.prompt) for _, asked in chosen])
            for (index, asked), logits in zip(chosen, found, strict=True):
                self._doubts[texts[index]] = _doubt(logits, asked.staged)
                yield index, asked, logits

    def gaps(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        """For each question and candidate: log p(candidate) - log p(staged) in nats, at the first token that differs.

        0.0 for a candidate equal to the staged text, and for all of a hunk that does not fit into the context.
        """
        texts = [_text(question) for question in questions]
        gaps = [(0.0,) * len(question.candidates) for question in questions]
        for index, asked, logits in self._passes(texts):
            gaps[index] = tuple(self._gap(asked, logits, candidate) for candidate in questions[index].candidates)
        return gaps

    def _gap(self, asked: _Asked, logits: Logits, candidate: str) -> float:
        ids = self._family.encode_target(self._tokenizer, candidate)
        index = _first_difference(asked.staged, ids)
        return 0.0 if index is None else float(logits[index, ids[index]] - logits[index, asked.staged[index]])

    def _doubt_of(self, text: Text) -> Doubt | None:
        if text not in self._doubts:
            deque(self._passes([text]), maxlen=0)
        return self._doubts.get(text)

    def _rewritten(self, asked: _Asked, doubt: Doubt) -> list[int] | None:
        """The answer with the rest of the doubted line as the model writes it; None where it does not come back.

        It comes back where its line ends as the staged line does: with the same token of line break and indentation.
        """
        stops = self._breaks | self._ends
        starts_line = doubt.token in stops and asked.staged[doubt.index] in stops
        rest = range(doubt.index + starts_line, len(asked.staged))
        back = next((index for index in rest if asked.staged[index] in stops), None)
        if back is None:
            return None
        kept = asked.staged[: doubt.index]
        written = [doubt.token]
        if doubt.token not in stops or starts_line:
            written += self._engine.continued((*asked.prompt, *kept, doubt.token), stops, _LINE_TOKENS)
        if written[-1] != asked.staged[back]:
            return None
        return [*kept, *written, *asked.staged[back + 1 :]]

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        """The hunk with the one line rest that the model doubts most as it would write it, and its gap in nats.

        The staged text and 0.0 where the gap is `least` at most, or where what it writes does not lead back to the
        staged text.
        """
        text = _text(question)
        doubt, asked = self._doubt_of(text), self._ask(text)
        if doubt is None or asked is None or doubt.gap <= least or doubt.token in self._ends:
            return question.staged, 0.0
        ids = self._rewritten(asked, doubt)
        return (question.staged, 0.0) if ids is None else (self._family.decode_target(self._tokenizer, ids), doubt.gap)

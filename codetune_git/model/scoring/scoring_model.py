"""The log-odds that a model gives to candidates against the staged text, and the rewrite that it would make.

Knows prompts, token positions and nats; does not know which engine computes, from where it is loaded or where it runs.

All candidates share their tokens with the staged text up to the first difference, and the staged text is in the prompt
and given as the answer. So one pass over the text as it stands yields the exact log-probability of every candidate's
first differing token. Log-odds are a difference of two logits of one position: their normaliser cancels out. An engine
that gives no logits is a scorer of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codetune_git.domain import Question
from codetune_git.model.prompts.family import Family, TokenBudget
from codetune_git.model.tokenizers.tokenizer import Tokenizer, line_breaks

Logits = NDArray[np.float32]

# Logits of one batch are held at once: 256 MiB at most, whatever the vocabulary.
_BATCH_BYTES = 256 << 20
_LINE_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Text:
    """A question without its candidates: two questions with the same text need one pass."""

    path: str
    before: str
    staged: str
    after: str


@dataclass(frozen=True, slots=True)
class WorstToken:
    """The staged token that the model finds least likely, at `index` of the target.

    `token` is the likeliest token there, `log_odds` that token against the staged one in nats.
    """

    index: int
    token: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class DivergencePoint:
    """The first token that differs between a candidate and the staged text: `token` at `index` of the target."""

    index: int
    token: int


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question as token ids: the prompt, the staged text as the answer, and the points of divergence, each once."""

    prompt: tuple[int, ...]
    staged: tuple[int, ...]
    points: tuple[DivergencePoint, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        return self.prompt + self.staged


@dataclass(frozen=True, slots=True)
class TextScores:
    """Scores of one text from one pass: its worst token, and the log-odds in nats at each point of divergence."""

    worst: WorstToken
    log_odds: Mapping[DivergencePoint, float] = field(default_factory=dict)


class TextScorer(Protocol):
    """Scores texts, and continues prompts."""

    def score(self, encoded: Sequence[EncodedQuestion]) -> Iterable[tuple[int, TextScores]]:
        """The scores of each, with its index, in any order."""
        ...

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        """The likeliest tokens after `prompt`, up to and with the first of `stops`, `limit` at most."""
        ...


def _text(question: Question) -> Text:
    return Text(question.path, question.before, question.staged, question.after)


def _first_difference(left: Sequence[int], right: Sequence[int]) -> int | None:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return None


class ScoringModel:
    """A `domain.LanguageModel` on any scorer. A hunk too long for the model's context has log-odds of 0.0."""

    def __init__(self, scorer: TextScorer, tokenizer: Tokenizer, family: Family, budget: TokenBudget) -> None:
        self._scorer, self._tokenizer, self._family, self._budget = scorer, tokenizer, family, budget
        self._worst: dict[Text, WorstToken] = {}
        self._ends = family.ends(tokenizer)
        self._openings, self._breaks = line_breaks(tokenizer)

    def _ask(self, text: Text) -> EncodedQuestion | None:
        prompt = self._family.encode_prompt(
            self._tokenizer, text.path, text.before, text.staged, after=text.after, budget=self._budget
        )
        if prompt is None or not text.staged:
            return None
        return EncodedQuestion(prompt, self._family.encode_target(self._tokenizer, text.staged))

    def _divergence(self, encoded: EncodedQuestion, candidate: str) -> DivergencePoint | None:
        ids = self._family.encode_target(self._tokenizer, candidate)
        index = _first_difference(encoded.staged, ids)
        return None if index is None else DivergencePoint(index, ids[index])

    def _score(self, texts: Sequence[tuple[Text, EncodedQuestion]]) -> Iterator[tuple[int, TextScores]]:
        """The scores of each text, with its index; remembers its worst token."""
        for index, scores in self._scorer.score([encoded for _, encoded in texts]):
            self._worst[texts[index][0]] = scores.worst
            yield index, scores

    def log_odds(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        """For each question and candidate: log p(candidate) - log p(staged) in nats, at the first token that differs.

        0.0 for a candidate equal to the staged text, and for all of a hunk that does not fit into the context.
        """
        log_odds = [(0.0,) * len(question.candidates) for question in questions]
        places, texts, points = [], [], []
        for place, question in enumerate(questions):
            text = _text(question)
            if (encoded := self._ask(text)) is not None:
                places.append(place)
                points.append([self._divergence(encoded, candidate) for candidate in question.candidates])
                distinct = tuple(dict.fromkeys(point for point in points[-1] if point))
                texts.append((text, replace(encoded, points=distinct)))
        for index, scores in self._score(texts):
            log_odds[places[index]] = tuple(0.0 if point is None else scores.log_odds[point] for point in points[index])
        return log_odds

    def _worst_of(self, text: Text, encoded: EncodedQuestion) -> WorstToken:
        if text not in self._worst:
            deque(self._score([(text, encoded)]), maxlen=0)
        return self._worst[text]

    def _rewritten(self, encoded: EncodedQuestion, worst: WorstToken) -> list[int] | None:
        """The answer, its line from the worst token on written by the model; None where that does not come back.

        It comes back where its line ends as the staged line does: with the same token of line break and indentation.
        """
        stops, opening = self._breaks | self._ends, self._openings | self._ends
        starts_line = worst.token in opening and encoded.staged[worst.index] in opening
        rest = range(worst.index + starts_line, len(encoded.staged))
        back = next((index for index in rest if encoded.staged[index] in stops), None)
        if back is None:
            return None
        kept = encoded.staged[: worst.index]
        written = [worst.token]
        if worst.token not in stops or starts_line:
            prompt = (*encoded.prompt, *kept, worst.token)
            room = self._budget.total - len(prompt)  # a position beyond the context has no encoding
            if room <= 0:
                return None
            written += self._scorer.continued(prompt, stops, min(_LINE_TOKENS, room))
        if written[-1] != encoded.staged[back]:
            return None
        return [*kept, *written, *encoded.staged[back + 1 :]]

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        """The hunk with the line of its worst token written by the model from there, and the log-odds of that in nats.

        The staged text and 0.0 where the log-odds are `least` at most, or where what it writes does not lead back to
        the staged text.
        """
        text = _text(question)
        if (encoded := self._ask(text)) is None:
            return question.staged, 0.0
        worst = self._worst_of(text, encoded)
        if worst.log_odds <= least or worst.token in self._ends:
            return question.staged, 0.0
        if self._family.decode_target(self._tokenizer, encoded.staged) != question.staged:
            return question.staged, 0.0  # the vocabulary cannot say this text: what it says of it is another one
        ids = self._rewritten(encoded, worst)
        if ids is None:
            return question.staged, 0.0
        return self._family.decode_target(self._tokenizer, ids), worst.log_odds


class Engine(Protocol):
    """A runtime that computes logits. `vocabulary` is their number at each position."""

    vocabulary: int

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        """For each sequence of T tokens the logits of its tokens from index `known` on: (T - known, vocabulary)."""
        ...

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        """The likeliest tokens after `prompt`, up to and with the first of `stops`, `limit` at most."""
        ...


def _scores(logits: Logits, encoded: EncodedQuestion) -> TextScores:
    own = logits[np.arange(len(encoded.staged)), list(encoded.staged)]
    log_odds = logits.max(axis=1) - own
    index = int(log_odds.argmax())
    worst = WorstToken(index, int(logits[index].argmax()), float(log_odds[index]))
    at_points = {point: float(logits[point.index, point.token] - own[point.index]) for point in encoded.points}
    return TextScores(worst, at_points)


def _batches(encoded: Sequence[EncodedQuestion], vocabulary: int) -> list[list[int]]:
    """Indices of questions of similar length, as many as memory allows in a batch."""
    batches: list[list[int]] = []
    ascending = sorted(range(len(encoded)), key=lambda index: len(encoded[index].ids))
    for index in ascending:
        cost = len(encoded[index].ids) * vocabulary * 4
        if batches and cost * (len(batches[-1]) + 1) <= _BATCH_BYTES:
            batches[-1].append(index)
        else:
            batches.append([index])
    return batches


class _LogitsScorer:
    """`known`: how many of the logits stand for tokens; bases have more rows than tokens."""

    def __init__(self, engine: Engine, known: int) -> None:
        self._engine, self._known = engine, known
        self.continued = engine.continued

    def score(self, encoded: Sequence[EncodedQuestion]) -> Iterator[tuple[int, TextScores]]:
        """One pass over each text, batched."""
        for batch in _batches(encoded, self._engine.vocabulary):
            chosen = [encoded[index] for index in batch]
            logits_of_each = self._engine.logits([one.ids for one in chosen], [len(one.prompt) for one in chosen])
            for index, one, logits in zip(batch, chosen, logits_of_each, strict=True):
                yield index, _scores(logits[:, : self._known], one)


class EngineModel(ScoringModel):
    """A `domain.LanguageModel` on an engine that gives logits."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer, family: Family, budget: TokenBudget) -> None:
        known = 1 + max(tokenizer.names.values())
        super().__init__(_LogitsScorer(engine, known), tokenizer, family, budget)

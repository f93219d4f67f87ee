"""What a model thinks of staged text: gaps of candidates, and the rewrite it would make.

Knows prompts, token positions and nats; does not know which engine computes, from where it is loaded or where it runs.

All candidates share their tokens with the staged text up to the first difference, and the staged text is in the prompt
and given as the answer. So one pass over the text as it stands yields the exact log-probability of every candidate's
first differing token. A gap is a difference of two logits of one position: their normaliser cancels out. An engine
whose logits are not to be had is a reader of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from codetune_git.domain import Question
from codetune_git.model.prompts.families import Budget, Family
from codetune_git.model.tokenizers.tokenizer import Tokenizer, line_breaks

Logits = NDArray[np.float32]

# Logits of one batch are held at once: 256 MiB at most, whatever the vocabulary.
_BATCH_BYTES = 256 << 20
_LINE_TOKENS = 48


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
class Fork:
    """Where a candidate leaves the staged text: the target's token `index`, which is `token` in the candidate."""

    index: int
    token: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as tokens: the prompt, the staged text as the answer, and where candidates leave it, each once."""

    prompt: tuple[int, ...]
    staged: tuple[int, ...]
    forks: tuple[Fork, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        return self.prompt + self.staged


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model thinks of one text as it stands: its doubt, and the gap of each fork in nats."""

    doubt: Doubt
    gaps: Mapping[Fork, float] = field(default_factory=dict)


class Reader(Protocol):
    """What reads texts and goes on writing."""

    def read(self, asked: Sequence[Asked]) -> Iterable[tuple[int, Reading]]:
        """What it thinks of each, with its index, in any order."""
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


class ReadingModel:
    """A `domain.LanguageModel` on any reader. A hunk too long for the model's context has gaps of 0.0."""

    def __init__(self, reader: Reader, tokenizer: Tokenizer, family: Family, budget: Budget) -> None:
        self._reader, self._tokenizer, self._family, self._budget = reader, tokenizer, family, budget
        self._doubts: dict[Text, Doubt] = {}
        self._ends = family.ends(tokenizer)
        self._openings, self._breaks = line_breaks(tokenizer)

    def _ask(self, text: Text) -> Asked | None:
        prompt = self._family.encode_prompt(
            self._tokenizer, text.path, text.before, text.staged, after=text.after, budget=self._budget
        )
        if prompt is None or not text.staged:
            return None
        return Asked(prompt, self._family.encode_target(self._tokenizer, text.staged))

    def _fork(self, asked: Asked, candidate: str) -> Fork | None:
        ids = self._family.encode_target(self._tokenizer, candidate)
        index = _first_difference(asked.staged, ids)
        return None if index is None else Fork(index, ids[index])

    def _read(self, texts: Sequence[tuple[Text, Asked]]) -> Iterator[tuple[int, Reading]]:
        """What the model thinks of each text, with its index; remembers where it doubts it."""
        for index, reading in self._reader.read([asked for _, asked in texts]):
            self._doubts[texts[index][0]] = reading.doubt
            yield index, reading

    def gaps(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        """For each question and candidate: log p(candidate) - log p(staged) in nats, at the first token that differs.

        0.0 for a candidate equal to the staged text, and for all of a hunk that does not fit into the context.
        """
        gaps = [(0.0,) * len(question.candidates) for question in questions]
        places, texts, forks = [], [], []
        for place, question in enumerate(questions):
            text = _text(question)
            if (asked := self._ask(text)) is not None:
                places.append(place)
                forks.append([self._fork(asked, candidate) for candidate in question.candidates])
                texts.append((text, replace(asked, forks=tuple(dict.fromkeys(fork for fork in forks[-1] if fork)))))
        for index, reading in self._read(texts):
            gaps[places[index]] = tuple(0.0 if fork is None else reading.gaps[fork] for fork in forks[index])
        return gaps

    def _doubt_of(self, text: Text, asked: Asked) -> Doubt:
        if text not in self._doubts:
            deque(self._read([(text, asked)]), maxlen=0)
        return self._doubts[text]

    def _rewritten(self, asked: Asked, doubt: Doubt) -> list[int] | None:
        """The answer with the rest of the doubted line as the model writes it; None where it does not come back.

        It comes back where its line ends as the staged line does: with the same token of line break and indentation.
        """
        stops, opening = self._breaks | self._ends, self._openings | self._ends
        starts_line = doubt.token in opening and asked.staged[doubt.index] in opening
        rest = range(doubt.index + starts_line, len(asked.staged))
        back = next((index for index in rest if asked.staged[index] in stops), None)
        if back is None:
            return None
        kept = asked.staged[: doubt.index]
        written = [doubt.token]
        if doubt.token not in stops or starts_line:
            written += self._reader.continued((*asked.prompt, *kept, doubt.token), stops, _LINE_TOKENS)
        if written[-1] != asked.staged[back]:
            return None
        return [*kept, *written, *asked.staged[back + 1 :]]

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        """The hunk with the one line rest that the model doubts most as it would write it, and its gap in nats.

        The staged text and 0.0 where the gap is `least` at most, or where what it writes does not lead back to the
        staged text.
        """
        text = _text(question)
        if (asked := self._ask(text)) is None:
            return question.staged, 0.0
        doubt = self._doubt_of(text, asked)
        if doubt.gap <= least or doubt.token in self._ends:
            return question.staged, 0.0
        if self._family.decode_target(self._tokenizer, asked.staged) != question.staged:
            return question.staged, 0.0  # the vocabulary cannot say this text: what it says of it is another one
        ids = self._rewritten(asked, doubt)
        return (question.staged, 0.0) if ids is None else (self._family.decode_target(self._tokenizer, ids), doubt.gap)


class Engine(Protocol):
    """What computes. `vocabulary` is how many logits each position has."""

    vocabulary: int

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        """For each sequence the logits that predict its tokens from index `known` on: one row a token."""
        ...

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        """The likeliest tokens after `prompt`, up to and with the first of `stops`, `limit` at most."""
        ...


def _reading(logits: Logits, asked: Asked) -> Reading:
    own = logits[np.arange(len(asked.staged)), list(asked.staged)]
    gaps = logits.max(axis=1) - own
    index = int(gaps.argmax())
    doubt = Doubt(index, int(logits[index].argmax()), float(gaps[index]))
    return Reading(doubt, {fork: float(logits[fork.index, fork.token] - own[fork.index]) for fork in asked.forks})


def _batches(asked: Sequence[Asked], vocabulary: int) -> list[list[int]]:
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


class _LogitsReader:
    """`known`: how many of the logits stand for tokens; bases have rows to spare."""

    def __init__(self, engine: Engine, known: int) -> None:
        self._engine, self._known = engine, known
        self.continued = engine.continued

    def read(self, asked: Sequence[Asked]) -> Iterator[tuple[int, Reading]]:
        """One pass over each text, batched."""
        for batch in _batches(asked, self._engine.vocabulary):
            chosen = [asked[index] for index in batch]
            found = self._engine.logits([one.ids for one in chosen], [len(one.prompt) for one in chosen])
            for index, one, logits in zip(batch, chosen, found, strict=True):
                yield index, _reading(logits[:, : self._known], one)


class ScoringModel(ReadingModel):
    """A `domain.LanguageModel` on an engine whose logits are at hand."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer, family: Family, budget: Budget) -> None:
        known = 1 + max(tokenizer.names.values())
        super().__init__(_LogitsReader(engine, known), tokenizer, family, budget)

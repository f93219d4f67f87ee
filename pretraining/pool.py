"""Mixes the sequences of many shards into the steps of a training. Knows shards and shares; does not know the network.

A stage's sequences are read shard by shard into a buffer and leave it in a random order. The least read shards come
first, so new ones before old ones: a training never waits for more than a stage's first shard.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pretraining.shards import Sequence, read

_BUFFERED = 20_000  # sequences: of so many a step is mixed
_WAITED = 1.0


@dataclass(slots=True)
class Stage:
    """The shards of one stage: what is buffered, and how often each was read."""

    name: str
    folder: Path
    buffer: list[Sequence] = field(default_factory=list)
    reads: dict[str, int] = field(default_factory=dict)
    low: int = 0

    def _available(self) -> list[Path]:
        """The shards that are there, the least read ones first; waits for the first one."""
        while not (found := list(self.folder.glob(f"{self.name}-?????.npz"))):
            time.sleep(_WAITED)
        return sorted(found, key=lambda path: (self.reads.get(path.name, 0), path.name))

    def _refill(self) -> None:
        for path in self._available():
            if len(self.buffer) >= _BUFFERED:
                break
            self.buffer += read(path)
            self.reads[path.name] = self.reads.get(path.name, 0) + 1
        self.low = len(self.buffer) // 2

    def take(self, rng: random.Random) -> Sequence:
        """One drawn sequence."""
        if len(self.buffer) <= self.low:
            self._refill()
        at = rng.randrange(len(self.buffer))
        self.buffer[at], self.buffer[-1] = self.buffer[-1], self.buffer[at]
        return self.buffer.pop()


@dataclass(slots=True)
class Pool:
    """The stages, drawn from by share."""

    stages: tuple[Stage, ...]
    rng: random.Random

    def sequences(self, tokens: int, shares: Mapping[str, float]) -> list[Sequence]:
        """At least `tokens` tokens; `shares` says by name how many of them come from each stage."""
        found: list[Sequence] = []
        for stage in self.stages:
            wanted = shares[stage.name] * tokens
            while wanted > 0:
                found.append(stage.take(self.rng))
                wanted -= len(found[-1][0])
        return found


@dataclass(frozen=True, slots=True)
class Rows:
    """Sequences end to end: arrays of shape (rows, length). `documents` numbers what a position belongs to."""

    ids: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    documents: np.ndarray

    @property
    def tokens(self) -> int:
        return int((self.ids > 0).sum())


def packed(sequences: Many[Sequence], rows: int, length: int) -> Rows:
    """Longest first, each into the fullest row with room for it; what fits nowhere is left out.

    `labels` are the ids one place on; the last token of a sequence predicts nothing. What is left of a row is a
    document of its own with no weight.
    """
    shape = (rows, length)
    ids, labels = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    weights, documents = np.zeros(shape, np.float32), np.zeros(shape, np.int32)
    filled = np.zeros(rows, np.int64)
    for number, (tokens, loss) in enumerate(sorted(sequences, key=lambda s: -len(s[0])), 1):
        size = len(tokens)
        fitting = np.where(filled + size <= length, filled, -1)
        row = int(fitting.argmax())
        if fitting[row] < 0:
            continue
        at = int(filled[row])
        ids[row, at : at + size] = tokens
        labels[row, at : at + size - 1] = tokens[1:]
        weights[row, at : at + size - 1] = loss[1:]
        documents[row, at : at + size] = number
        filled[row] += size
    return Rows(ids, labels, weights, documents)

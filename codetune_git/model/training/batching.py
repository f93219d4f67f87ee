"""Encoded samples into batches of similar length: little padding, mixed enough to learn from.

Knows token counts and an order of importance (the first example matters most); does not know torch or what the tokens
mean.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codetune_git.domain import Sample, Skipped
from codetune_git.model.prompts.family import Encoded, Family, TokenBudget
from codetune_git.model.tokenizers.tokenizer import Tokenizer

Batch = tuple[int, ...]

# So many batches' worth of examples are sorted by length together: more pads less and mixes less.
_WINDOW = 16


@dataclass(frozen=True, slots=True)
class Example:
    """A `sample` as tokens, if it is known; `weight` multiplies the loss of each of its tokens."""

    encoded: Encoded
    weight: float = 1.0
    sample: Sample | None = None

    @property
    def length(self) -> int:
        return len(self.encoded.ids)

    @property
    def counted(self) -> int:
        """Tokens whose prediction counts; nothing predicts the first one."""
        return sum(self.encoded.loss[1:])

    @property
    def mass(self) -> float:
        """What it weighs in a mean loss over tokens."""
        return self.counted * self.weight


def encode_samples(
    samples: Sequence[Sample], family: Family, tokenizer: Tokenizer, budget: TokenBudget
) -> tuple[tuple[Example, ...], tuple[Skipped, ...]]:
    """The samples that fit, in order, and those that do not (named by their origin)."""
    examples, skipped = [], []
    for sample in samples:
        encoded = family.encode(tokenizer, sample, budget)
        if encoded is None or not any(encoded.loss):
            skipped.append(Skipped(sample.origin, "longer than the base model's context"))
        else:
            examples.append(Example(encoded, sample.weight, sample))
    return tuple(examples), tuple(skipped)


def split(lengths: Sequence[int], order: Sequence[int], tokens: int) -> Iterator[Batch]:
    """Cuts `order` into batches of at most `tokens` padded tokens, one example at least."""
    batch: list[int] = []
    longest = 0
    for index in order:
        longest = max(longest, lengths[index])
        if batch and longest * (len(batch) + 1) > tokens:
            yield tuple(batch)
            batch, longest = [], lengths[index]
        batch.append(index)
    if batch:
        yield tuple(batch)


def shuffled_batches(lengths: Sequence[int], rng: random.Random, *, samples: int) -> list[Batch]:
    """One pass over all examples in random order, `samples` a batch, each with others of similar length."""
    order = rng.sample(range(len(lengths)), len(lengths))
    batches: list[Batch] = []
    for start in range(0, len(order), samples * _WINDOW):
        window = sorted(order[start : start + samples * _WINDOW], key=lambda index: lengths[index])
        batches += (tuple(window[i : i + samples]) for i in range(0, len(window), samples))
    rng.shuffle(batches)
    return batches


def padded(lengths: Sequence[int], batch: Batch) -> int:
    """Tokens that a batch costs, padding included."""
    return len(batch) * max(lengths[index] for index in batch)

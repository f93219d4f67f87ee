"""Batches: everything once, similar lengths together."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import encode_samples, padded, shuffled_batches, split

LENGTHS = st.lists(st.integers(1, 1024), min_size=1, max_size=200)


@given(LENGTHS, st.integers(1, 4096))
def test_splitting_keeps_all_in_order_and_within_the_limit(lengths: list[int], tokens: int) -> None:
    batches = list(split(lengths, range(len(lengths)), tokens))
    assert [index for batch in batches for index in batch] == list(range(len(lengths)))
    assert all(len(batch) == 1 or padded(lengths, batch) <= tokens for batch in batches)


@given(LENGTHS, st.integers(1, 31), st.integers())
def test_a_pass_reads_everything_once(lengths: list[int], samples: int, seed: int) -> None:
    batches = shuffled_batches(lengths, random.Random(seed), samples=samples)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(len(batch) <= samples for batch in batches)
    assert batches == shuffled_batches(lengths, random.Random(seed), samples=samples)


def test_similar_lengths_come_together() -> None:
    rng = random.Random(0)
    lengths = [rng.randint(50, 1000) for _ in range(800)]
    cost = sum(padded(lengths, batch) for batch in shuffled_batches(lengths, rng, samples=16))
    assert cost < 1.1 * sum(lengths)


def test_what_does_not_fit_is_named(base: BaseModel) -> None:
    fitting = Sample(SampleKind.RESTORATION, "a.py", "", "x = 1\n", "", "x = 2\n", origin="small", weight=2.0)
    huge = Sample(SampleKind.RESTORATION, "a.py", "", "x = 1\n" * 900, "", "x = 2\n" * 900, origin="huge")
    examples, skipped = encode_samples([huge, fitting], base.family, load_tokenizer(base.folder), base.budget)
    assert [example.weight for example in examples] == [2.0]
    assert [(s.path, s.reason) for s in skipped] == [("huge", "longer than the base model's context")]

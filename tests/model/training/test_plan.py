"""Plans: the first samples first, within the tokens that can be afforded."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.model.training.plan import learning_rate_factor, make_plan


def plan_of(lengths: list[int], tokens: float, *, epochs: float = 3.0):  # type: ignore[no-untyped-def]
    return make_plan(lengths, tokens, random.Random(0), samples=8, epochs=epochs)


def read_by(batches: tuple[tuple[int, ...], ...]) -> list[int]:
    return [index for batch in batches for index in batch]


def test_with_little_time_only_the_first_samples_are_read_each_once() -> None:
    plan = plan_of([100] * 1000, 20_000)
    assert sorted(read_by(plan.batches)) == list(range(plan.used))
    assert 170 <= plan.used <= 200


def test_with_much_time_all_are_read_as_often_as_allowed() -> None:
    plan = plan_of([100] * 100, 1e9, epochs=2.0)
    assert 190 <= len(read_by(plan.batches)) <= 220
    assert set(read_by(plan.batches)) == set(range(100))


def test_a_plan_has_at_least_one_step() -> None:
    assert plan_of([900] * 50, 0.0).batches == ((0,),)


@pytest.mark.parametrize(("tokens", "each"), [(3_000, 1), (10_000, 2), (20_000, 5), (100_000, 8)])
def test_little_time_makes_smaller_steps_before_it_makes_fewer_than_four(tokens: int, each: int) -> None:
    batches = plan_of([900] * 200, tokens).batches
    assert max(map(len, batches)) == each
    assert len(batches) >= min(4, tokens // 1000)


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=100), st.integers(0, 100_000))
def test_every_plan_has_batches_of_what_is_used(lengths: list[int], tokens: int) -> None:
    plan = plan_of(lengths, tokens)
    assert plan.batches
    assert all(1 <= len(batch) <= 8 for batch in plan.batches)
    assert set(read_by(plan.batches)) <= set(range(plan.used))


@pytest.mark.parametrize("steps", [1, 2, 10, 500])
def test_the_learning_rate_rises_shortly_and_falls_to_nearly_nothing(steps: int) -> None:
    factors = [learning_rate_factor(step, steps) for step in range(steps)]
    assert all(0 < factor <= 1 for factor in factors)
    peak = factors.index(max(factors))
    assert peak <= 20
    assert factors[peak:] == sorted(factors[peak:], reverse=True)
    if steps >= 10:
        assert factors[-1] < 0.1

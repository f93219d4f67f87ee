"""The forecast of a training's time: what is to be done decides it, and the bounds of the stages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codetune_git.pipelines.budget import Budget
from codetune_git.pipelines.forecast import USUAL_RATE, Forecast, Work, forecast

WORK = Work(uncounted=1_000_000, changed=200_000, weights=5_400_000, evaluations=1)
BUDGET = Budget(300, 0.0)


def of(work: Work = WORK, rate: float = USUAL_RATE) -> Forecast:
    return forecast(work, BUDGET, reading=1, rate=rate, cores=2)


def test_less_to_do_takes_less_time() -> None:
    less = of(replace(WORK, uncounted=0, changed=20_000))
    assert less.counting == 0
    assert less.total < of().total < BUDGET.seconds


def test_more_than_fits_is_cut_to_the_budget() -> None:
    found = of(replace(WORK, changed=10**9, weights=3_000_000_000))
    assert found.drawing == BUDGET.drawing
    assert found.learning == pytest.approx(300 - 96 - 1 - 3 - 45)
    assert found.total <= BUDGET.seconds


def test_a_slower_machine_takes_longer() -> None:
    slow = of(rate=2 * USUAL_RATE)
    assert slow.counting == 2 * of().counting
    assert slow.learning > of().learning


def test_a_second_evaluation_comes_before_the_training() -> None:
    assert of(replace(WORK, evaluations=2)).examining == pytest.approx(of().examining + 60)

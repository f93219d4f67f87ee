"""How a training divides its time: no stage takes another's, and too little is refused."""

from __future__ import annotations

import time

import pytest

from codetune_git.errors import OverBudget
from codetune_git.pipelines.budget import Budget


def test_the_stages_fit_into_the_whole() -> None:
    budget = Budget(300, time.monotonic())
    for evaluations in (1, 2):
        assert budget.training(evaluations=evaluations) + budget.reserve + 60 * (evaluations - 1) == pytest.approx(300)
    assert budget.drawing + budget.probe < budget.training(evaluations=2)
    assert budget.training_left == pytest.approx(300 - 96, abs=1)
    budget.check_training_left()


def test_what_was_spent_is_nobodys() -> None:
    late = Budget(300, time.monotonic() - 290)
    assert late.evaluation == pytest.approx(10, abs=1)
    with pytest.raises(OverBudget, match=r"300 s is too small: .* take 394 s here; give more with --budget"):
        late.check_training_left()


def test_a_budget_for_nothing_but_loading_and_compiling_is_refused() -> None:
    with pytest.raises(OverBudget, match="take 18 s here"):
        Budget(15, time.monotonic()).check_training_left()

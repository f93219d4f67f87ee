"""Log-odds are a sum; each convention speaks from a threshold of its own; silence is silence."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import SILENT, Calibration, OwnWeights, sigmoid
from codetune_git.suggesting.features import Features

KNOWN = Calibration(-1.0, Features(0.5, file=2.0, model=1.0), {"a": OwnWeights(0.25, 3.0, 0.5, 2.0)}, 0.9)


def test_log_odds_are_a_sum() -> None:
    x = Features(2.0, 9.0, -1.0, 9.0, 9.0, 9.0, 9.0, 4.0, 5.0, 0.5)
    assert KNOWN.logit("b", x) == pytest.approx(-1 + 1 - 2 + 0.5)
    assert KNOWN.logit("a", x) == pytest.approx(KNOWN.logit("b", x) + 0.25 + 3 * (2 + 9 - 1) + 0.5 * 4 + 2 * 5)
    assert KNOWN.confidence("b", x) == pytest.approx(1 / (1 + math.exp(1.5)))


@pytest.mark.parametrize(("x", "p"), [(0, 0.5), (math.log(3), 0.75), (-700, 0), (-1e6, 0), (1e6, 1), (math.inf, 1)])
def test_sigmoid_is_defined_everywhere(x: float, p: float) -> None:
    assert sigmoid(x) == pytest.approx(p)


def test_each_convention_has_a_threshold_of_its_own() -> None:
    found = replace(KNOWN, thresholds={"a": 0.2})
    assert found.passes_threshold("a", 0.2)
    assert not found.passes_threshold("a", 0.19)
    assert not found.passes_threshold("b", 0.89)
    assert found.passes_threshold("b", 0.9)


def test_what_no_convention_names_is_weighed_by_the_model_alone() -> None:
    log_odds = Features(model=2.0)
    found = replace(KNOWN, rewrite=(-1.0, 1.5), rewrite_threshold=0.8)
    assert found.confidence(REWRITE, log_odds) == pytest.approx(sigmoid(2.0))
    assert found.passes_threshold(REWRITE, 0.8)
    assert not found.passes_threshold(REWRITE, 0.79)
    assert not KNOWN.passes_threshold(REWRITE, 1.0)


def test_silence_says_nothing_however_sure() -> None:
    assert SILENT.silent
    assert not SILENT.passes_threshold("a", 1.0)
    assert not SILENT.passes_threshold(REWRITE, 1.0)
    assert SILENT.confidence("a", Features(1e9, 1e9, 1e9, model=1e9)) < SILENT.threshold
    assert not KNOWN.silent
    assert not replace(SILENT, thresholds={"a": 0.3}).silent
    assert not replace(SILENT, rewrite_threshold=0.9).silent


def test_a_model_without_weight_is_not_asked() -> None:
    assert KNOWN.uses_model
    assert not replace(KNOWN, weights=KNOWN.weights._replace(model=0.0)).uses_model

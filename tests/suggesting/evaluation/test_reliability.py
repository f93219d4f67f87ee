"""Confidences are held against how much was right, at the rate of real commits."""

from __future__ import annotations

import pytest
from support.judged import evaluation, house, row

from codetune_git.suggesting.evaluation.reliability import reliability
from codetune_git.suggesting.thresholds import cross_fitted


def test_each_bin_says_how_much_of_it_was_right() -> None:
    rows = [row(True, hunk=1), *(row(False, hunk=n, case=n + 1, clean=True) for n in range(9))]
    low, high = reliability(evaluation(rows, {"quotes": 10}), [(rows[0], 5.0), *((r, -5.0) for r in rows[1:])])
    assert (low.number, low.right) == (9, 0.0)
    assert (high.number, high.right) == (1, 1.0)
    assert low.confidence == pytest.approx(0.0067, abs=1e-3)


def test_the_surer_the_more_often_right() -> None:
    rows = [*house(600, 1, kind="comma_spacing"), *house(600, 1, contradicted=0.05)]
    seen = {"comma_spacing": 600, "quotes": 600}
    bins = reliability(evaluation(rows, seen), cross_fitted(evaluation(rows, seen)))
    assert [one.confidence for one in bins] == sorted(one.confidence for one in bins)
    assert bins[0].right < 0.01
    assert bins[-1].right > 0.7

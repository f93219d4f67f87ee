"""The fit finds what the data were drawn from; the threshold keeps its promise; what can't be learned is silence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import (
    COMMON_RIDGE,
    LEAST_CONFIDENCE,
    OWN_RIDGE,
    SILENT,
    Calibration,
    Judged,
    fit,
    sigmoid,
)
from codetune_git.suggesting.evidence import FEATURES

WEIGHTS = (0.8, 0.5, 1.2, 0.4, -0.4, 0.6)
EVERYTHING = (True,) * len(FEATURES)


def row(right: bool, *features: float, hunk: int = 0, clean: bool = False, kind: str = "a", case: int = 0) -> Judged:
    padded = (*features, *(0.0,) * (len(FEATURES) - len(features)))
    return Judged(kind, padded, right, hunk, case or hunk, 0, clean, not clean)


def drawn(count: int, rng: Random, *, offsets: dict[str, float], intercept: float = -0.5) -> list[Judged]:
    """Rows whose truth is drawn with exactly the probability that WEIGHTS give."""
    found = []
    for i in range(count):
        kind = rng.choice(sorted(offsets))
        x = tuple(rng.gauss(0, 2) for _ in FEATURES)
        p = sigmoid(intercept + offsets[kind] + sum(w * v for w, v in zip(WEIGHTS, x, strict=True)))
        right = rng.random() < p
        clean = not right and rng.random() < 0.5
        found.append(Judged(kind, x, right, i, i, 0, clean, not clean))
    return found


def exam(count: int, rng: Random) -> list[Judged]:
    """A clean and a broken case of each hunk; clean ones are now and then as suspicious as broken ones."""
    found = []
    for hunk in range(count):
        odd = rng.random() < 0.1
        clean = tuple(rng.gauss(3 if odd else -3, 1.5) for _ in range(3))
        broken = tuple(rng.gauss(3, 1.5) for _ in range(3))
        found.append(row(False, *clean, hunk=hunk, case=2 * hunk + 1, clean=True))
        found.append(row(True, *broken, hunk=hunk, case=2 * hunk + 2))
    return found


def flagged(rows: Sequence[Judged], calibration: Calibration) -> int:
    said = (r for r in rows if r.clean and calibration.confidence(r.kind, r.features) >= calibration.threshold)
    return len({r.hunk for r in said})


def test_log_odds_are_a_sum() -> None:
    found = Calibration(-1.0, (0.5, 0.0, 2.0, 0.0, 0.0, 1.0), {"a": 0.25}, {"a": 3.0}, 0.9)
    x = (2.0, 9.0, -1.0, 9.0, 9.0, 0.5)
    assert found.logit("b", x) == pytest.approx(-1 + 1 - 2 + 0.5)
    assert found.logit("a", x) == pytest.approx(found.logit("b", x) + 0.25 + 3 * 2)
    assert found.confidence("b", x) == pytest.approx(1 / (1 + math.exp(1.5)))


@pytest.mark.parametrize(("x", "p"), [(0, 0.5), (math.log(3), 0.75), (-700, 0), (-1e6, 0), (1e6, 1), (math.inf, 1)])
def test_sigmoid_is_defined_everywhere(x: float, p: float) -> None:
    assert sigmoid(x) == pytest.approx(p)


def test_known_weights_are_found_again() -> None:
    found = fit(drawn(4000, Random(1), offsets={"a": 0.0}), 1000, 0.01)
    assert found.weights == pytest.approx(WEIGHTS, abs=0.15)
    assert found.intercept + found.offsets["a"] == pytest.approx(-0.5, abs=0.15)


def test_a_convention_that_is_followed_loosely_is_believed_less() -> None:
    found = fit(drawn(4000, Random(2), offsets={"strict": 1.5, "loose": -1.5}), 1000, 0.01)
    # The prior draws them together, but against 2000 rows each only a little.
    assert found.offsets["strict"] - found.offsets["loose"] == pytest.approx(3.0, abs=0.4)
    assert found.confidence("strict", (1.0,) * 6) > found.confidence("loose", (1.0,) * 6)


def test_a_convention_never_seen_is_taken_as_the_average_one() -> None:
    found = fit(drawn(2000, Random(3), offsets={"a": 0.5, "b": -0.5}), 1000, 0.01)
    x = (0.0,) * len(FEATURES)
    assert found.confidence("a", x) > found.confidence("new", x) > found.confidence("b", x)


def test_repository_slopes_belong_to_their_convention() -> None:
    rng, rows = Random(4), []
    for i in range(4000):
        kind, x = rng.choice("ab"), rng.gauss(0, 2)
        right = rng.random() < sigmoid((2.0 if kind == "a" else 0.2) * x)
        rows.append(row(right, x, hunk=i, case=i + 1, kind=kind))
    found = fit(rows, 1000, 0.01)
    slopes = {kind: found.weights[0] + found.slopes[kind] for kind in "ab"}
    assert slopes["a"] == pytest.approx(2.0, abs=0.3)
    assert slopes["b"] == pytest.approx(0.2, abs=0.1)


def test_features_that_are_switched_off_have_no_say() -> None:
    rows = drawn(1500, Random(5), offsets={"a": 0.0})
    found = fit(rows, 500, 0.01, [name != "convention" for name in FEATURES])
    assert found.weights[0] == found.slopes["a"] == 0.0
    assert found.logit("a", (5.0, *(1.0,) * 5)) == found.logit("a", (-5.0, *(1.0,) * 5))
    assert min(map(abs, found.weights[1:])) > 0.1


def test_a_case_with_many_sites_does_not_outvote_the_others() -> None:
    many = [row(False, hunk=hunk, case=1000 + hunk) for hunk in (0, 1) for _ in range(100)]
    single = [row(True, hunk=i, case=i) for i in range(1, 21)]
    found = fit(many + single, 100, 0.01)
    assert found is not SILENT
    # twenty single cases against twice the square root of a hundred
    assert found.confidence("a", (0.0,) * 6) == pytest.approx(0.5, abs=0.01)


def test_the_fit_is_where_data_and_prior_pull_alike() -> None:
    rows = drawn(300, Random(10), offsets={"a": 2.0, "b": -2.0, "c": 0.0})
    found = fit(rows, 100, 0.01)
    left = [(row, row.right - found.confidence(row.kind, row.features)) for row in rows]
    for kind, offset in found.offsets.items():
        assert sum(e for row, e in left if row.kind == kind) == pytest.approx(OWN_RIDGE * offset, abs=1e-4)
    for i, weight in enumerate(found.weights):
        assert sum(e * row.features[i] for row, e in left) == pytest.approx(COMMON_RIDGE * weight, abs=1e-4)


def test_however_clearly_the_data_speak_some_doubt_remains() -> None:
    rows = [row(i % 2 == 0, 1.0 if i % 2 == 0 else -1.0, hunk=i, case=i + 1) for i in range(60)]
    assert 0.9 < fit(rows, 60, 0.01).confidence("a", (1.0,) + (0.0,) * 5) < 0.9999


def test_a_hunk_is_as_loud_as_its_loudest_proposal() -> None:
    loud = [r for r in exam(200, Random(11)) if not r.clean or r.features[0] > 0]
    quiet = [replace(r, features=(-5.0,) * 3 + (0.0,) * 3, site=1) for r in loud if r.clean]
    assert quiet
    for rows in (loud + quiet, quiet + loud):
        found = fit(rows, 200, 0.02)
        assert flagged(rows, found) <= 8
        assert found.threshold > 0.7


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.02, 0.05, 0.5, 1.0])
def test_at_most_the_allowed_share_of_clean_hunks_is_flagged(rate: float) -> None:
    found = fit(exam(400, Random(6)), 400, rate)
    assert found.clean_hunks == 400
    assert found.false_alarms <= rate * 400
    assert found.threshold >= 0.5


def test_the_share_holds_for_hunks_that_were_not_fitted_on() -> None:
    rate, flags, restored = 0.02, 0, 0
    for seed in range(5):
        found = fit(exam(300, Random(seed)), 300, rate)
        later = exam(300, Random(100 + seed))
        flags += flagged(later, found)
        restored += sum(found.confidence(r.kind, r.features) >= found.threshold for r in later if r.right)
    assert flags / 1500 <= 2 * rate
    assert restored / 1500 > 0.05


def test_more_may_be_said_where_more_errors_are_allowed() -> None:
    rows = exam(400, Random(7))
    thresholds = [fit(rows, 400, rate).threshold for rate in (0.001, 0.02, 0.1, 0.9)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[0] > thresholds[-1] == LEAST_CONFIDENCE


def test_hunks_without_any_proposal_count_as_clean_ones() -> None:
    rows = exam(100, Random(8))
    assert fit(rows, 10_000, 0.02).threshold == LEAST_CONFIDENCE
    assert fit(rows, 100, 0.02).threshold > 0.5


def test_what_lies_below_the_threshold_is_no_false_alarm() -> None:
    rows = [row(i % 2 == 0, 4.0 if i % 2 == 0 else -4.0, hunk=i, case=i + 1, clean=i % 2 == 1) for i in range(200)]
    found = fit(rows, 1000, 0.5)
    assert (found.threshold, found.false_alarms) == (LEAST_CONFIDENCE, flagged(rows, found)) == (LEAST_CONFIDENCE, 0)


def test_equally_confident_hunks_are_silenced_together() -> None:
    right = [row(True, 2.0, hunk=i, case=i + 1) for i in range(100)]
    alike = [row(False, 2.0, hunk=i, case=i + 200, clean=True) for i in range(50)]
    found = fit(right + alike, 100, 0.1)
    assert found.false_alarms <= 10
    assert flagged(alike, found) == 0


def test_certainty_about_what_is_wrong_is_not_excused() -> None:
    # Two clean hunks, far beyond all that the other folds know: both confidences are exactly one.
    rows = [row(i % 2 == 0, 3.0 if i % 2 == 0 else -3.0, hunk=i, case=i + 1) for i in range(400)]
    rows += [row(False, 900.0, hunk=hunk, case=1000 + hunk, clean=True) for hunk in (0, 5)]
    assert fit(rows, 100, 0.01).false_alarms <= 1


@pytest.mark.parametrize("rows", [[], [row(True, 1.0)] * 9, [row(False, 1.0, clean=True)] * 9])
def test_one_class_teaches_silence(rows: list[Judged]) -> None:
    assert fit(rows, 10, 0.5) is SILENT


def test_so_does_a_fold_without_both_classes() -> None:
    rows = [row(True, 1.0, hunk=5), *(row(False, -1.0, hunk=i, clean=True) for i in range(50))]
    assert fit(rows, 50, 0.5) is SILENT
    assert fit([*rows, row(True, 1.0, hunk=6)], 50, 0.5) is not SILENT


def test_silence_says_nothing_however_sure() -> None:
    assert SILENT.confidence("a", (1e9,) * len(FEATURES)) < SILENT.threshold


def test_the_same_answers_always_give_the_same_calibration() -> None:
    rows = exam(60, Random(9))
    assert fit(rows, 60, 0.05) == fit(list(rows), 60, 0.05)


def test_what_no_convention_names_must_be_surer_than_it_ever_was_in_a_clean_hunk() -> None:
    rng = Random(4)
    named = exam(200, rng)
    free = [replace(r, kind=REWRITE) for r in exam(200, Random(5))]
    found = fit([*named, *free], 200, 0.05)
    alone = fit(named, 200, 0.05)
    assert flagged(named, found) == pytest.approx(flagged(named, alone), abs=2)
    loudest = max(found.confidence(r.kind, r.features) for r in free if r.clean)
    assert found.threshold < loudest * 1.02 <= found.rewrite_threshold * 1.02
    assert found.speaks("quotes", found.threshold)
    assert not found.speaks(REWRITE, found.threshold)
    assert found.speaks(REWRITE, found.rewrite_threshold)
    assert not replace(found, threshold=2.0).speaks(REWRITE, 0.999)

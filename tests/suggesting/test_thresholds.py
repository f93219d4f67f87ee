"""False alarms are spent where they buy most, within what is allowed, on files that the fit has not seen."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from support.judged import evaluation, flagged, house, restored, row

from codetune_git.suggesting.calibration import SILENT, sigmoid
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.regression import fitted
from codetune_git.suggesting.thresholds import calibrated, least_logit

SEEN = {"quotes": 400, "comma_spacing": 400}


@pytest.mark.parametrize("rate", [0.0, 0.01, 0.05])
def test_no_more_than_the_allowed_share_of_clean_hunks_is_flagged(rate: float) -> None:
    rows = house(400, 1, contradicted=0.1)
    found = calibrated(evaluation(rows, {"quotes": 400}, clean=400), rate)
    assert found.basis.clean == 400
    assert found.basis.flagged <= rate * 400


def test_a_mixed_convention_does_not_silence_a_certain_one() -> None:
    mixed = house(400, 2, kind="quotes", contradicted=0.3)
    certain = house(400, 2, kind="comma_spacing")
    found = calibrated(evaluation([*mixed, *certain], SEEN, clean=400), 0.01)
    assert restored(certain, found) > 0.7
    assert restored(mixed, found) < 0.2
    assert flagged([*mixed, *certain], found) <= 0.03 * 400


def test_where_nothing_contradicts_everything_is_said() -> None:
    found = calibrated(evaluation(house(400, 3), {"quotes": 400}, clean=400), 0.01)
    assert found.basis.restored / found.basis.broken > 0.9
    assert found.basis.flagged == 0


def test_the_share_holds_for_hunks_that_were_not_fitted_on() -> None:
    flags = 0
    for seed in range(4):
        found = calibrated(evaluation(house(400, seed, contradicted=0.02), {"quotes": 400}, clean=400), 0.02)
        flags += flagged(house(400, 100 + seed, contradicted=0.02), found)
    assert flags <= 2 * 0.02 * 1600


def test_a_form_that_stands_alone_costs_less_than_an_alarm() -> None:
    rows = house(400, 4)
    odd = [row(False, 7.0, hunk=n, case=20_000 + n, clean=True) for n in range(0, 400, 200)]
    full = calibrated(evaluation([*rows, *odd], {"quotes": 400}, clean=400), 0.0025)
    alone = calibrated(evaluation([*rows, *(replace(o, lone=True) for o in odd)], {"quotes": 400}, clean=400), 0.0025)
    assert full.basis.restored == 0
    assert alone.basis.restored > 0
    assert (alone.basis.flagged, alone.basis.lone) == (2, 2)


def test_a_house_that_agrees_in_everything_speaks() -> None:
    """No proposal is wrong anywhere: that is no reason to be silent."""
    rows = [row(True, 6.0, hunk=n, case=n) for n in range(60)]
    found = calibrated(evaluation(rows, {"quotes": 60}, clean=60), 0.01)
    assert (found.basis.broken, found.basis.restored) == (60, 60)


@pytest.mark.parametrize("rows", [[], [row(False, 1.0, clean=True)] * 9])
def test_nothing_right_teaches_silence(rows: list[ScoredProposal]) -> None:
    assert calibrated(evaluation(rows, {}, clean=10), 0.5) is SILENT


def test_the_newest_hunks_are_counted_by_themselves() -> None:
    odd = [replace(row(False, 7.0, hunk=n, case=20_000 + n, clean=True), lone=True) for n in (3, 250)]
    found = calibrated(evaluation([*house(400, 5), *odd], {"quotes": 400}, clean=400, newest=100), 0.05)
    assert (found.basis.newest, found.basis.newest_flagged, found.basis.flagged) == (100, 1, 2)


def test_the_same_rows_always_give_the_same_calibration() -> None:
    rows = house(200, 6, contradicted=0.05)
    one, other = (calibrated(evaluation(list(rows), {"quotes": 200}, clean=200), 0.02) for _ in range(2))
    assert one == other


def test_what_is_likelier_wrong_is_said_only_to_who_allows_more_alarms() -> None:
    assert sigmoid(least_logit(0.01)) == pytest.approx(1 / 2)
    assert sigmoid(least_logit(0.03)) == pytest.approx(1 / 4)
    assert least_logit(0.05) < least_logit(0.01) < least_logit(0.001) < least_logit(0.0) == math.inf
    rows = house(400, 5, contradicted=0.6)
    for rate in (0.01, 0.05, 0.9):
        found = calibrated(evaluation(rows, {"quotes": 400}, clean=400), rate)
        spoken = [found.thresholds[kind] for kind in found.speaking]
        assert all(math.log(one / (1 - one)) >= least_logit(rate) - 1e-9 for one in spoken), (rate, spoken)
    assert found.speaking


def test_where_a_house_writes_both_ways_nothing_is_bought() -> None:
    mixed = [
        replace(one, features=one.features._replace(convention=1.5)) if one.right else one for one in house(400, 7)
    ]
    certain = house(400, 7, kind="comma_spacing")
    assert calibrated(evaluation([*mixed, *certain], SEEN, clean=400), 0.01).speaking == {"comma_spacing"}


def test_a_convention_that_was_never_judged_speaks_at_even_odds() -> None:
    found = calibrated(evaluation(house(400, 8), {"quotes": 400}, clean=400), 0.01)
    assert found.passes_threshold("optional_annotation", 0.5)
    assert not found.passes_threshold("optional_annotation", 0.49)
    assert found.speaking == {"quotes"}


def test_what_has_proven_right_more_often_than_the_fit_believes_is_believed_so() -> None:
    """The evaluation's own precision is what confidence must reach at the threshold, and what it is asked for."""
    rows = [*house(800, 9), *house(60, 9, kind="comma_spacing", contradicted=0.5)]
    asked = evaluation(rows, {"quotes": 800, "comma_spacing": 60}, clean=800)
    found, fit = calibrated(asked, 0.01), fitted(asked)
    assert "quotes" in found.speaking
    raised = {kind: own[0] - fit.own[kind][0] for kind, own in found.own.items()}
    assert all(by >= 0 for by in raised.values())
    assert all(by == 0 for kind, by in raised.items() if kind not in found.speaking)
    assert all(own[1:] == fit.own[kind][1:] for kind, own in found.own.items())
    assert found.thresholds["quotes"] >= sigmoid(least_logit(0.01)) - 1e-9
    # Raised and threshold together leave what is heard as it is.
    logit = math.log(found.thresholds["quotes"] / (1 - found.thresholds["quotes"])) - raised["quotes"]
    heard = [one for one in rows if one.kind == "quotes" and fit.logit("quotes", one.features) >= logit]
    assert flagged(heard, found) == flagged([one for one in rows if one.kind == "quotes"], found)


def test_too_few_slips_for_their_alarms_are_not_worth_a_word() -> None:
    """Two clean hunks in three look the same: whoever wants to hear one right in four hears nothing."""
    rows = house(400, 10, contradicted=0.65)
    assert not calibrated(evaluation(rows, {"quotes": 400}, clean=4000, prevalence=0.01), 0.01).speaking
    assert calibrated(evaluation(rows, {"quotes": 400}, clean=4000, prevalence=0.9), 0.2).speaking


def test_what_is_said_is_likelier_right_than_wrong() -> None:
    """A convention that is right one time in three says the surer half of it."""
    rows = [*house(400, 5, contradicted=0.004), *house(400, 6, kind="comma_spacing")]
    found = calibrated(evaluation(rows, {"quotes": 400, "comma_spacing": 400}, clean=400), 0.01)
    assert found.speaking == {"quotes", "comma_spacing"}
    assert min(found.thresholds.values()) >= 0.5

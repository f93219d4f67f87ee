"""What the history contradicts is believed less; what it was hardly seen of is believed as its family is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from support.judged import evaluation, house, row

from codetune_git.languages.table import CATALOGUE, family_of
from codetune_git.suggesting.calibration import sigmoid
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.prevalence import USUAL
from codetune_git.suggesting.regression import Part, fitted, newton, weights_of

STRONG = Features(6.0)


def test_a_convention_that_the_history_contradicts_is_believed_less() -> None:
    rows = [*house(400, 1, kind="quotes", contradicted=0.2), *house(400, 1, kind="comma_spacing")]
    found = fitted(evaluation(rows, {"quotes": 400, "comma_spacing": 400}))
    assert found.confidence("comma_spacing", STRONG) > 0.5
    assert found.confidence("quotes", STRONG) < 0.1


def test_the_more_was_seen_the_surer_it_is() -> None:
    sure = [fitted(evaluation(house(n, 2), {"quotes": n})).confidence("quotes", STRONG) for n in (20, 200, 2000)]
    assert sure == sorted(sure)
    assert sure[-1] > 0.9


def test_a_convention_never_seen_is_believed_as_its_family() -> None:
    assert family_of("quotes") == family_of("unicode_prefix") != family_of("comma_spacing")
    rows = [*house(600, 3, kind="quotes"), *house(600, 3, kind="comma_spacing", contradicted=0.3)]
    found = fitted(evaluation(rows, {"quotes": 600, "comma_spacing": 600}))
    assert found.confidence("unicode_prefix", STRONG) > found.confidence("comma_spacing", STRONG)


def test_broken_cases_weigh_as_much_as_they_are_frequent() -> None:
    rows = house(50, 4)
    weights = weights_of(evaluation(rows, {"quotes": 50}))
    assert sum(w for w, r in zip(weights, rows, strict=True) if r.right) == pytest.approx(50 * USUAL)
    assert sum(w for w, r in zip(weights, rows, strict=True) if r.clean) == pytest.approx(50)
    # However many cases were made of the same hunks.
    twice = [*rows, *(r for r in rows if r.right)]
    weights = weights_of(evaluation(twice, {"quotes": 50}))
    assert sum(w for w, r in zip(weights, twice, strict=True) if r.right) == pytest.approx(50 * USUAL)


def test_sites_alike_in_one_hunk_are_hardly_more_than_one() -> None:
    four = [row(False, 3.0, hunk=1, case=7, clean=True) for _ in range(4)]
    assert sum(weights_of(evaluation(four, {"quotes": 1}))) == pytest.approx(2.0)


def test_deviations_that_hardly_anybody_repeats_do_not_silence_a_convention() -> None:
    right = house(400, 1)
    odd = [row(False, 6.0, hunk=500 + n, case=30_000 + n, clean=True) for n in range(12)]
    unnoticed = [replace(one, lone=True) for one in odd]
    meant, overlooked = (fitted(evaluation([*right, *rows], {"quotes": 412})) for rows in (odd, unnoticed))
    assert meant.confidence("quotes", STRONG) < 0.4
    assert meant.confidence("quotes", STRONG) + 0.1 < overlooked.confidence("quotes", STRONG) < 0.95


def test_each_convention_learns_by_itself_what_foreign_company_says() -> None:
    """It speaks where others' habits are taken back, and against what own people write in such company, too."""

    def rows(kind: str, *, company: bool) -> list[ScoredProposal]:
        found = house(400, 9, kind=kind)
        in_company = (one.features._replace(as_others=3.0, others_differ=3.0) for one in found)
        return [
            replace(one, features=features) if one.right == company else one
            for one, features in zip(found, in_company, strict=True)
        ]

    found = fitted(
        evaluation(
            [*rows("quotes", company=True), *rows("comma_spacing", company=False)],
            {"quotes": 400, "comma_spacing": 400},
        )
    )
    assert found.own["quotes"].as_others > 0.1
    assert found.own["comma_spacing"].as_others < -0.1
    assert {convention.name for convention in CATALOGUE} <= set(found.own)


def test_where_nothing_was_seen_the_counts_are_taken_at_their_word() -> None:
    found = fitted(evaluation([row(True, 0.0), row(False, 0.0, clean=True)], {}))
    assert found.confidence("quotes", STRONG) == pytest.approx(sigmoid(6.0 + math.log(USUAL)), abs=0.15)
    assert found.silent


def test_where_slips_are_mended_more_often_the_same_evidence_says_more() -> None:
    rows = house(400, 1, contradicted=0.02)
    seldom, often = (fitted(evaluation(rows, {"quotes": 400}, prevalence=prevalence)) for prevalence in (0.002, 0.016))
    assert seldom.confidence("quotes", STRONG) < often.confidence("quotes", STRONG)
    assert often.logit("quotes", STRONG) - seldom.logit("quotes", STRONG) == pytest.approx(math.log(8), abs=1.0)


def test_the_same_rows_always_give_the_same_fit() -> None:
    rows = house(100, 5, contradicted=0.1)
    assert fitted(evaluation(rows, {"quotes": 100})) == fitted(evaluation(list(rows), {"quotes": 100}))


def test_the_maximum_is_found_from_far_away() -> None:
    rng = np.random.default_rng(1)
    x = np.column_stack([np.ones(400), rng.normal(size=(400, 2)) * 40])
    y = (x @ [0.5, 1.0, -1.0] + rng.normal(size=400) > 0).astype(float)
    ridge, prior, weight = np.full(3, 0.05), np.array([-30.0, 8.0, 8.0]), np.ones(400)
    found = newton([Part(x, y, weight, np.arange(3))], ridge=ridge, prior=prior)
    p = 1 / (1 + np.exp(-np.clip(x @ found, -500, 500)))
    assert np.abs(x.T @ (y - p) - ridge * (found - prior)).max() < 1e-3

"""Results of evaluations are kept, joined with later ones, and refused when damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from codetune_git.errors import DataRefused
from codetune_git.suggesting.evaluation.results import EvalResults
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal


def evaluation(hunks: int, *, kind: str = "quotes", silent: int = 0) -> EvalResults:
    """Two cases for each hunk; of `silent` more hunks nobody asked anything."""
    rows = []
    for hunk in range(hunks):
        for clean in (True, False):
            features = (0.125, -1.5, 0.0, 0.75, float(hunk), 0.5, 0.25, 0.0, 1.0, -8.0)
            rows.append(
                ScoredProposal(
                    kind, features, not clean, hunk, hunk, 2 * hunk + (not clean), 0, clean, int(not clean), lone=clean
                )
            )
    return EvalResults(tuple(rows), hunks + silent)


def test_they_come_back_as_they_were() -> None:
    results = evaluation(3, silent=4)
    assert results.clean_hunks == 7
    assert EvalResults.from_json(results.to_json()) == results
    assert EvalResults.from_json(EvalResults().to_json()) == EvalResults()


def test_features_are_kept_to_three_digits() -> None:
    long = ScoredProposal("a", (0.12345678, *(0.0,) * 9), True, 0, 0, 0, 0, False, 1)
    (row,) = EvalResults.from_json(EvalResults((long,), 1).to_json()).proposals
    assert row.features.convention == 0.123


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(evaluation(2).to_json()) | fields)


@pytest.mark.parametrize("fields", [{"version": 0}, {"features": ["gap"]}])
def test_answers_to_other_questions_are_worth_nothing(fields: dict[str, Any]) -> None:
    assert EvalResults.from_json(changed(**fields)) == EvalResults()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "[]",
        "{}",
        "[" * 100_000,
        evaluation(2).to_json()[:-9],
        changed(rows=None),
        changed(rows=[["quotes", [0.0] * 6]]),
        changed(rows=[["quotes", [0.0] * 6, 1, 0, 0, 0]]),
        changed(rows=[["quotes", [0.0] * 6, 1, "x", 0, 0, 0, 0, 0, 0]]),
        changed(rows=[["quotes", ["a"] * 6, 1, 0, 0, 0, 0, 0, 0, 0]]),
        changed(rows=[["quotes", [0.0] * 5, 1, 0, 0, 0, 0, 0, 0, 0]]),
        changed(rows=[["quotes", [float("nan")] * 6, 1, 0, 0, 0, 0, 0, 0, 0]]),
        changed(clean_hunks="many"),
        changed(clean_hunks=float("inf")),
    ],
)
def test_what_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(DataRefused, match="git codetune train"):
        EvalResults.from_json(text)


def test_evaluations_are_joined_without_mixing_up_their_hunks() -> None:
    old, new = evaluation(3, kind="old"), evaluation(2, kind="new")
    together = old.followed_by(new, 100)
    rows = together.proposals
    assert together.clean_hunks == 5
    assert rows[: len(old.proposals)] == old.proposals
    assert [row.kind for row in rows[len(old.proposals) :]] == ["new"] * len(new.proposals)
    assert {row.hunk for row in rows if row.kind == "new"} == {3, 4}
    assert len({row.case for row in rows}) == 10
    assert [(row.features, row.right, row.clean, row.site) for row in rows[len(old.proposals) :]] == [
        (row.features, row.right, row.clean, row.site) for row in new.proposals
    ]


def test_the_first_evaluation_has_nothing_to_join() -> None:
    first = evaluation(2)
    # an evaluation numbers its hunks from the newest on, the record numbers them so that the newest come last
    turned = tuple(replace(row, hunk=1 - row.hunk) for row in first.proposals)
    assert EvalResults().followed_by(first, 10) == EvalResults(turned, first.clean_hunks)


@pytest.mark.parametrize(("old", "silent", "new", "most"), [(10, 0, 4, 8), (10, 30, 4, 8), (60, 40, 20, 100)])
def test_together_they_are_as_many_as_are_wanted(old: int, silent: int, new: int, most: int) -> None:
    together = evaluation(old, silent=silent, kind="old").followed_by(evaluation(new, kind="new"), most)
    rows = together.proposals
    assert together.clean_hunks == pytest.approx(most, abs=1)
    assert len({row.hunk for row in rows if row.kind == "new"}) == new
    # what is kept of the rows is what is kept of the hunks
    kept = len({row.hunk for row in rows if row.kind == "old"})
    assert kept / old == pytest.approx((most - new) / (old + silent), abs=1 / old)


def test_a_large_new_evaluation_replaces_the_old_one() -> None:
    together = evaluation(5, kind="old").followed_by(evaluation(9, kind="new"), 6)
    assert ({row.kind for row in together.proposals}, together.clean_hunks) == ({"new"}, 9)

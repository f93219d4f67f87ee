"""Answers of exams are kept, joined with later ones, and refused when damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from codetune_git.errors import DataRefused
from codetune_git.suggesting.answers import from_json, joined, to_json
from codetune_git.suggesting.calibration import Judged

Answers = tuple[tuple[Judged, ...], int]


def exam(hunks: int, *, kind: str = "quotes", silent: int = 0) -> Answers:
    """Two cases for each hunk; of `silent` more hunks nobody asked anything."""
    rows = []
    for hunk in range(hunks):
        for clean in (True, False):
            features = (0.125, -1.5, 0.0, 0.75, float(hunk), 0.5, 0.25, 0.0, 1.0, -8.0)
            rows.append(
                Judged(
                    kind, features, not clean, hunk, hunk, 2 * hunk + (not clean), 0, clean, int(not clean), lone=clean
                )
            )
    return tuple(rows), hunks + silent


def test_they_come_back_as_they_were() -> None:
    rows, clean = exam(3, silent=4)
    assert from_json(to_json(rows, clean)) == (rows, 7)
    assert from_json(to_json((), 0)) == ((), 0)


def test_features_are_kept_to_three_digits() -> None:
    (row,) = from_json(to_json([Judged("a", (0.12345678, *(0.0,) * 9), True, 0, 0, 0, 0, False, 1)], 1))[0]
    assert row.features[0] == 0.123


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(to_json(*exam(2))) | fields)


@pytest.mark.parametrize("fields", [{"version": 0}, {"features": ["gap"]}])
def test_answers_to_other_questions_are_worth_nothing(fields: dict[str, Any]) -> None:
    assert from_json(changed(**fields)) == ((), 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "[]",
        "{}",
        "[" * 100_000,
        to_json(*exam(2))[:-9],
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
        from_json(text)


def test_exams_are_joined_without_mixing_up_their_hunks() -> None:
    old, new = exam(3, kind="old"), exam(2, kind="new")
    rows, clean = joined(old, new, 100)
    assert clean == 5
    assert rows[: len(old[0])] == old[0]
    assert [row.kind for row in rows[len(old[0]) :]] == ["new"] * len(new[0])
    assert {row.hunk for row in rows if row.kind == "new"} == {3, 4}
    assert len({row.case for row in rows}) == 10
    assert [(row.features, row.right, row.clean, row.site) for row in rows[len(old[0]) :]] == [
        (row.features, row.right, row.clean, row.site) for row in new[0]
    ]


def test_the_first_exam_has_nothing_to_join() -> None:
    rows, clean = exam(2)
    # an exam numbers its hunks from the newest on, the record numbers them so that the newest come last
    assert joined(((), 0), (rows, clean), 10) == (tuple(replace(row, hunk=1 - row.hunk) for row in rows), clean)


@pytest.mark.parametrize(("old", "silent", "new", "most"), [(10, 0, 4, 8), (10, 30, 4, 8), (60, 40, 20, 100)])
def test_together_they_are_as_many_as_are_wanted(old: int, silent: int, new: int, most: int) -> None:
    rows, clean = joined(exam(old, silent=silent, kind="old"), exam(new, kind="new"), most)
    assert clean == pytest.approx(most, abs=1)
    assert len({row.hunk for row in rows if row.kind == "new"}) == new
    # what is kept of the rows is what is kept of the hunks
    kept = len({row.hunk for row in rows if row.kind == "old"})
    assert kept / old == pytest.approx((most - new) / (old + silent), abs=1 / old)


def test_a_large_new_exam_replaces_the_old_one() -> None:
    rows, clean = joined(exam(5, kind="old"), exam(9, kind="new"), 6)
    assert ({row.kind for row in rows}, clean) == ({"new"}, 9)

"""A judgement comes back as it was written down; what is damaged is refused in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.fake_model import TableModel
from support.house import asking, judgement_of, staged

from codetune_git.errors import DataRefused
from codetune_git.suggesting.calibration import SILENT, Basis, Calibration
from codetune_git.suggesting.judgement import Judgement, suggestions_in
from codetune_git.suggesting.record import from_json, to_json

WEIGHTS = (1.0, 0.1 + 0.2, 1e-17, -0.5, 0.0, 2.0)
BASIS = Basis(clean=120, flagged=1, lone=1, broken=40, restored=30, newest=20, newest_flagged=0)
CALIBRATION = Calibration(
    -1.5, WEIGHTS, {"quotes": 0.25}, {"quotes": -0.125}, 0.93, {"quotes": 0.3}, (-0.5, 1.25), 0.99, 0.0078, BASIS
)
JUDGEMENT = judgement_of("a = f('ä', 1)\n", 'b = [ "x" ]\n', calibration=CALIBRATION)


def test_it_comes_back_as_it_was() -> None:
    text = to_json(JUDGEMENT)
    found = from_json(text)
    assert found == JUDGEMENT
    assert text.isascii()
    assert to_json(found) == text


def test_it_judges_as_it_did() -> None:
    house = judgement_of(*["a = f('x', 1)\n" * 9] * 3)
    slip = staged('b = g("y", 2)\n')
    said = suggestions_in(slip, house, asking(TableModel()))
    assert said[0]
    assert suggestions_in(slip, from_json(to_json(house)), asking(TableModel())) == said


def test_silence_stays_silence() -> None:
    found = from_json(to_json(Judgement(JUDGEMENT.counts, SILENT, JUDGEMENT.precedents)))
    assert found.calibration.threshold > 1
    assert found.calibration.confidence("quotes", (1e9,) * 6) < found.calibration.threshold


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(to_json(JUDGEMENT)) | fields)


@pytest.mark.parametrize("fields", [{"version": 0}, {"version": "1"}, {"features": ["gap"]}])
def test_another_version_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(DataRefused, match=r"another version.*git codetune train"):
        from_json(changed(**fields))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"text"',
        "[" * 100_000,
        to_json(JUDGEMENT)[:-40],
        "\0",
        changed(intercept=None),
        changed(intercept=float("nan")),
        changed(weights=[1.0, 2.0]),
        changed(weights=3),
        changed(weights=["a"] * 6),
        changed(weights=[float("inf")] * 6),
        changed(threshold=None),
        changed(threshold=float("nan")),
        changed(threshold=[0.9]),
        changed(offsets=[]),
        changed(offsets={"quotes": "much"}),
        changed(slopes={"quotes": float("nan")}),
        changed(basis={"clean": 3}),
        changed(basis=None),
        changed(thresholds={"quotes": "much"}),
        changed(rewrite=[1.0]),
        changed(counts=[["quotes", ["word"], "single"]]),
        changed(counts=[["quotes", ["word"], "single", "many"]]),
        changed(counts=[["quotes", None, "single", 1]]),
        changed(counts={"a": 1}),
        changed(precedents=[["quotes", "single", ["word"], [["a.py", 1]]]]),
        changed(precedents=[["quotes"]]),
        changed(precedents=None),
    ],
)
def test_what_is_damaged_is_refused(text: str) -> None:
    with pytest.raises(DataRefused, match="git codetune train") as refused:
        from_json(text)
    assert "\n" not in str(refused.value)

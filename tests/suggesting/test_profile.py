"""A profile comes back as it was written down; what is damaged is refused in one line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.fake_model import TableModel
from support.house import asking, profile_of, staged

from codetune_git.errors import DataRefused
from codetune_git.suggesting.calibration import SILENT, Basis, Calibration, OwnWeights
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.suggestions import suggestions_in

WEIGHTS = Features(1.0, 0.1 + 0.2, 1e-17, -0.5, 0.0, 0.5, -0.25, 0.125, 3.0, 2.0)
BASIS = Basis(clean=120, flagged=1, lone=1, broken=40, restored=30, newest=20, newest_flagged=0)
CALIBRATION = Calibration(
    -1.5,
    WEIGHTS,
    {"quotes": OwnWeights(0.25, -0.125, 0.5, 0.75)},
    0.93,
    {"quotes": 0.3},
    (-0.5, 1.25),
    0.99,
    0.0078,
    BASIS,
)
PROFILE = profile_of("a = f('ä', 1)\n", 'b = [ "x" ]\n', calibration=CALIBRATION)


def test_it_comes_back_as_it_was() -> None:
    text = PROFILE.to_json()
    found = StyleProfile.from_json(text)
    assert found == PROFILE
    assert text.isascii()
    assert found.to_json() == text


def test_it_judges_as_it_did() -> None:
    house = profile_of(*["a = f('x', 1)\n" * 9] * 3)
    slip = staged('b = g("y", 2)\n')
    said = suggestions_in(slip, house, asking(TableModel()))
    assert said[0]
    assert suggestions_in(slip, StyleProfile.from_json(house.to_json()), asking(TableModel())) == said


def test_silence_stays_silence() -> None:
    found = StyleProfile.from_json(StyleProfile(PROFILE.counts, SILENT, PROFILE.precedents).to_json())
    assert found.calibration.threshold > 1
    assert found.calibration.confidence("quotes", Features(1e9, 1e9, 1e9, model=1e9)) < found.calibration.threshold


def test_a_record_with_fewer_features_is_read_as_if_the_others_weighed_nothing() -> None:
    record = json.loads(PROFILE.to_json())
    del record["own"]
    old = ["convention", "context", "file", "hunk_agrees", "hunk_differs", "gap"]
    parts = {"features": old, "weights": [1.0, 2.0, 3.0, 0.5, -0.5, 4.0]}
    found = StyleProfile.from_json(
        json.dumps({**record, **parts, "offsets": {"quotes": 0.25}, "slopes": {"quotes": 2.0}})
    ).calibration
    assert found.weights == Features(1.0, 2.0, 3.0, 0.5, -0.5, model=4.0)
    assert found.logit("quotes", Features(1.0)) == found.intercept + 1.0 + 0.25 + 2.0


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(PROFILE.to_json()) | fields)


@pytest.mark.parametrize("fields", [{"version": 0}, {"version": "1"}, {"features": ["mood"]}])
def test_another_version_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(DataRefused, match=r"another version.*git codetune train"):
        StyleProfile.from_json(changed(**fields))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '"text"',
        "[" * 100_000,
        PROFILE.to_json()[:-40],
        "\0",
        changed(intercept=None),
        changed(intercept=float("nan")),
        changed(weights=[1.0, 2.0]),
        changed(weights=3),
        changed(weights=["a"] * len(Features._fields)),
        changed(weights=[float("inf")] * len(Features._fields)),
        changed(threshold=None),
        changed(threshold=float("nan")),
        changed(threshold=[0.9]),
        changed(own=[]),
        changed(own={"quotes": "much"}),
        changed(own={"quotes": [float("nan")]}),
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
        StyleProfile.from_json(text)
    assert "\n" not in str(refused.value)

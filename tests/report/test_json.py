"""The JSON contract, field by field."""

from __future__ import annotations

import json

import pytest
from support.suggestions import suggestion

from codetune_git.domain import Findings, Skipped
from codetune_git.report.json import render_json


def test_the_contract() -> None:
    found = suggestion("pkg/mod.py", 12, ["a", "b", "c"], ["d"])
    text = render_json(Findings((found,), (Skipped("bin.py", "not UTF-8"),), "250615-150640", "codetune-base@1"))
    assert text.endswith("}\n")
    assert json.loads(text) == {
        "version": 1,
        "adapter": "250615-150640",
        "base": "codetune-base@1",
        "suggestions": [
            {
                "id": "pkg/mod.py:12",
                "path": "pkg/mod.py",
                "start_line": 12,
                "end_line": 14,
                "original": ["a", "b", "c"],
                "replacement": ["d"],
                "kind": "quotes",
                "kinds": ["quotes"],
                "variant": "single",
                "score": 7.3,
                "confidence": 0.971,
                "verification": "safe",
                "precedents": [{"path": "pkg/mod.py", "line": 10, "commit": "c" * 40, "text": "x = 'y'"}],
                "support": {"agree": 412, "differ": 6},
            }
        ],
        "skipped": [{"path": "bin.py", "reason": "not UTF-8"}],
    }


def test_nothing_found_is_still_an_object() -> None:
    document = json.loads(render_json(Findings((), (), "", "")))
    assert document == {"version": 1, "adapter": "", "base": "", "suggestions": [], "skipped": []}


def test_it_is_ascii_and_keeps_odd_bytes() -> None:
    found = suggestion("\udcff.py", 1, ["é\u2028"], ["\x1b"])
    text = render_json(Findings((found,), (), "a", "b"))
    assert text.isascii()
    back = json.loads(text)["suggestions"][0]
    assert (back["path"], back["original"], back["replacement"]) == ("\udcff.py", ["é\u2028"], ["\x1b"])


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        render_json(Findings((suggestion("a", 1, ["a"], ["b"], score=float("inf")),), (), "a", "b"))

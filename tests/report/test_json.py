"""The JSON contract, field by field."""

from __future__ import annotations

import json
import os

import pytest
from support.suggestions import suggestion

from codetune_git.domain import Findings, Skipped, Verification
from codetune_git.errors import DataRefused
from codetune_git.report.formats import Report
from codetune_git.report.json import parse_json, render


def test_the_contract() -> None:
    found = suggestion("pkg/mod.py", 12, ["a", "b", "c"], ["d"])
    text = render(Report(Findings((found,), (Skipped("bin.py", "not UTF-8"),), "250615-150640", "codetune-base@1")))
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
                "phrase": "single quotes",
                "score": 7.3,
                "confidence": 0.971,
                "verification": "safe",
                "assumption": None,
                "precedents": [{"path": "pkg/mod.py", "line": 10, "commit": "c" * 40, "text": "x = 'y'"}],
                "support": {"agree": 412, "differ": 6},
            }
        ],
        "skipped": [{"path": "bin.py", "reason": "not UTF-8"}],
    }


def test_an_assumption_goes_there_and_back() -> None:
    found = suggestion(
        "a.py", 1, ["a"], ["b"], verification=Verification.ASSUMING, assumption="the operand is no tuple"
    )
    text = render(Report(Findings((found,), (), "a", "b")))
    record = json.loads(text)["suggestions"][0]
    assert (record["verification"], record["assumption"]) == ("assuming", "the operand is no tuple")
    assert parse_json(text) == (found,)


def test_what_was_printed_before_there_were_assumptions_is_read() -> None:
    document = json.loads(render(Report(Findings((suggestion("a.py", 1, ["a"], ["b"]),), (), "a", "b"))))
    del document["suggestions"][0]["assumption"]
    assert parse_json(json.dumps(document))[0].assumption == ""


def test_nothing_found_is_still_an_object() -> None:
    document = json.loads(render(Report(Findings((), (), "", ""))))
    assert document == {"version": 1, "adapter": "", "base": "", "suggestions": [], "skipped": []}


def test_it_is_ascii_and_keeps_odd_bytes() -> None:
    found = suggestion("\udcff.py", 1, ["é\u2028"], ["\x1b"])
    text = render(Report(Findings((found,), (), "a", "b")))
    assert text.isascii()
    back = json.loads(text)["suggestions"][0]
    assert (back["path"], back["original"], back["replacement"]) == ("\udcff.py", ["é\u2028"], ["\x1b"])


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        render(Report(Findings((suggestion("a", 1, ["a"], ["b"], score=float("inf")),), (), "a", "b")))


@pytest.mark.parametrize(
    "change",
    [
        {"path": ""}, {"path": "/etc/passwd"}, {"path": "../x.py"}, {"path": "a/../b.py"}, {"path": "a\0b"},
        {"path": "\ud800.py"}, {"replacement": ["\ud800"]}, {"replacement": ["a\nb"]}, {"original": "x = 1"},
        {"start_line": 1e999}, {"start_line": 0}, {"end_line": 9}, {"kind": "\ud800"}, {"kind": None},
        {"verification": "sure"}, {"support": {}}, {"precedents": [1]}, {"score": "much"},
    ],
)  # fmt: skip
def test_what_no_document_of_ours_says_is_refused(change: dict[str, object]) -> None:
    document = json.loads(render(Report(Findings((suggestion("a.py", 3, ["x=1"], ["x = 1"]),), (), "", ""))))
    assert parse_json(json.dumps(document))[0].path == "a.py"
    document["suggestions"][0] |= change
    with pytest.raises(DataRefused):
        parse_json(json.dumps(document))


def test_what_is_rendered_is_read_again() -> None:
    found = (suggestion("a.py", 3, ["x=1"], []), suggestion(os.fsdecode(b"\xff.py"), 1, ["\udcfe"], ["ü", ""]))
    assert parse_json(render(Report(Findings(found, (), "", "")))) == found
    with pytest.raises(DataRefused):
        parse_json("[" * 100_000)

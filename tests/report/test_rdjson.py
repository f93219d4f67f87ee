"""Ranges and texts of rdjson, applied to the bytes, give what applying the suggestions gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from report.staged_cases import applied, cases, findings, report
from support.suggestions import suggestion

from codetune_git.domain import Suggestion, Verification
from codetune_git.report.rdjson import render


def diagnostics(content: bytes, *found: Suggestion) -> list[dict[str, Any]]:
    text = render(report(findings(*found), {one.path: content for one in found}))
    assert text.isascii()
    assert text.endswith("}\n")
    return json.loads(text)["diagnostics"]  # type: ignore[no-any-return]


def offset(content: bytes, position: dict[str, int]) -> int:
    lines = content.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1


def made_by_ranges(content: bytes, *found: Suggestion) -> bytes:
    result = content
    for diagnostic in reversed(diagnostics(content, *found)):
        (one,) = diagnostic["suggestions"]
        start, end = offset(content, one["range"]["start"]), offset(content, one["range"]["end"])
        assert 0 <= start <= end <= len(content)
        result = result[:start] + one["text"].encode() + result[end:]
    return result


def test_the_document() -> None:
    found = suggestion("pkg/mod.py", 2, ['x = "é"'], ["x = 'é'"], id="0123")
    text = render(report(findings(found), {"pkg/mod.py": 'a\nx = "é"\n'.encode()}))
    place = {"start": {"line": 2, "column": 1}, "end": {"line": 2, "column": 9}}
    assert json.loads(text) == {
        "source": {"name": "codetune"},
        "severity": "INFO",
        "diagnostics": [
            {
                "message": "quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)",
                "location": {"path": "pkg/mod.py", "range": place},
                "code": {"value": "quotes"},
                "suggestions": [{"range": place, "text": "x = 'é'"}],
            }
        ],
    }


def test_nothing_found_is_still_an_object() -> None:
    assert json.loads(render(report(findings(), {})))["diagnostics"] == []


@given(cases())
def test_ranges_say_what_applying_does(case: tuple[bytes, tuple[Suggestion, ...]]) -> None:
    content, found = case
    assert made_by_ranges(content, *found) == applied(content, *found)


@pytest.mark.parametrize(
    "content", [b"a\nb\nc\n", b"a\r\nb\r\nc\r\n", b"a\nb\nc", b"\xef\xbb\xbfa\nb\nc", b"a\r\nb\nc\r"]
)
@pytest.mark.parametrize("new", [[], [""], ["b"], ["x", "b"], ["b", "x"], ["x", "y"]])
@pytest.mark.parametrize(("first", "old"), [(1, ["a"]), (2, ["b"]), (3, ["c"]), (2, ["b", "c"]), (1, ["a", "b", "c"])])
def test_lines_come_and_go_at_every_place(content: bytes, new: list[str], first: int, old: list[str]) -> None:
    found = suggestion("f.py", first, old, new)
    assert made_by_ranges(content, found) == applied(content, found)


def test_what_stays_on_its_lines_ends_on_them() -> None:
    # A reader that posts comments needs every line of the range to exist and to be the suggestion's own.
    (only,) = diagnostics(b"a\nb\n", suggestion("f.py", 2, ["b"], ["c", "d"]))
    assert only["location"]["range"]["end"] == {"line": 2, "column": 2}


def test_by_path_and_line() -> None:
    found = [suggestion(path, line, ["a"], ["b"]) for path, line in [("b", 1), ("a", 2), ("a", 1)]]
    places = [d["location"] for d in diagnostics(b"a\na\n", *found)]
    assert [(place["path"], place["range"]["start"]["line"]) for place in places] == [("a", 1), ("a", 2), ("b", 1)]


def test_what_is_not_unicode_is_told_but_not_to_be_applied() -> None:
    path, line = diagnostics(b"a\n", suggestion("\udcff\n.py", 1, ["a"], ["b"])), b"\xff\n"
    assert path[0]["location"]["path"] == r"\udcff\n.py"
    assert "suggestions" not in path[0]
    assert "suggestions" not in diagnostics(line, suggestion("f.py", 1, ["\udcff"], ["b"]))[0]
    assert diagnostics(b"a\n", suggestion("tab\tü\n.py", 1, ["a"], ["b"]))[0]["location"]["path"] == "tab\tü\n.py"


def test_the_message_warns_of_what_is_not_proven_and_is_one_line() -> None:
    found = suggestion("f.py", 1, ["a"], ["b"], verification=Verification.UNSAFE, phrase="x\n\x1b", precedents=())
    (only,) = diagnostics(b"a\n", found)
    assert only["message"] == r"quotes: x\n\x1b, as in 412 of 418 places here, not proven to mean the same  (97 % sure)"


def test_a_suggestion_for_other_lines_is_refused() -> None:
    with pytest.raises(ValueError, match=r"f.py:1 is not what"):
        render(report(findings(suggestion("f.py", 1, ["a"], ["b"])), {"f.py": b"changed\n"}))

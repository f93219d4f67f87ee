"""The SARIF log, property by property; its fixes, applied to the text, give what applying the suggestions gives."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from report.staged_cases import BOM, applied, cases, findings, report, takes_first_line_away
from support.suggestions import suggestion

from codetune_git import __version__
from codetune_git.domain import Findings, Skipped, Suggestion
from codetune_git.report.sarif import render


def run_of(found: Findings, contents: dict[str, bytes]) -> dict[str, Any]:
    text = render(report(found, contents))
    assert text.isascii()
    assert text.endswith("}\n")
    (run,) = json.loads(text)["runs"]
    return run  # type: ignore[no-any-return]


def results(content: bytes, *found: Suggestion) -> list[dict[str, Any]]:
    return run_of(findings(*found), {one.path: content for one in found})["results"]  # type: ignore[no-any-return]


def offset(text: str, line: int, column: int) -> int:
    return sum(len(row) + 1 for row in text.split("\n")[: line - 1]) + column - 1


def made_by_fixes(content: bytes, *found: Suggestion) -> bytes:
    """As the standard has it: a byte order mark is neither counted nor touched."""
    marked = content.startswith(BOM)
    text = result = content.removeprefix(BOM).decode()
    for one in reversed(results(content, *found)):
        (replacement,) = one["fixes"][0]["artifactChanges"][0]["replacements"]
        region = replacement["deletedRegion"]
        start = offset(text, region["startLine"], region["startColumn"])
        end = offset(text, region["endLine"], region["endColumn"])
        assert 0 <= start <= end <= len(text)
        result = result[:start] + replacement.get("insertedContent", {"text": ""})["text"] + result[end:]
    return (BOM if marked else b"") + result.encode()


def test_the_log() -> None:
    found = suggestion("pkg/a b.py", 2, ['x = "😀"'], ["x = '😀'"], id="0123456789ab")
    content = 'a\nx = "😀"\n'.encode()
    log = json.loads(render(report(Findings((found,), (Skipped("c.py", "binary"),), "", ""), {"pkg/a b.py": content})))
    why = {"text": "quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)"}
    artifact = {"uri": "pkg/a%20b.py", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 8}
    replacement = {"deletedRegion": region, "insertedContent": {"text": "x = '😀'"}}
    left_out = {"physicalLocation": {"artifactLocation": {"uri": "c.py", "uriBaseId": "%SRCROOT%"}}}
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    assert log["runs"] == [
        {
            "tool": {
                "driver": {
                    "name": "codetune",
                    "version": __version__,
                    "rules": [{"id": "quotes", "shortDescription": {"text": title_of("quotes")}}],
                }
            },
            "invocations": [
                {
                    "executionSuccessful": True,
                    "toolExecutionNotifications": [
                        {"level": "note", "message": {"text": "left out: binary"}, "locations": [left_out]}
                    ],
                }
            ],
            "columnKind": "unicodeCodePoints",
            "results": [
                {
                    "ruleId": "quotes",
                    "ruleIndex": 0,
                    "level": "note",
                    "message": why,
                    "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
                    "partialFingerprints": {"codetuneSuggestion/v1": "0123456789ab"},
                    "fixes": [
                        {
                            "description": why,
                            "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
                        }
                    ],
                }
            ],
        }
    ]


def title_of(name: str) -> str:
    from codetune_git.languages.table import by_name

    return by_name(name).title


@given(cases())
def test_fixes_say_what_applying_does(case: tuple[bytes, tuple[Suggestion, ...]]) -> None:
    content, found = case
    expected = applied(content, *found)
    if content.startswith(BOM) and takes_first_line_away(found):
        expected = BOM + expected  # a fix cannot reach it
    assert made_by_fixes(content, *found) == expected


def test_only_the_first_characters_of_a_file_are_a_byte_order_mark() -> None:
    content = "a\n\ufeffb\n".encode()
    found = suggestion("f.py", 2, ["\ufeffb"], ["\ufeffc"])
    assert made_by_fixes(content, found) == applied(content, found)


def test_a_rule_a_kind_in_order() -> None:
    found = [suggestion("f.py", n + 1, ["a"], ["b"], kind=kind) for n, kind in enumerate(["rewrite", "new", "rewrite"])]
    run = run_of(findings(*found), {"f.py": b"a\na\na\n"})
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["new", "rewrite"]
    assert [rule["shortDescription"]["text"] for rule in rules] == ["new", "what the model writes of its own accord"]
    assert [(one["ruleId"], one["ruleIndex"]) for one in run["results"]] == [("rewrite", 1), ("new", 0), ("rewrite", 1)]


@pytest.mark.parametrize("path", ["with blank.py", "a:b.py", "ü/%41?#.py", "new\nline.py", "\udcff.py", "b\\s.py"])
def test_every_path_is_a_relative_uri(path: str) -> None:
    (only,) = results(b"a\n", suggestion(path, 1, ["a"], ["b"]))
    uri = only["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set(uri) & set(" :?#\\\n")
    assert unquote_to_bytes(uri) == path.encode("utf-8", "surrogateescape")


def test_no_text_is_a_placeholder_or_a_link() -> None:
    found = suggestion("f.py", 1, ["a"], ["b"], phrase="{0} [x](1) \n")
    assert r"{{0}} [x] (1) \n, as in" in results(b"a\n", found)[0]["message"]["text"]


def test_what_is_not_unicode_has_no_fix() -> None:
    assert "fixes" not in results(b"\xff\n", suggestion("f.py", 1, ["\udcff"], ["b"]))[0]
    assert "fixes" not in results(b"a\n", suggestion("f.py", 1, ["a"], ["\udcff"]))[0]


def test_what_was_left_out_is_told_in_order() -> None:
    skipped = (Skipped("b", "x"), Skipped("a", "y", 7), Skipped("a", "binary"))
    (invocation,) = run_of(Findings((), skipped, "", ""), {})["invocations"]
    told = invocation["toolExecutionNotifications"]
    places = [one["locations"][0]["physicalLocation"] for one in told]
    assert [one["message"]["text"] for one in told] == ["left out: binary", "left out: y", "left out: x"]
    assert [place.get("region") for place in places] == [None, {"startLine": 7}, None]


def test_nothing_found_is_still_a_run() -> None:
    run = run_of(findings(), {})
    assert run["results"] == []
    assert run["tool"]["driver"]["rules"] == []

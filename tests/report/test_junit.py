"""JUnit XML that any parser reads, whatever the texts hold."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from report.staged_cases import cases, findings, report
from support.suggestions import suggestion

from codetune_git.domain import Suggestion
from codetune_git.report.junit import render
from codetune_git.report.text import visible


def suite(content: bytes, *found: Suggestion) -> ET.Element:
    text = render(report(findings(*found), {one.path: content for one in found}))
    assert text.isascii()
    return ET.fromstring(text)


def test_the_document() -> None:
    found = suggestion("pkg/mod.py", 2, ['x = "é"'], ["x = 'é'"])
    assert render(report(findings(found), {"pkg/mod.py": 'a\r\nx = "é"\r\n'.encode()})) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuite name="codetune" tests="1" failures="1" errors="0">\n'
        '  <testcase classname="quotes" name="pkg/mod.py:2">\n'
        '    <failure type="quotes" message="quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10'
        '  (97 % sure)">'
        "diff --git a/pkg/mod.py b/pkg/mod.py\n"
        "--- a/pkg/mod.py\n"
        "+++ b/pkg/mod.py\n"
        "@@ -1,2 +1,2 @@\n"
        " a\n"
        '-x = "&#233;"\n'
        "+x = '&#233;'\n"
        "</failure>\n"
        "  </testcase>\n"
        "</testsuite>\n"
    )


def test_nothing_found_is_a_test_that_passes() -> None:
    assert render(report(findings(), {})) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<testsuite name="codetune" tests="1" failures="0" errors="0">\n'
        '  <testcase classname="codetune" name="no suggestions" />\n'
        "</testsuite>\n"
    )


paths = st.one_of(st.text(max_size=8).map(str.encode), st.binary(max_size=8))


@given(cases(), paths.map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_any_text_is_read_back(case: tuple[bytes, tuple[Suggestion, ...]], odd: str) -> None:
    content, found = case
    named = [suggestion(f"{odd}.py", o.lines.first, o.original, o.replacement, kind=f"k{odd}") for o in found]
    read = suite(content, *named)
    assert read.get("failures") == str(len(found))
    if found:
        expected = [f"{odd}.py:{line}" for line in sorted(o.lines.first for o in found)]
        shown = [visible(name).replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff") for name in expected]
        assert [case.get("name") for case in read] == shown


def test_in_order_and_with_escapes() -> None:
    found = [suggestion(p, n, ["a\x00\uffff]]>"], ["b\x1b"]) for p, n in [("\udcff.py", 1), ("b.py", 2), ("b.py", 1)]]
    read = suite("a\x00\uffff]]>\n".encode() * 2, *found)
    assert [case.get("name") for case in read] == ["b.py:1", "b.py:2", r"\udcff.py:1"]
    assert "\n-a\\x00\\uffff]]>\n+b\\x1b\n" in (read[0][0].text or "")

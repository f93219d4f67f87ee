"""Findings as JUnit XML, for CI that shows tests: one suite, a failing test a suggestion, one that passes for none.

Knows the format as Jenkins describes it (junit-10.xsd of its xUnit plugin) and XML 1.0 (fifth edition; characters:
2.2). Does not know who reads it, nor what is left out: that is no test.

ASCII only, other characters as references. What no XML may hold, what acts on a terminal, and bytes that are not UTF-8
are shown with escapes; so are carriage returns, but not those that end a line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from codetune_git.domain import Suggestion
from codetune_git.report.diff import unified_diff
from codetune_git.report.formats import Report
from codetune_git.report.line_suggestion import ordered
from codetune_git.report.text import visible, why

_NO_XML = re.compile("[\ufffe\uffff]")  # and control characters and surrogates, which `visible` escapes


def _plain(text: str) -> str:
    return _NO_XML.sub(lambda found: repr(found[0])[1:-1], visible(text))


def _diff(suggestion: Suggestion, contents: Mapping[str, bytes]) -> str:
    lines = unified_diff([suggestion], contents).split("\n")
    return "\n".join(_plain(line.removesuffix("\r")) for line in lines)


def _case(suite: ET.Element, suggestion: Suggestion, contents: Mapping[str, bytes]) -> None:
    kind = _plain(suggestion.kind)
    name = _plain(f"{suggestion.path}:{suggestion.lines.first}")
    case = ET.SubElement(suite, "testcase", classname=kind, name=name)
    failure = ET.SubElement(case, "failure", type=kind, message=_plain(why(suggestion)))
    failure.text = _diff(suggestion, contents)


def render(report: Report) -> str:
    """One XML document, ASCII only."""
    suggestions, contents = ordered(report.findings), report.contents
    counts = {"tests": str(max(1, len(suggestions))), "failures": str(len(suggestions)), "errors": "0"}
    suite = ET.Element("testsuite", {"name": "codetune", **counts})
    for suggestion in suggestions:
        _case(suite, suggestion, contents)
    if not suggestions:
        ET.SubElement(suite, "testcase", classname="codetune", name="no suggestions")
    ET.indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(suite, encoding="us-ascii").decode("ascii")}\n'

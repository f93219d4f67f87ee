"""Findings as rdjson: the Reviewdog Diagnostic Format (reviewdog.proto, `DiagnosticResult`; it has no version) as JSON.

Knows that format: lines and columns count from 1, columns in bytes of UTF-8 (a byte order mark is three of them), ends
are exclusive. Does not know reviewdog, nor what is left out: the format has no place for it.

The format is read by protobuf, which refuses a whole document for one lone surrogate. So a path that is not UTF-8 is
shown with escapes, and what cannot be said exactly is reported without a suggestion to apply.
"""

from __future__ import annotations

import json

from codetune_git.report.formats import Report
from codetune_git.report.line_suggestion import LineSuggestion, line_suggestions, named
from codetune_git.report.text import visible, why


def _range(block: LineSuggestion) -> dict[str, object]:
    line, before = block.end
    return {
        "start": {"line": block.suggestion.lines.first, "column": 1},
        "end": {"line": line, "column": len(before.encode("utf-8", "surrogateescape")) + 1},
    }


def _diagnostic(block: LineSuggestion) -> dict[str, object]:
    place = _range(block)
    diagnostic: dict[str, object] = {
        "message": why(block.suggestion),
        "location": {"path": named(block.suggestion.path), "range": place},
        "code": {"value": visible(block.suggestion.kind)},
    }
    if block.expressible:
        diagnostic["suggestions"] = [{"range": place, "text": block.text}]
    return diagnostic


def render(report: Report) -> str:
    """One JSON object and a line feed, ASCII only."""
    document = {
        "source": {"name": "codetune"},
        "severity": "INFO",
        "diagnostics": [_diagnostic(block) for block in line_suggestions(report)],
    }
    return json.dumps(document, indent=1) + "\n"

"""Findings as rdjson: the Reviewdog Diagnostic Format (reviewdog.proto, `DiagnosticResult`; it has no version) as JSON.

Knows that format: lines and columns count from 1, columns in bytes of UTF-8 (a byte order mark is three of them), ends
are exclusive. Does not know reviewdog, nor what is left out: the format has no place for it.

The format is read by protobuf, which refuses a whole document for one lone surrogate. So a path that is not UTF-8 is
shown with escapes, and what cannot be said exactly is reported without a suggestion to apply.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from codetune_git.domain import Findings
from codetune_git.report.proposal import Proposal, named, proposals
from codetune_git.report.text import visible, why


def _range(proposal: Proposal) -> dict[str, object]:
    line, before = proposal.end
    return {
        "start": {"line": proposal.suggestion.lines.first, "column": 1},
        "end": {"line": line, "column": len(before.encode("utf-8", "surrogateescape")) + 1},
    }


def _diagnostic(proposal: Proposal) -> dict[str, object]:
    place = _range(proposal)
    diagnostic: dict[str, object] = {
        "message": why(proposal.suggestion),
        "location": {"path": named(proposal.suggestion.path), "range": place},
        "code": {"value": visible(proposal.suggestion.kind)},
    }
    if proposal.expressible:
        diagnostic["suggestions"] = [{"range": place, "text": proposal.text}]
    return diagnostic


def render_rdjson(findings: Findings, contents: Mapping[str, bytes]) -> str:
    """One JSON object and a line feed, ASCII only; `contents`: the staged bytes by path.

    Raises ValueError where a suggestion does not fit the contents, KeyError where contents are missing.
    """
    document = {
        "source": {"name": "codetune"},
        "severity": "INFO",
        "diagnostics": [_diagnostic(proposal) for proposal in proposals(findings, contents)],
    }
    return json.dumps(document, indent=1) + "\n"

"""Findings as SARIF: Static Analysis Results Interchange Format 2.1.0 (OASIS Standard, with errata 01).

Knows that format: lines and columns count from 1, columns in code points, a byte order mark counts for nothing
(3.30.2). Does not know who reads it. Section numbers are those of the standard.

A path is a relative URI, its bytes percent-encoded, so every path can be said (3.10). Texts are Unicode: what is not is
shown with escapes, and a suggestion that holds such bytes has no fix. A fix leaves a byte order mark where it is, even
where it takes the whole first line away.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from codetune_git import __version__
from codetune_git.domain import REWRITE, Skipped
from codetune_git.languages.table import CATALOGUE
from codetune_git.report.formats import Report
from codetune_git.report.line_suggestion import LineSuggestion, line_suggestions
from codetune_git.report.text import visible, why

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BOM = "\ufeff"
_TITLES = {REWRITE: "what the model writes of its own accord"} | {each.name: each.title for each in CATALOGUE}


def _message(text: str) -> dict[str, str]:
    """`text` with nothing in it that is a placeholder (3.11.5) or a link (3.11.6)."""
    plain = visible(text).replace("{", "{{").replace("}", "}}")
    return {"text": plain.replace("](", "] (")}


def _artifact(path: str) -> dict[str, str]:
    # `quote` encodes a colon too: a first segment with one would read as a scheme.
    return {"uri": quote(path.encode("utf-8", "surrogateescape"), safe="/"), "uriBaseId": "%SRCROOT%"}


def _location(path: str, region: Mapping[str, int] | None) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": _artifact(path)}
    return {"physicalLocation": place | {"region": region} if region else place}


def _region(block: LineSuggestion) -> dict[str, int]:
    line, before = block.end
    if line == 1:
        before = before.removeprefix(_BOM)
    first = block.suggestion.lines.first
    return {"startLine": first, "startColumn": 1, "endLine": line, "endColumn": len(before) + 1}


def _fix(block: LineSuggestion) -> dict[str, object]:
    marked = block.suggestion.lines.first == 1 and block.old[0].startswith(_BOM)
    text = block.text.removeprefix(_BOM) if marked else block.text
    replacement: dict[str, object] = {"deletedRegion": _region(block)}
    if text:
        replacement["insertedContent"] = {"text": text}
    change = {"artifactLocation": _artifact(block.suggestion.path), "replacements": [replacement]}
    return {"description": _message(why(block.suggestion)), "artifactChanges": [change]}


def _result(block: LineSuggestion, kinds: Sequence[str]) -> dict[str, object]:
    suggestion = block.suggestion
    result: dict[str, object] = {
        "ruleId": visible(suggestion.kind),
        "ruleIndex": kinds.index(suggestion.kind),
        "level": "note",
        "message": _message(why(suggestion)),
        "locations": [_location(suggestion.path, _region(block))],
        "partialFingerprints": {"codetuneSuggestion/v1": visible(suggestion.id)},
    }
    return result | {"fixes": [_fix(block)]} if block.expressible else result


def _rule(kind: str) -> dict[str, object]:
    return {"id": visible(kind), "shortDescription": _message(_TITLES.get(kind, kind))}


def _notification(skipped: Skipped) -> dict[str, object]:
    region = {"startLine": skipped.line} if skipped.line else None
    return {
        "level": "note",
        "message": _message(f"left out: {skipped.reason}"),
        "locations": [_location(skipped.path, region)],
    }


def _invocation(skipped: Iterable[Skipped]) -> dict[str, object]:
    ordered = sorted(skipped, key=lambda one: (one.path, one.line or 0, one.reason))
    return {"executionSuccessful": True, "toolExecutionNotifications": [_notification(one) for one in ordered]}


def render(report: Report) -> str:
    """One SARIF log with one run and a line feed, ASCII only."""
    findings = report.findings
    kinds = sorted({suggestion.kind for suggestion in findings.suggestions})
    driver = {"name": "codetune", "version": __version__, "rules": [_rule(kind) for kind in kinds]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(findings.skipped)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(block, kinds) for block in line_suggestions(report)],
    }
    return json.dumps({"version": "2.1.0", "$schema": _SCHEMA, "runs": [run]}, indent=1) + "\n"

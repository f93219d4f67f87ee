"""Findings as JSON: the contract with editors and CI. Fields may be added, never changed or taken away.

Knows the contract. Does not know who reads it.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from codetune_git.domain import Findings, Skipped, Suggestion

VERSION = 1


def _suggestion(suggestion: Suggestion) -> dict[str, object]:
    return {
        "id": suggestion.id,
        "path": suggestion.path,
        "start_line": suggestion.lines.first,
        "end_line": suggestion.lines.last,
        "original": suggestion.original,
        "replacement": suggestion.replacement,
        "kind": suggestion.kind,
        "kinds": suggestion.kinds,
        "variant": suggestion.variant,
        "score": suggestion.score,
        "confidence": suggestion.confidence,
        "verification": suggestion.verification,
        "precedents": [asdict(precedent) for precedent in suggestion.precedents],
        "support": asdict(suggestion.support),
    }


def _skipped(skipped: Skipped) -> dict[str, object]:
    """`line` only where it is a part of the file that was left out."""
    return {name: value for name, value in asdict(skipped).items() if value is not None}


def render_json(findings: Findings) -> str:
    """One JSON object and a line feed, ASCII only; a byte of a path that is not UTF-8 is a lone surrogate (\\udcff).

    Lines are 1-based, inclusive, of the staged file. Raises ValueError where a number is not finite.
    """
    document = {
        "version": VERSION,
        "adapter": findings.adapter,
        "base": findings.base,
        "suggestions": [_suggestion(suggestion) for suggestion in findings.suggestions],
        "skipped": [_skipped(skipped) for skipped in findings.skipped],
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"

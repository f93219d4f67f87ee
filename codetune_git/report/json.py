"""Findings as JSON: the contract with editors and CI. Fields may be added, never changed or taken away.

Knows the contract. Does not know who reads it.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from codetune_git.domain import LineRange, Precedent, Skipped, Suggestion, Support, Verification
from codetune_git.errors import DataRefused
from codetune_git.report.formats import Report

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
        "phrase": suggestion.phrase,
        "score": suggestion.score,
        "confidence": suggestion.confidence,
        "verification": suggestion.verification,
        "assumption": suggestion.assumption or None,
        "precedents": [asdict(precedent) for precedent in suggestion.precedents],
        "support": asdict(suggestion.support),
    }


def _skipped(skipped: Skipped) -> dict[str, object]:
    """`line` only where it is a part of the file that was left out."""
    return {name: value for name, value in asdict(skipped).items() if value is not None}


def render(report: Report) -> str:
    """One JSON object and a line feed, ASCII only; a byte of a path that is not UTF-8 is a lone surrogate (\\udcff).

    Lines are 1-based, inclusive, of the staged file. Raises ValueError where a number is not finite.
    """
    findings = report.findings
    document = {
        "version": VERSION,
        "adapter": findings.adapter,
        "base": findings.base,
        "suggestions": [_suggestion(suggestion) for suggestion in findings.suggestions],
        "skipped": [_skipped(skipped) for skipped in findings.skipped],
    }
    return json.dumps(document, indent=1, allow_nan=False) + "\n"


def _text(value: object) -> str:
    """Raises ValueError for what is no text, or none that any file could hold."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{value!r} is no text")
    value.encode("utf-8", "surrogateescape")
    return value


def _path(value: object) -> str:
    path = _text(value)
    if any(part in ("", ".", "..") for part in path.split("/")):
        raise ValueError(f"{path!r} is no path below the top of the repository")
    return path


def _lines(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all("\n" not in _text(line) for line in value):
        raise ValueError("lines must be a list of texts without line feeds")
    return tuple(value)


def _parsed(record: dict[str, Any]) -> Suggestion:
    lines = LineRange(int(record["start_line"]), int(record["end_line"]))
    original = _lines(record["original"])
    if lines.first < 1 or len(original) != lines.last - lines.first + 1:
        raise ValueError(f"{len(original)} lines cannot stand at {lines.first} to {lines.last}")
    return Suggestion(
        id=str(record["id"]),
        path=_path(record["path"]),
        lines=lines,
        original=original,
        replacement=_lines(record["replacement"]),
        kind=_text(record["kind"]),
        kinds=tuple(map(str, record.get("kinds", (record["kind"],)))),
        variant=str(record.get("variant", "")),
        phrase=_text(record.get("phrase", record.get("variant", ""))),
        score=float(record["score"]),
        confidence=float(record["confidence"]),
        verification=Verification(record["verification"]),
        precedents=tuple(Precedent(**precedent) for precedent in record["precedents"]),
        support=Support(**record["support"]),
        assumption=_text(record.get("assumption") or ""),
    )


def parse_json(text: str) -> tuple[Suggestion, ...]:
    """The suggestions of a document of this version. Raises DataRefused for anything else."""
    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise ValueError(f"version {document['version']!r}")
        return tuple(_parsed(record) for record in document["suggestions"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}" if isinstance(error, KeyError) else str(error)
        raise DataRefused(
            f"these are no suggestions as `git codetune suggest --format json` prints them ({what})"
        ) from None

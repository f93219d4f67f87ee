"""Suggestions for tests, made from the lines that they replace."""

from __future__ import annotations

from collections.abc import Sequence

from codetune_git.domain import LineRange, Precedent, Suggestion, Support, Verification


def suggestion(
    path: str, first: int, original: Sequence[str], replacement: Sequence[str], **changes: object
) -> Suggestion:
    known: dict[str, object] = {
        "id": f"{path}:{first}",
        "path": path,
        "lines": LineRange(first, first + len(original) - 1),
        "original": tuple(original),
        "replacement": tuple(replacement),
        "kind": "quotes",
        "kinds": ("quotes",),
        "variant": "single",
        "phrase": "single quotes",
        "score": 7.3,
        "confidence": 0.971,
        "verification": Verification.SAFE,
        "precedents": (Precedent("pkg/mod.py", 10, "c" * 40, "x = 'y'"),),
        "support": Support(412, 6),
    }
    return Suggestion(**{**known, **changes})  # type: ignore[arg-type]

"""A suggestion for an editor that shows Markdown: why, what to write, and lines of the house that do so. Pure."""

from __future__ import annotations

from codetune_git.domain import Suggestion, Verification
from codetune_git.report.text import visible, why


def _fenced(language: str, lines: tuple[str, ...]) -> str:
    """The lines as a block of code, in a fence that is longer than any in them."""
    text = "\n".join(map(visible, lines))
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}\n"


def explained(suggestion: Suggestion, language: str) -> str:
    """Counts, the proposed lines and precedents; `language` is the editor's name of it."""
    proven = {Verification.SAFE: "Proven to mean the same.", Verification.RENAME: "Renames something local."}
    parts = [
        f"{why(suggestion)}. {proven.get(suggestion.verification, '')}".rstrip() + "\n",
        _fenced(language, suggestion.replacement) if suggestion.replacement else "To be deleted.\n",
    ]
    if suggestion.precedents:
        places = [visible(f"{one.path}:{one.line}") for one in suggestion.precedents]
        parts.append(f"As in {', '.join(places)}:\n")
        parts.append(_fenced(language, tuple(one.text.strip() for one in suggestion.precedents)))
    return "\n".join(parts)

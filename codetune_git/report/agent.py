"""Findings for a coding agent: at most ten lines, each of which it can act on without asking again.

Knows what an agent needs: the place, what stands there, what should, and how often the repository writes it so. Does
not know which agent reads it.
"""

from __future__ import annotations

from collections.abc import Sequence

from codetune_git.domain import Findings, Suggestion, Verification
from codetune_git.report.text import counted, visible

MOST_LINES = 10
_MOST_CHARACTERS = 100  # of a text that is quoted


def _quoted(lines: Sequence[str]) -> str:
    """The lines as one text, without the indentation of the first; a long one is cut."""
    text = "\\n".join(visible(line) for line in lines).lstrip()
    if not text:
        return "nothing" if not lines else "an empty line"
    return f"`{text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + '…'}`"


def _why(suggestion: Suggestion) -> str:
    """The convention, and how many places say so, in five words."""
    agree, total = suggestion.support.agree, suggestion.support.agree + suggestion.support.differ
    return f"{suggestion.kind}: {suggestion.phrase}" + (f", {agree} of {total} here" if total else "")


def _changed(suggestion: Suggestion) -> tuple[int, Sequence[str], Sequence[str]]:
    """The first line that changes, the old lines and the new ones, without what both begin and end with."""
    old, new = suggestion.original, suggestion.replacement
    before = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    old, new = old[before:], new[before:]
    after = next((at for at, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), None)
    same = min(len(old), len(new)) if after is None else after
    return suggestion.lines.first + before, old[: len(old) - same], new[: len(new) - same]


def _line(suggestion: Suggestion) -> str:
    number, old, new = _changed(suggestion)
    place = visible(f"{suggestion.path}:{number}")
    if not old:
        return f"{place}: insert {_quoted(new)} before it ({visible(_why(suggestion))})"
    if not new:
        return f"{place}: delete {_quoted(old)} ({visible(_why(suggestion))})"
    return f"{place}: write {_quoted(new)} for {_quoted(old)} ({visible(_why(suggestion))})"


def instructions(findings: Findings) -> str:
    """What to mend, the surest first where there is more than fits, and how; "" where there is nothing to mend."""
    suggestions = findings.suggestions
    if not suggestions:
        return ""
    most = MOST_LINES - 2
    surest = sorted(suggestions, key=lambda one: -one.confidence)[: most if len(suggestions) <= most else most - 1]
    shown = sorted(surest, key=lambda one: (one.path, one.lines))
    safe = sum(one.verification is Verification.SAFE for one in suggestions)
    lines = [
        f"codetune: {counted(len(suggestions), 'place')} to write as this repository does; mend what you wrote:",
        *map(_line, shown),
    ]
    if more := len(suggestions) - len(shown):
        lines.append(f"and {more} more: git codetune check")
    if safe:
        lines.append(f"`git codetune check --fix` mends {safe} of {len(suggestions)}: proven to mean the same")
    return "".join(f"{line}\n" for line in lines)

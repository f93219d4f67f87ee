"""Findings for a person at a terminal. Knows lines, colours and columns; does not know where they are shown.

A suggestion is shown as: where, the old lines, the new ones, and one line that says why. What differs inside a line is
marked: by colour, or without it by carets below. What could steer a terminal or hide code is shown escaped.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codetune_git.domain import BY_COUNTS, Findings, Skipped, Suggestion, Verification
from codetune_git.report.difference import Columns, changed_columns
from codetune_git.report.formats import Report

_BOLD, _DIM, _RED, _GREEN, _INVERSE, _PLAIN_INVERSE, _RESET = (f"\x1b[{n}m" for n in (1, 2, 31, 32, 7, 27, 0))
# Control characters but the tab, and what changes the direction of text or has no width.
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MOST_REASONS = 3
_MOST_UNREAD = 10


@dataclass(frozen=True, slots=True)
class _Line:
    """A line to show: its mark (`-`, `+` or a blank) and the columns in it that changed."""

    mark: str
    text: str
    changed: Columns = ()


def visible(text: str) -> str:
    """`text` with escapes in place of characters that would act on the terminal or not be seen."""
    return _UNSEEN.sub(lambda found: repr(found[0])[1:-1], text)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[_Line]:
    """Lines in the order of a diff; where as many lines come as go, they are compared one by one."""
    for step, i, j, k, m in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if step == "equal":
            yield from (_Line(" ", line) for line in old[i:j])
            continue
        paired = j - i == m - k
        columns = [changed_columns(a, b) for a, b in zip(old[i:j], new[k:m], strict=True)] if paired else []
        deleted = [c[0] for c in columns] or [()] * (j - i)
        inserted = [c[1] for c in columns] or [()] * (m - k)
        yield from (_Line("-", line, spans) for line, spans in zip(old[i:j], deleted, strict=True))
        yield from (_Line("+", line, spans) for line, spans in zip(new[k:m], inserted, strict=True))


def _colored_line(line: _Line) -> str:
    shown, at = [], 0
    for start, end in line.changed:
        shown += [line.text[at:start], _INVERSE, line.text[start:end], _PLAIN_INVERSE]
        at = end
    text = "".join([*shown, line.text[at:]])
    color = {"-": _RED, "+": _GREEN}.get(line.mark, "")
    return f"  {color}{line.mark} {text}{_RESET if color else ''}"


def _blank(character: str) -> str:
    """As wide as `character`, but empty."""
    if character == "\t":
        return character
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "


def _plain_lines(line: _Line) -> Iterator[str]:
    yield f"  {line.mark} {line.text}".rstrip(" ")
    if line.changed:
        marks = [_blank(c) for c in line.text]
        for start, end in line.changed:
            marks[start:end] = [
                "^" * len(mark) for mark in (_blank(c).replace("\t", " ") for c in line.text[start:end])
            ]
        yield f"    {''.join(marks)}".rstrip()


def why(suggestion: Suggestion) -> str:
    """The convention, how this repository writes it, where, and how sure it is; one line."""
    agree, total = suggestion.support.agree, suggestion.support.agree + suggestion.support.differ
    because = [f"{suggestion.kind}: {suggestion.phrase}".rstrip(": ")]
    if total:
        because.append(f"as in {agree} of {total} places here")
    if suggestion.precedents:
        because.append(f"e.g. {suggestion.precedents[0].path}:{suggestion.precedents[0].line}")
    others = [kind for kind in suggestion.kinds if kind != suggestion.kind]
    if others:
        because.append(f"also {', '.join(others)}")
    if suggestion.verification is Verification.UNSAFE:
        because.append("not proven to mean the same")
    if suggestion.verification is Verification.ASSUMING:
        because.append(f"assuming that {suggestion.assumption.replace(', ', ' and ')}")
    sure = min(99, int(suggestion.confidence * 100))  # never "100 %": it is a model's opinion
    return visible(f"{', '.join(because)}  ({sure} % sure)")


def _shown(suggestion: Suggestion, color: bool) -> Iterator[str]:
    where = visible(f"{suggestion.path}:{suggestion.lines.first}")
    yield f"{_BOLD}{where}{_RESET}" if color else where
    old, new = (tuple(map(visible, lines)) for lines in (suggestion.original, suggestion.replacement))
    for line in _compared(old, new):
        if color:
            yield _colored_line(line)
        else:
            yield from _plain_lines(line)
    said = why(suggestion)
    yield f"    {_DIM}{said}{_RESET}" if color else f"    {said}"
    yield ""


def counted(number: int, noun: str) -> str:
    """So many of them, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def unread(skipped: Iterable[Skipped]) -> str:
    """A line for each of the first files that were not looked at, with its reason; "" where there is none."""
    files = [one for one in skipped if one.line is None]
    lines = [f"{visible(one.path)}: not looked at: {visible(one.reason)}\n" for one in files[:_MOST_UNREAD]]
    more = len(files) - _MOST_UNREAD
    return "".join([*lines, f"{counted(more, 'more file')} not looked at\n"] if more > 0 else lines)


def left_out(skipped: Iterable[Skipped]) -> str:
    """The commonest reasons and how often each was given; "" where nothing was left out."""
    reasons = Counter(one.reason for one in skipped).most_common()
    named = [f"{number} x {reason}" for reason, number in reasons[:_MOST_REASONS]]
    more = sum(number for _, number in reasons[_MOST_REASONS:])
    return f"left out: {', '.join([*named, f'{more} more'] if more else named)}" if named else ""


def judged_by(adapter: str) -> str:
    """What suggestions rest on where that is no adapter, with what to do about it; else ""."""
    return "by counts; `git codetune train` adds the model" if adapter == BY_COUNTS else ""


def _summary(findings: Findings) -> str:
    files = len({suggestion.path for suggestion in findings.suggestions})
    said = f"{counted(len(findings.suggestions), 'suggestion')} in {counted(files, 'file')}"
    return visible("; ".join(filter(None, [said, left_out(findings.skipped), judged_by(findings.adapter)])))


def render(report: Report) -> str:
    """The suggestions by file and line, then a summary line; "" where there is nothing to suggest."""
    findings = report.findings
    if not findings.suggestions:
        return ""
    ordered = sorted(findings.suggestions, key=lambda s: (s.path, s.lines))
    lines = [line for suggestion in ordered for line in _shown(suggestion, report.color)]
    return "\n".join([*lines, _summary(findings), ""])

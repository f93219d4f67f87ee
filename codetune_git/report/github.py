"""Findings as a review of a pull request: the body of GitHub's `POST /repos/{owner}/{repo}/pulls/{n}/reviews`
(REST API, version 2022-11-28), with suggestions that one click commits.

Knows that request, where in a diff a comment may stand, and Markdown (GitHub Flavored Markdown 0.29: line ends 2.2,
fences 4.5, code spans 6.3). Does not know GitHub itself: who sends the request, and what GitHub answers.

All text that is not ours stands in a fence or in a code span, where nothing of it acts: no markup, no mention, no link.
A suggestion is a comment where a block of lines can say it exactly and the diff shows its lines; else the review's own
text tells of it, with escapes for what cannot be seen or is not UTF-8.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from codetune_git.domain import LineRange, Suggestion
from codetune_git.report.formats import Report
from codetune_git.report.line_suggestion import LineSuggestion, line_suggestions
from codetune_git.report.text import visible, why
from codetune_git.text.line_edits import bare

_CONTEXT = 3
_MOST = 60_000  # characters; GitHub refuses texts of more than 65,536, and with one of them the whole review
# A carriage return ends a line in Markdown, and a null is replaced.
_UNSAYABLE = re.compile("[\r\x00]")


def _hunks(added: Iterable[LineRange]) -> list[LineRange]:
    """The lines that the diff shows: those added with their context, as one where these touch."""
    found: list[LineRange] = []
    for one in sorted(added):
        first = max(1, one.first - _CONTEXT)
        if found and first <= found[-1].last + 1:
            first = found.pop().first
        found.append(LineRange(first, one.last + _CONTEXT))
    return found


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _fenced(language: str, lines: Sequence[str]) -> str:
    fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    return "\n".join([fence + language, *lines, fence])


def _code(text: str) -> str:
    """A code span; the blanks inside are not shown, and keep backticks of `text` apart from the marks."""
    marks = "`" * (_longest_run(text) + 1)
    return f"{marks} {text} {marks}"


def _sayable(block: LineSuggestion) -> bool:
    return block.expressible and not any(_UNSAYABLE.search(bare(line)) for line in block.new)


def _body(block: LineSuggestion) -> str:
    return f"{_code(why(block.suggestion))}\n\n{_fenced('suggestion', [bare(line) for line in block.new])}"


def _comment(block: LineSuggestion) -> dict[str, object]:
    path, (first, last) = block.suggestion.path, block.suggestion.lines
    comment: dict[str, object] = {"path": path, "line": last, "side": "RIGHT", "body": _body(block)}
    # GitHub wants the first line only where it is another one.
    return comment | {"start_line": first, "start_side": "RIGHT"} if first < last else comment


def _told(suggestion: Suggestion) -> str:
    where = _code(visible(f"{suggestion.path}:{suggestion.lines.first}").replace("\t", " "))
    old = [f"-{visible(line)}" for line in suggestion.original]
    new = [f"+{visible(line)}" for line in suggestion.replacement]
    return f"{where}: {_code(why(suggestion))}\n\n{_fenced('diff', [*old, *new])}"


def _text(found: int, told: Sequence[str]) -> str:
    """The review's own text; what does not fit is counted."""
    parts = [f"codetune: {found} suggestion{'' if found == 1 else 's'} to write this as the repository does."]
    if told:
        parts.append("Not shown beside the lines, which the diff does not show or a comment cannot say exactly:")
    for n, one in enumerate(told):
        if sum(map(len, parts)) + len(one) > _MOST:
            return "\n\n".join([*parts, f"{len(told) - n} more do not fit here."])
        parts.append(one)
    return "\n\n".join(parts)


def render(report: Report) -> str:
    """One JSON object and a line feed, ASCII only.

    Its comments belong to the newest commit of the pull request, which is to be the end of the range.
    """
    comments, told = [], []
    hunks = {file.path: _hunks(file.added) for file in report.files}
    for block in line_suggestions(report):
        suggestion = block.suggestion
        shown = any(hunk.contains(suggestion.lines) for hunk in hunks.get(suggestion.path, ()))
        if shown and _sayable(block) and len(_body(block)) <= _MOST:
            comments.append(_comment(block))
        else:
            told.append(_told(suggestion))
    review = {"event": "COMMENT", "body": _text(len(report.findings.suggestions), told), "comments": comments}
    return json.dumps(review, indent=1) + "\n"

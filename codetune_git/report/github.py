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
from collections.abc import Iterable, Mapping, Sequence

from codetune_git.domain import Findings, LineRange, Suggestion
from codetune_git.report.proposal import Proposal, proposals
from codetune_git.report.text import visible, why
from codetune_git.text.changes import bare

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


def _sayable(proposal: Proposal) -> bool:
    return proposal.expressible and not any(_UNSAYABLE.search(bare(line)) for line in proposal.new)


def _body(proposal: Proposal) -> str:
    return f"{_code(why(proposal.suggestion))}\n\n{_fenced('suggestion', [bare(line) for line in proposal.new])}"


def _comment(proposal: Proposal) -> dict[str, object]:
    path, (first, last) = proposal.suggestion.path, proposal.suggestion.lines
    comment: dict[str, object] = {"path": path, "line": last, "side": "RIGHT", "body": _body(proposal)}
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


def render_github(
    findings: Findings,
    contents: Mapping[str, bytes],
    added: Mapping[str, Sequence[LineRange]],
    *,
    commit_id: str | None = None,
) -> str:
    """One JSON object and a line feed, ASCII only; `contents`: the bytes at the end of the range by path.

    `added`: the lines of them that the pull request adds, by path. `commit_id`: the commit that holds `contents`
    (GitHub takes the newest one without it).
    Raises ValueError where a suggestion does not fit the contents, KeyError where contents are missing.
    """
    comments, told = [], []
    hunks = {path: _hunks(lines) for path, lines in added.items()}
    for proposal in proposals(findings, contents):
        one = proposal.suggestion
        shown = any(hunk.contains(one.lines) for hunk in hunks.get(one.path, ()))
        if shown and _sayable(proposal) and len(_body(proposal)) <= _MOST:
            comments.append(_comment(proposal))
        else:
            told.append(_told(one))
    review = {"event": "COMMENT", "body": _text(len(findings.suggestions), told), "comments": comments}
    return json.dumps(({"commit_id": commit_id} if commit_id else {}) | review, indent=1) + "\n"

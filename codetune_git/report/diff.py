"""Findings as a unified diff that `git apply --cached` takes. Knows lines and hunks; does not know git.

The lines come from the staged contents, not from the suggestions, so line ends stay as they are. Changes with their
context are hunks; those whose contexts touch share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from codetune_git.domain import Suggestion
from codetune_git.report.formats import Report
from codetune_git.text.line_edits import LineEdit, line_edits, lines_of

_CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file\n"
_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}


def _clusters(edits: Iterable[LineEdit]) -> Iterator[list[LineEdit]]:
    cluster: list[LineEdit] = []
    for edit in edits:
        if cluster and edit.start - cluster[-1].end > 2 * _CONTEXT:
            yield cluster
            cluster = []
        cluster.append(edit)
    if cluster:
        yield cluster


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n{_NO_NEWLINE}"


def _position(start: int, count: int) -> str:
    # An empty side names the line that it follows.
    return f"{start + 1 if count else start},{count}"


def _hunk(lines: Sequence[str], cluster: Sequence[LineEdit], shift: int) -> str:
    """`shift`: how many lines earlier hunks have added."""
    start = max(0, cluster[0].start - _CONTEXT)
    end = min(len(lines), cluster[-1].end + _CONTEXT)
    body: list[str] = []
    at = start
    for edit in cluster:
        body += _marked(" ", lines[at : edit.start])
        body += _marked("-", lines[edit.start : edit.end])
        body += _marked("+", edit.new)
        at = edit.end
    body += _marked(" ", lines[at:end])
    count = end - start + sum(edit.growth for edit in cluster)
    return f"@@ -{_position(start, end - start)} +{_position(start + shift, count)} @@\n{''.join(body)}"


def _quoted(name: str) -> str:
    """A path as git writes it: in quotes with octal bytes where it must, a tab behind it where it holds blanks."""
    raw = name.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in _ESCAPES for byte in raw):
        return name
    plain = (_ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in raw)
    return f'"{"".join(plain)}"'


def _header(path: str) -> str:
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    end = "\t\n" if " " in path and not old.startswith('"') else "\n"
    return f"diff --git {old} {new}\n--- {old}{end}+++ {new}{end}"


def _file_diff(path: str, content: bytes, suggestions: Iterable[Suggestion]) -> str:
    lines = lines_of(content)
    hunks, shift = [], 0
    for cluster in _clusters(line_edits(lines, suggestions)):
        hunks.append(_hunk(lines, cluster, shift))
        shift += sum(edit.growth for edit in cluster)
    return _header(path) + "".join(hunks) if hunks else ""


def unified_diff(suggestions: Iterable[Suggestion], contents: Mapping[str, bytes]) -> str:
    """A diff that makes `suggestions`, any subset of those made for the staged `contents` (by path); "" for none.

    Raises ValueError where a suggestion does not fit the contents or two overlap, KeyError where contents are missing.
    """
    ordered = sorted(suggestions, key=lambda s: s.path)
    return "".join(_file_diff(path, contents[path], group) for path, group in groupby(ordered, key=lambda s: s.path))


def render(report: Report) -> str:
    """The diff that makes all suggestions; "" where there is none."""
    return unified_diff(report.findings.suggestions, report.contents)

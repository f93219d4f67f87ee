"""Findings as a unified diff that `git apply --cached` takes. Knows bytes, lines and hunks; does not know git.

The lines come from the staged contents, not from the suggestions: line ends, a byte order mark and a missing line feed
at the end of the file stay as they are. Texts are decoded as UTF-8 with surrogateescape, and to be written out so.

1 replacements: each suggestion's lines with the file's own line ends, without what stays the same at both ends
2 hunks: replacements with their context; those whose contexts touch share a hunk
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from codetune_git.domain import Suggestion

_CONTEXT = 3
_BOM = "\ufeff"
_NO_NEWLINE = "\\ No newline at end of file\n"
_ESCAPES = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}


@dataclass(frozen=True, slots=True)
class _Replacement:
    """Lines `[start, end)`, 0-based, become `new`; all with their line ends."""

    start: int
    end: int
    new: tuple[str, ...]


def _split(content: bytes) -> tuple[str, ...]:
    """The lines with their ends; only a line feed ends a line, as for git."""
    text = content.decode("utf-8", "surrogateescape")
    return tuple(re.findall(r"[^\n]*\n|[^\n]+", text))


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _ending(line: str) -> str:
    return line[len(_bare(line)) :]


def _replacement(lines: Sequence[str], suggestion: Suggestion) -> _Replacement:
    """Step 1; raises ValueError where the suggestion was not made for these lines."""
    start, end = suggestion.lines.first - 1, suggestion.lines.last
    old = lines[start:end]
    bom = _BOM if start == 0 and old and old[0].startswith(_BOM) else ""
    if tuple(_bare(line) for line in old) != (bom + suggestion.original[0], *suggestion.original[1:]):
        raise ValueError(f"{suggestion.path}:{suggestion.lines.first} is not what suggestion {suggestion.id} replaces")
    inner = _ending(old[0]) or (_ending(lines[start - 1]) if start else "\n")
    written = [line + inner for line in suggestion.replacement]
    if written:
        written[0] = bom + written[0]
        written[-1] = _bare(written[-1]) + _ending(old[-1])
    return _trimmed(_Replacement(start, end, tuple(written)), old)


def _trimmed(replacement: _Replacement, old: Sequence[str]) -> _Replacement:
    new, most = replacement.new, min(len(old), len(replacement.new))
    head = next((i for i in range(most) if old[i] != new[i]), most)
    tail = next((i for i in range(most - head) if old[-1 - i] != new[-1 - i]), most - head)
    return _Replacement(replacement.start + head, replacement.end - tail, new[head : len(new) - tail])


def _clusters(replacements: Iterable[_Replacement]) -> Iterator[list[_Replacement]]:
    cluster: list[_Replacement] = []
    for replacement in replacements:
        if cluster and replacement.start - cluster[-1].end > 2 * _CONTEXT:
            yield cluster
            cluster = []
        cluster.append(replacement)
    if cluster:
        yield cluster


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{mark}{line}" if line.endswith("\n") else f"{mark}{line}\n{_NO_NEWLINE}"


def _position(start: int, count: int) -> str:
    # An empty side names the line that it follows.
    return f"{start + 1 if count else start},{count}"


def _hunk(lines: Sequence[str], cluster: Sequence[_Replacement], shift: int) -> str:
    """Step 2. `shift`: how many lines earlier hunks have added."""
    start = max(0, cluster[0].start - _CONTEXT)
    end = min(len(lines), cluster[-1].end + _CONTEXT)
    body: list[str] = []
    at = start
    for replacement in cluster:
        body += _marked(" ", lines[at : replacement.start])
        body += _marked("-", lines[replacement.start : replacement.end])
        body += _marked("+", replacement.new)
        at = replacement.end
    body += _marked(" ", lines[at:end])
    count = end - start + sum(len(r.new) - (r.end - r.start) for r in cluster)
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
    lines = _split(content)
    replacements = [_replacement(lines, s) for s in sorted(suggestions, key=lambda s: s.lines)]
    if any(after.start < before.end for before, after in pairwise(replacements)):
        raise ValueError(f"suggestions for {path} overlap")
    hunks, shift = [], 0
    for cluster in _clusters(r for r in replacements if lines[r.start : r.end] != r.new):
        hunks.append(_hunk(lines, cluster, shift))
        shift += sum(len(r.new) - (r.end - r.start) for r in cluster)
    return _header(path) + "".join(hunks) if hunks else ""


def render_diff(suggestions: Iterable[Suggestion], contents: Mapping[str, bytes]) -> str:
    """A diff that makes `suggestions`, any subset of those made for the staged `contents` (by path); "" for none.

    Raises ValueError where a suggestion does not fit the contents or two overlap, KeyError where contents are missing.
    """
    ordered = sorted(suggestions, key=lambda s: s.path)
    return "".join(_file_diff(path, contents[path], group) for path, group in groupby(ordered, key=lambda s: s.path))

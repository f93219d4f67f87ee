"""Two passes over a staged file as one: what is said about a rewritten file is said about the file as it was staged.

Knows lines and suggestions. Does not know why anything is suggested, nor whether the joined rewrites are proven.

A rewrite may bring up the next one: names aligned under a bracket that moves, a line that now fits. What follows from a
suggestion becomes a part of it, so that a run on the text with all suggestions taken suggests nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from codetune_git.domain import LineRange, Suggestion
from codetune_git.text.hunks import runs

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class Joint:
    """Suggestions of the `first` and `second` pass that belong together, as one about the staged text.

    `suggestion` is None where the second pass takes back what the first one did.
    """

    suggestion: Suggestion | None
    first: tuple[Suggestion, ...]
    second: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A suggestion of the first or second pass, and its lines in the text between the two."""

    suggestion: Suggestion
    first: int
    last: int
    second: bool


def _growth(suggestion: Suggestion) -> int:
    return len(suggestion.replacement) - len(suggestion.original)


def _shifted(lines: LineRange, found: Sequence[Suggestion]) -> LineRange:
    """Where `lines`, which hold every suggestion wholly or not at all, are once `found` is taken."""
    before = sum(_growth(one) for one in found if one.lines.last < lines.first)
    inside = sum(_growth(one) for one in found if lines.contains(one.lines))
    return LineRange(lines.first + before, lines.last + before + inside)


def taken(lines: Lines, found: Sequence[Suggestion]) -> tuple[str, ...]:
    """The lines of a text with all of `found` taken."""
    result = list(lines)
    for one in sorted(found, key=lambda one: one.lines, reverse=True):
        result[one.lines.first - 1 : one.lines.last] = one.replacement
    return tuple(result)


def touched(hunks: Sequence[LineRange], found: Sequence[Suggestion]) -> tuple[LineRange, ...]:
    """Those of the staged hunks that `found` changes, where they are once it is taken; none of them is empty."""
    moved = (_shifted(hunk, found) for hunk in hunks if any(hunk.contains(one.lines) for one in found))
    return tuple(hunk for hunk in moved if hunk.first <= hunk.last)


def _between(found: Sequence[Suggestion], more: Sequence[Suggestion]) -> list[_Said]:
    said = [_Said(one, one.lines.first, one.lines.last, True) for one in more]
    for one in found:
        place = _shifted(one.lines, found)
        said.append(_Said(one, place.first, place.last, False))
    return sorted(said, key=lambda one: (one.first, one.last))


def _as_staged(line: int, said: Sequence[_Said], *, end: bool) -> int:
    """The staged line that became `line`; the end (or the beginning) of a first suggestion that it lies in."""
    for one in said:
        if not one.second and one.first <= line <= one.last:
            return one.suggestion.lines.last if end else one.suggestion.lines.first
    return line - sum(_growth(one.suggestion) for one in said if not one.second and one.last < line)


def _combined(lines: Lines, between: Lines, group: Sequence[_Said], said: Sequence[_Said]) -> Suggestion | None:
    """One suggestion of a whole group; None where it changes nothing."""
    if len(group) == 1 and not group[0].second:
        return group[0].suggestion
    first, last = group[0].first, max(one.last for one in group)
    written = list(between[first - 1 : last])
    for one in sorted((one for one in group if one.second), key=lambda one: one.first, reverse=True):
        written[one.first - first : one.last - first + 1] = one.suggestion.replacement
    place = LineRange(_as_staged(first, said, end=False), _as_staged(last, said, end=True))
    original = tuple(lines[place.first - 1 : place.last])
    if original == tuple(written):
        return None
    members = [one.suggestion for one in group]
    lead = max(members, key=lambda one: one.confidence)
    kinds = tuple(dict.fromkeys(kind for one in members for kind in one.kinds))
    return replace(lead, lines=place, original=original, replacement=tuple(written), kinds=kinds)


def joined(lines: Lines, found: Sequence[Suggestion], more: Sequence[Suggestion]) -> tuple[Joint, ...]:
    """`found` about `lines` and `more` about what it makes of them, both about `lines`; disjoint, in order."""
    said, between = _between(found, more), taken(lines, found)
    return tuple(
        Joint(
            _combined(lines, between, group, said),
            tuple(one.suggestion for one in group if not one.second),
            tuple(one.suggestion for one in group if one.second),
        )
        for group in runs(said, lambda one: LineRange(one.first, one.last))
    )

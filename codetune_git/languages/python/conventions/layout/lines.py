"""Lines of Python: how a run of lines is shifted sideways. Knows bytes; does not know any one convention."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Edit
from codetune_git.languages.shared.lines import BLANKS, line_end
from codetune_git.text.source import Source


def nodes_between(source: Source, start: int, end: int) -> Sequence[Node]:
    """The nodes that begin in the bytes `[start, end)`."""
    first = bisect_left(source.nodes, start, key=lambda n: n.start_byte)
    return source.nodes[first : bisect_left(source.nodes, end, lo=first, key=lambda n: n.start_byte)]


def lines_without_code(text: bytes, offset: int) -> bytes:
    """The blank lines and own-line comments that follow the line of `offset`."""
    start = end = line_end(text, offset) + 1
    while end < len(text) and text[end : line_end(text, end)].strip(BLANKS)[:1] in (b"", b"#"):
        end = line_end(text, end) + 1
    return text[start:end]


@dataclass(frozen=True, slots=True)
class Shift:
    """Lines that stand behind `base` + `old` come to stand behind `base` + `new`."""

    base: bytes
    old: bytes
    new: bytes

    @property
    def before(self) -> bytes:
        return self.base + self.old

    @property
    def after(self) -> bytes:
        return self.base + self.new

    def _leaves(self, line: bytes) -> bool:
        """Whether a line may stay: it is blank, or a comment further left that the shifted lines do not take in."""
        content = line.lstrip(BLANKS)
        return not content or (content.startswith(b"#") and not line.startswith((self.before, self.after)))

    def allows(self, text: bytes, starts: Iterable[int], following: bytes = b"") -> bool:
        """Whether the lines `starts` can be shifted: each stands behind `before`, or may stay where it is.

        Comments that stand further left stay, but they must not be taken in by the shifted lines; nor must those
        in `following`, the lines after them.
        """
        before = self.before
        inside = (s for s in starts if not text.startswith(before, s))
        return all(self._leaves(text[s : line_end(text, s)]) for s in inside) and all(
            map(self._leaves, following.split(b"\n"))
        )

    def edits(self, text: bytes, starts: Sequence[int], following: bytes = b"") -> tuple[Edit, ...] | None:
        """One edit for each of the lines `starts` that stands behind `before` and is not blank; None if not allowed."""
        if not self.allows(text, starts, following):
            return None
        before, first = self.before, len(self.base)
        return tuple(
            Edit(start + first, start + len(before), self.new)
            for start in starts
            if text.startswith(before, start) and text[start : line_end(text, start)].strip(BLANKS)
        )

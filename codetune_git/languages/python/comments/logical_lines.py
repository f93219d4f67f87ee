"""Which lines make one: statements and the first lines of compound ones, strings, lines that a backslash continues.

Knows the syntax tree. Does not know why somebody asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tree_sitter import Node

from codetune_git.domain import LineRange
from codetune_git.text.source import Source

_DEFINITIONS = frozenset({"function_definition", "class_definition"})
_COMPOUND = _DEFINITIONS | {
    "if_statement",
    "for_statement",
    "while_statement",
    "try_statement",
    "with_statement",
    "match_statement",
    "case_clause",
    "decorated_definition",
}


def _lines(first: Node, last: Node) -> LineRange:
    return LineRange(first.start_point[0] + 1, last.end_point[0] + 1)


def _merged(found: Iterable[LineRange]) -> tuple[LineRange, ...]:
    """Ascending, those that share a line made one."""
    merged: list[LineRange] = []
    for one in sorted(found):
        if merged and merged[-1].touches(one):
            merged[-1] = LineRange(merged[-1].first, max(merged[-1].last, one.last))
        else:
            merged.append(one)
    return tuple(merged)


def _containing(ranges: Sequence[LineRange], line: int) -> LineRange:
    """The one of `ranges`, which are ascending, that has the line; else the line alone."""
    place = bisect_right(ranges, line, key=lambda one: one.first)
    alone = LineRange(line, line)
    return ranges[place - 1] if place and ranges[place - 1].touches(alone) else alone


def _header(block: Node) -> LineRange | None:
    """From the word that opens a compound statement, or a clause of it, to its colon."""
    owner = block.parent
    colon = block.prev_sibling
    while colon is not None and colon.type == "comment":
        colon = colon.prev_sibling
    return None if owner is None or colon is None else _lines(owner, colon)


@dataclass(frozen=True)
class LogicalLines:
    """The lines of one file by what they belong to."""

    source: Source

    def _of(self, *kinds: str) -> Iterator[Node]:
        return (node for node, _ in self.source.of_kinds(kinds))

    @cached_property
    def _blocks(self) -> tuple[Node, ...]:
        return tuple(self._of("block"))

    @cached_property
    def _inside(self) -> tuple[Node, ...]:
        """What stands in the module and in every block, comments left out."""
        bodies = (self.source.tree.root_node, *self._blocks)
        return tuple(child for body in bodies for child in body.named_children if child.type != "comment")

    @cached_property
    def _begins(self) -> tuple[tuple[int, int], ...]:
        """The line and column at which each statement and each clause begins."""
        clauses = (block.parent for block in self._blocks if block.parent is not None)
        return tuple((node.start_point[0] + 1, node.start_point[1]) for node in (*self._inside, *clauses))

    @cached_property
    def _statements(self) -> tuple[LineRange, ...]:
        simple = [_lines(child, child) for child in self._inside if child.type not in _COMPOUND]
        headers = [header for header in map(_header, self._blocks) if header is not None]
        return _merged([*simple, *headers, *(_lines(node, node) for node in self._of("decorator"))])

    @cached_property
    def _physical(self) -> tuple[LineRange, ...]:
        continued = (
            LineRange(node.start_point[0] + 1, node.start_point[0] + 2) for node in self._of("line_continuation")
        )
        return _merged([*(_lines(node, node) for node in self._of("string")), *continued])

    @cached_property
    def _definitions(self) -> dict[int, LineRange]:
        """Each definition by the first line of its header."""
        return {node.start_point[0] + 1: _lines(node, node) for node in self._of(*_DEFINITIONS)}

    def line(self, line: int) -> LineRange:
        """The line with those that a string or a backslash makes one with it."""
        return _containing(self._physical, line)

    def statement(self, line: int) -> LineRange:
        """The logical line that the line is a part of."""
        return _containing(self._statements, line)

    def definition(self, line: int) -> LineRange:
        """The definition of which the line is a part of the header; else its logical line."""
        statement = self.statement(line)
        return self._definitions.get(statement.first, statement)

    def following(self, line: int) -> LineRange:
        """The logical line that begins after the line."""
        place = bisect_right(self._statements, line, key=lambda one: one.first)
        return self._statements[place] if place < len(self._statements) else LineRange(line, line)

    def end_of_block(self, line: int, column: int) -> int:
        """The last line before the first statement after the line that begins left of the column."""
        ends = (first for first, begins in self._begins if first > line and begins < column)
        return min(ends, default=len(self.source.line_starts) + 1) - 1

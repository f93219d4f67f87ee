"""A file's text with its syntax tree. Knows bytes, lines and tree-sitter; does not know conventions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar

from tree_sitter import Node, Tree

from codetune_git.domain import Edit, LineRange
from codetune_git.text.grammar import Grammar

Read = TypeVar("Read")
_LINE_FEED = re.compile(rb"\n")


def _walk(tree: Tree, start: int, end: int) -> Iterator[Node]:
    """All nodes that touch the bytes `[start, end]`, in document order, parents first."""
    cursor = tree.walk()
    while True:
        node = cursor.node
        inside = node is not None and node.end_byte >= start and node.start_byte <= end
        if node is not None and inside:
            yield node
        if inside and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


@dataclass(frozen=True)
class Source:
    """The UTF-8 bytes of a file and their tree-sitter tree; line feeds only, no byte order mark.

    `nodes` are all nodes in document order, parents first, or those that touch the bytes of the `window`. `limit` is
    the width in columns that its house keeps lines within; 0 where nobody has said.
    """

    text: bytes
    grammar: Grammar
    tree: Tree
    line_starts: tuple[int, ...]
    nodes: tuple[Node, ...]
    window: tuple[int, int]
    limit: int = 0

    @classmethod
    def parse(cls, text: bytes, grammar: Grammar, lines: LineRange | None = None) -> Source:
        """The text with all its nodes, or with those that touch `lines` and their ancestors."""
        tree = grammar.tree(text)
        starts = (0, *(match.end() for match in _LINE_FEED.finditer(text)))
        whole = cls(text, grammar, tree, starts, (), (0, len(text)))
        start, end = whole.window if lines is None else whole.span_of(lines)
        return replace(whole, nodes=tuple(_walk(tree, start, end)), window=(start, end))

    def with_text(self, text: bytes, lines: LineRange | None = None) -> Source:
        """Another text in the same language."""
        return replace(Source.parse(text, self.grammar, lines), limit=self.limit)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The type of each of `nodes`: asking a node costs more than everything else that a walk does."""
        return tuple(node.type for node in self.nodes)

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """The positions in `nodes` of each node type, ascending."""
        found: dict[str, list[int]] = {}
        for place, kind in enumerate(self.kinds):
            found.setdefault(kind, []).append(place)
        return {kind: tuple(positions) for kind, positions in found.items()}

    def _places_of(self, kinds: Iterable[str]) -> list[int]:
        return sorted(chain.from_iterable(self.places.get(kind, ()) for kind in kinds))

    def of_kinds(self, kinds: Iterable[str]) -> Iterator[tuple[Node, str]]:
        """The nodes of these types, each with its type, in document order."""
        for place in self._places_of(kinds):
            yield self.nodes[place], self.kinds[place]

    @cached_property
    def inside_opaque(self) -> frozenset[int]:
        """The positions in `nodes` of those that lie inside an opaque node."""
        inside: set[int] = set()
        for place in self._places_of(self.grammar.opaque):
            if place in inside:
                continue
            end, within = self.nodes[place].end_byte, place + 1
            while within < len(self.nodes) and self.nodes[within].start_byte < end:
                inside.add(within)
                within += 1
        return frozenset(inside)

    def outside_opaque(self, kinds: Iterable[str]) -> Iterator[tuple[Node, str]]:
        """The nodes of these types but for those inside an opaque node, each with its type, in document order."""
        inside = self.inside_opaque
        for place in self._places_of(kinds):
            if place not in inside:
                yield self.nodes[place], self.kinds[place]

    @cached_property
    def notes(self) -> dict[object, Any]:
        """What readers of this text have worked out about it, each under a key of its own, so that it is done once."""
        return {}

    def once(self, reader: Callable[[Source], Read]) -> Read:
        """What `reader` says of this text; it is asked once."""
        if reader not in self.notes:
            self.notes[reader] = reader(self)
        said: Read = self.notes[reader]
        return said

    @property
    def has_error(self) -> bool:
        return self.tree.root_node.has_error

    def line_of(self, offset: int) -> int:
        """The 1-based line in which the byte at `offset` lies."""
        return bisect_right(self.line_starts, offset)

    def lines_of(self, start: int, end: int) -> LineRange:
        """The lines that the bytes `[start, end)` touch; an empty span touches the line it lies in."""
        starts = self.line_starts
        first = bisect_right(starts, start)
        if first == len(starts) or end <= starts[first]:
            return LineRange(first, first)
        return LineRange(first, bisect_right(starts, end - 1, first))

    def span_of(self, lines: LineRange) -> tuple[int, int]:
        """Byte offsets of whole lines, the last line's newline included."""
        end = self.line_starts[lines.last] if lines.last < len(self.line_starts) else len(self.text)
        return self.line_starts[lines.first - 1], end

    def slice(self, node: Node) -> bytes:
        return self.text[node.start_byte : node.end_byte]


def apply_edits(text: bytes, edits: Iterable[Edit]) -> bytes:
    """`text` with disjoint `edits` made; raises ValueError where they overlap."""
    result, position = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start < position:
            raise ValueError(f"overlapping edits at byte {edit.start}")
        result += [text[position : edit.start], edit.replacement]
        position = edit.end
    return b"".join([*result, text[position:]])

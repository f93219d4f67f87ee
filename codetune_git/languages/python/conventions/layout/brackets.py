"""Brackets that span several lines: what kind they are, what stands in them, how their lines are filled.

Knows syntax nodes and lines. Does not know which layout is usual.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from tree_sitter import Node

from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.shared.lines import indent_at, line_end, line_start
from codetune_git.text.source import Source

_KINDS = {kind: word for kind, word in GRAMMAR.lists.items() if word != "comprehension"}


@dataclass(frozen=True, slots=True)
class Bracket:
    """`opening` and `closing` are the offsets of the bracket characters; `comma` is that of a trailing comma, or None.

    `elements` are what the commas separate, without comments; `commented` says that there are some between them.
    `anchor` are the blanks that begin the line of the opening bracket.
    """

    kind: str
    opening: int
    closing: int
    elements: tuple[Node, ...]
    comma: int | None
    commented: bool
    anchor: bytes

    @property
    def first(self) -> int:
        """Where the first element begins."""
        return self.elements[0].start_byte

    @property
    def last(self) -> int:
        """Where the last element ends."""
        return self.elements[-1].end_byte

    def fill(self) -> str:
        """How the elements fill the lines, in a word."""
        if len(self.elements) == 1:
            return "strings" if self.elements[0].type == "concatenated_string" else "one"
        rows = [(element.start_point.row, element.end_point.row) for element in self.elements]
        return "packed" if any(a[1] == b[0] for a, b in pairwise(rows)) else "spread"

    def is_one_tuple(self) -> bool:
        """Whether it is a tuple only because of its comma."""
        return self.kind == "tuple" and len(self.elements) == 1

    def takes_comma(self) -> bool:
        """Whether a comma after the last element changes nothing; before Python 3.6 a def took none after a star."""
        return self.kind != "paren" and not self.is_one_tuple() and not (self.kind == "def" and self.is_splat())

    def is_splat(self) -> bool:
        """Whether the last element is starred, or a bare star or slash."""
        last = self.elements[-1]
        starred = last.children[0] if last.type == "typed_parameter" else last
        return "splat" in starred.type or "separator" in starred.type


def _kind(source: Source, node: Node, kind: str) -> str | None:
    """The kind of a bracket; None where its line begins inside a callee, so that it says nothing about indentation."""
    parent = node.parent if kind == "call" else None
    if parent is None:
        return kind
    if parent.type == "class_definition":
        return "class"
    start = line_start(source.text, node.start_byte)
    begins = source.text[start : node.start_byte].strip()[:1]
    return None if parent.start_byte < start and begins not in (b")", b"]", b"}", b".") else kind


def _bracket(source: Source, node: Node, kind: str) -> Bracket | None:
    children = node.children
    if kind == "import":
        children = children[next((i for i, child in enumerate(children) if child.type == "("), len(children)) :]
    elements = tuple(child for child in children if child.is_named and child.type != "comment")
    if not elements or children[0].type not in "([{":
        return None
    comments = any(child.type == "comment" for child in children)
    before_last = next(child for child in reversed(children[:-1]) if child.type != "comment")
    return Bracket(
        kind,
        children[0].start_byte,
        children[-1].start_byte,
        elements,
        before_last.start_byte if before_last.type == "," else None,
        comments,
        indent_at(source.text, children[0].start_byte),
    )


def bracket_of(source: Source, node: Node) -> Bracket | None:
    """The bracket that `node` is, if it spans several lines, holds something and contains no broken code."""
    kind = _KINDS[node.type]
    if source.text.find(b"\n", node.start_byte, node.end_byte) < 0 or node.has_error:
        return None
    known = _kind(source, node, kind)
    found = _bracket(source, node, known) if known else None
    return found if found and source.text.find(b"\n", found.opening, found.closing) >= 0 else None


def brackets(source: Source) -> list[Bracket]:
    """The brackets of several lines in document order, but for those in strings."""
    return [found for node, _ in source.outside_opaque(_KINDS) if (found := bracket_of(source, node))]


def lines_inside(source: Source, bracket: Bracket) -> list[int]:
    """Where the lines after the one of the opening bracket begin, up to that of the closing bracket."""
    last = line_end(source.text, bracket.closing)
    return [
        s for s in source.line_starts[source.line_of(bracket.opening) : source.line_of(bracket.closing)] if s < last
    ]

"""Bracketed lists of any grammar: what they hold, where their lines break, and how they read on one line.

Knows the tokens of a tree and the tables of its grammar. Does not know which layout is usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.languages.shared.tokens import tokens
from codetune_git.text.source import Source

_OPENING = {"(": ")", "[": "]", "{": "}"}
_FAR_HEAD = 2000  # bytes: so far before its first element nothing begins that is a list


class Piece(NamedTuple):
    """What a line break does not divide: an element with its comma, an operand with its operator. Byte offsets."""

    start: int
    end: int


class Bracket(NamedTuple):
    """A list in brackets. `opening` and `closing` are the offsets of the bracket characters.

    `elements` are what the commas separate; `comma` is the offset of a trailing comma, or None. `kind` is the word that
    the grammar's table has for the node, or `class`. `pieces` are the elements with their commas, an only element that
    is a chain of operators, a concatenation of strings or a comprehension in its parts; `parts` are those of a piece.
    """

    kind: str
    opening: int
    closing: int
    elements: tuple[Node, ...]
    pieces: tuple[Piece, ...]
    parts: tuple[tuple[Piece, ...], ...]
    comma: int | None
    takes_comma: bool

    @property
    def first(self) -> int:
        """Where the first element begins."""
        return self.pieces[0].start

    @property
    def last(self) -> int:
        """Where the last element ends, a trailing comma left out."""
        return self.elements[-1].end_byte


def _operands(source: Source, node: Node) -> list[Node]:
    """The parts of a chain of operators, operators included, in order; nested chains are one where nothing encloses."""
    parts: list[Node] = []
    for child in node.children:
        parts += _operands(source, child) if child.type in source.grammar.chains else [child]
    return parts


def _chain(source: Source, node: Node) -> list[Piece]:
    """Operands, each with the operator that stands on its line: behind it, or in front where a line begins with one."""
    parts = _operands(source, node)
    text = source.text
    pieces: list[Piece] = []
    pending: int | None = None
    for part in parts:
        if part.is_extra:
            return []
        is_operand = part.is_named
        if is_operand or not pieces:
            start = part.start_byte if pending is None else pending
            pieces.append(Piece(start, part.end_byte))
            pending = None
        elif text.find(b"\n", pieces[-1].end, part.start_byte) >= 0:
            pending = part.start_byte if pending is None else pending
        elif pending is None:
            pieces[-1] = Piece(pieces[-1].start, part.end_byte)
    return pieces if pending is None else []


def parts_of(source: Source, node: Node) -> list[Piece]:
    """The pieces that an element falls into: more than one for a chain of operators or a concatenation of strings."""
    if node.type in source.grammar.chains:
        return _chain(source, node)
    if node.type in source.grammar.concatenations:
        return [Piece(child.start_byte, child.end_byte) for child in node.children]
    return [Piece(node.start_byte, node.end_byte)]


def _elements(inside: Sequence[Node], kinds: Sequence[str]) -> list[list[Node]] | None:
    """The nodes between commas, a group an element; None for comments and for commas with nothing before.

    A trailing comma leaves an empty group behind it.
    """
    groups: list[list[Node]] = [[]]
    for child, kind in zip(inside, kinds, strict=True):
        if kind == ",":
            if not groups[-1]:
                return None
            groups.append([])
        elif child.is_extra:
            return None
        else:
            groups[-1].append(child)
    return groups


def _class_heads(source: Source) -> frozenset[int]:
    """Where the lists begin that say what a class is made of."""
    nodes = (child for node, _ in source.of_kinds(source.grammar.classes) for child in node.children)
    return frozenset(child.start_byte for child in nodes if child.type in source.grammar.lists)


def bracket_of(source: Source, node: Node) -> Bracket | None:
    """The list that `node` is; None where it is empty, holds comments between its elements, or is broken code.

    What a class is made of stands in a list like a call's: its kind is `class`.
    """
    kind = source.grammar.lists.get(node.type)
    children = node.children
    kinds = [child.type for child in children]
    first = next((place for place, one in enumerate(kinds) if one in _OPENING), len(kinds))
    if kind is None or len(kinds) - first < 3 or kinds[-1] != _OPENING[kinds[first]] or node.has_error:
        return None
    groups = _elements(children[first + 1 : -1], kinds[first + 1 : -1])
    if groups is None:
        return None
    comma = None
    if not groups[-1]:
        comma = children[-2].start_byte
        groups.pop()
    takes_comma = _takes_comma(source, node, groups)
    if not groups or (comma is not None and not takes_comma):
        return None
    ends = [child.end_byte for child, one in zip(children, kinds, strict=True) if one == ","]
    parts = _parts(source, groups, [*ends[: len(groups) - 1], groups[-1][-1].end_byte])
    if not all(parts):
        return None
    return Bracket(
        "class" if node.start_byte in source.once(_class_heads) else kind,
        children[first].start_byte,
        children[-1].start_byte,
        tuple([group[-1] for group in groups]),
        tuple([some[0] if len(some) == 1 else Piece(some[0].start, some[-1].end) for some in parts]),
        parts,
        comma,
        takes_comma,
    )


def _parts(source: Source, groups: Sequence[Sequence[Node]], ends: Sequence[int]) -> tuple[tuple[Piece, ...], ...]:
    """The parts of each piece; `ends` are where the elements with their commas end, a trailing comma left out."""
    if len(groups) == 1:
        return tuple((part,) for part in _parts_of(source, groups[0]))
    found = []
    for group, end in zip(groups, ends, strict=True):
        parts = _parts_of(source, group)
        found.append((*parts[:-1], Piece(parts[-1].start, end)) if parts else ())
    return tuple(found)


def _parts_of(source: Source, element: Sequence[Node]) -> list[Piece]:
    """The parts that an element falls into: those of a chain of operators, a concatenation or a comprehension."""
    if len(element) == 1:
        return parts_of(source, element[0])
    return [Piece(node.start_byte, node.end_byte) for node in element]


def _takes_comma(source: Source, node: Node, groups: Sequence[Sequence[Node]]) -> bool:
    """Whether a comma behind the last element changes nothing."""
    grammar = source.grammar
    if not groups or node.type not in grammar.trailing_commas or len(groups[-1]) > 1:
        return False
    if len(groups) == 1 and node.type in grammar.comma_makes:
        return False
    last = groups[-1][-1]
    first = last.children[0].type if last.child_count else ""  # a typed parameter may be starred inside
    return not {last.type, first} & grammar.no_comma_after


def brackets(source: Source) -> Iterator[Bracket]:
    """The lists of a file in document order, but for those in strings and other opaque text."""
    for node, _ in source.outside_opaque(source.grammar.lists):
        if (bracket := bracket_of(source, node)) is not None:
            yield bracket


def bracket_with(source: Source, first: int, last: int) -> Bracket | None:
    """The list whose elements begin at `first` and end at `last`."""
    node = source.tree.root_node.descendant_for_byte_range(first, last)
    while node is not None and node.start_byte > first - _FAR_HEAD:
        if node.type in source.grammar.lists:
            bracket = bracket_of(source, node)
            if bracket is not None and (bracket.first, bracket.last) == (first, last):
                return bracket
        node = node.parent
    return None


def is_fixed(leaf: Node) -> bool:
    """Whether a token keeps the lines around it where they are: a comment, or one that goes over several lines."""
    return leaf.is_extra or leaf.start_point.row != leaf.end_point.row


def _joint(left: bytes, right: bytes, padding: bytes) -> bytes:
    """What stands between two tokens that a line break divided, once they are on one line."""
    if left in (b"(", b"[", b"{") or right in (b")", b"]", b"}"):
        return padding
    return b"" if right in (b",", b";", b".") or left == b"." else b" "


def flat(source: Source, start: int, end: int, padding: bytes) -> bytes | None:
    """The bytes `[start, end)` on one line, trailing commas of what was broken left out; None where that can't be."""
    text = source.text
    if b"\n" not in text[start:end]:
        return text[start:end]
    leaves = list(tokens(source, start, end))
    if any(is_fixed(leaf) for leaf in leaves):
        return None
    result = [source.slice(leaves[0])]
    for left, right in pairwise(leaves):
        gap = text[left.end_byte : right.start_byte]
        if gap.strip():  # a backslash at the end of a line
            return None
        is_broken = b"\n" in gap
        if is_broken and left.type == "," and right.type in (")", "]", "}"):
            result[-1:] = []
            gap, is_broken = padding, False
        result += [_joint(left.type.encode(), right.type.encode(), padding) if is_broken else gap, source.slice(right)]
    return b"".join(result)

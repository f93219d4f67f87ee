"""Line arithmetic on texts: split, cut, and the lines around a hunk.

Knows lines, offsets and where statements begin. Does not know where a hunk comes from or what it is for.
Only a line feed ends a line: a form feed or a lone carriage return stands inside one, as it does for git.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tree_sitter import Node

from codetune_git.domain import LineRange
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContextSize:
    """How much of a file goes along with a hunk, in bytes; the cut is made between lines."""

    before: int = 2000
    after: int = 600


USUAL_CONTEXT = ContextSize()


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of `text` with their line feeds; joined they are `text` again."""
    lines = text.split("\n")
    whole = [line + "\n" for line in lines[:-1]]
    return (*whole, lines[-1]) if lines[-1] else tuple(whole)


def runs(items: Iterable[T], lines: Callable[[T], LineRange]) -> Iterator[list[T]]:
    """The items, given in the order of their first lines, in groups whose lines overlap."""
    group: list[T] = []
    last = 0
    for item in items:
        place = lines(item)
        if group and place.first > last:
            yield group
            group = []
        last = max(last, place.last) if group else place.last
        group.append(item)
    if group:
        yield group


def context_of(source: Source, lines: LineRange, size: ContextSize) -> tuple[bytes, bytes]:
    """The whole lines before and after `lines`, as many as fit into `size`."""
    start, end = source.span_of(lines)
    return before(source.text[:start], size.before), after(source.text[end:], size.after)


def before(text: bytes, size: int) -> bytes:
    """The end of `text`, at most `size` bytes, from the beginning of a line on."""
    if len(text) <= size:
        return text
    if text[len(text) - size - 1] == 10:
        return text[len(text) - size :]
    cut = text.find(b"\n", len(text) - size)
    return text[cut + 1 :] if cut >= 0 else b""


def after(text: bytes, size: int) -> bytes:
    """The beginning of `text`, at most `size` bytes, up to the end of a line."""
    return text if len(text) <= size else text[: text.rfind(b"\n", 0, size) + 1]


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes `[start, end)` of a file, which parse by themselves after `header`, the heads of the classes around."""

    header: bytes
    start: int
    end: int


def _body_around(node: Node, grammar: Grammar, start: int, end: int) -> Node | None:
    """The body of the class `node` if the bytes `[start, end)` lie in its lines and none of them in its head's."""
    if node.type in grammar.wrappers:
        node = node.children[-1]
    body = node.child_by_field_name("body") if node.type in grammar.classes else None
    if body is None or body.start_point.row == node.start_point.row:
        return None
    return body if body.start_byte - body.start_point.column <= start and end <= body.end_byte + 1 else None


def part_around(source: Source, lines: LineRange) -> Part:
    """`lines` with the whole statements that they touch, of the module or of the innermost class that holds them."""
    start, end = source.span_of(lines)
    header, block = b"", source.tree.root_node
    while True:
        touched = [node for node in block.children if node.start_byte < end and start < node.end_byte]
        body = _body_around(touched[0], source.grammar, start, end) if len(touched) == 1 else None
        if body is None or not any(node.start_byte < end and start < node.end_byte for node in body.children):
            break
        header += source.text[
            touched[0].start_byte - touched[0].start_point.column : body.start_byte - body.start_point.column
        ]
        block = body
    if not touched:
        return Part(header, start, end)
    first, last = source.span_of(source.lines_of(touched[0].start_byte, touched[-1].end_byte))
    return Part(header, min(start, first), max(end, last))


def statements(source: Source) -> tuple[LineRange, ...]:
    """The lines of every statement and comment of every block, outer ones first."""
    return tuple(
        source.lines_of(node.start_byte, node.end_byte)
        for node in source.nodes
        if node.is_named and node.parent is not None and node.parent.type in source.grammar.blocks
    )


def cut(source: Source, lines: LineRange, most: int) -> tuple[LineRange, ...]:
    """`lines` in pieces of at most `most` lines, cut where a statement begins if one does.

    Of the places to cut, the least indented ones count first, then the later ones; a piece is only short (under half
    of `most`) where there is no place in its second half.
    """
    if lines.last - lines.first < most:
        return (lines,)
    begins = {part.first: source.text[source.line_starts[part.first - 1] :] for part in statements(source)}
    pieces, first = [], lines.first
    while lines.last - first >= most:
        places = [line for line in range(first + 1, first + most + 1) if line in begins]
        late = [line for line in places if line > first + most // 2] or places
        place = min(late, key=lambda line: (_indent(begins[line]), -line), default=first + most)
        pieces.append(LineRange(first, place - 1))
        first = place
    return (*pieces, LineRange(first, lines.last))


def _indent(text: bytes) -> int:
    return len(text) - len(text.lstrip(b" \t"))

"""The tokens of a text: the leaves of its tree, opaque nodes being one each. Knows trees; knows no list or blank."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.text.source import Source


def leaves(source: Source, top: Node, start: int, end: int) -> Iterator[tuple[int, Node]]:
    """The leaves under `top` that touch the bytes `[start, end]` in order, each with its depth below `top`."""
    opaque = source.grammar.opaque
    stack = [(0, top)]
    while stack:
        depth, node = stack.pop()
        if node.child_count == 0 or node.type in opaque:
            yield depth, node
        else:
            inside = [child for child in node.children if child.end_byte >= start and child.start_byte <= end]
            stack += [(depth + 1, child) for child in reversed(inside)]


def tokens(source: Source, start: int, end: int) -> Iterator[Node]:
    """The tokens in the bytes `[start, end)` in order."""
    root = source.tree.root_node
    for _, node in leaves(source, root.descendant_for_byte_range(start, end) or root, start, end):
        if max(start, node.start_byte) < min(end, node.end_byte):
            yield node


def tokens_read(source: Source) -> list[Node]:
    """The tokens among the nodes that are read, in order; line feeds that end a statement are none."""
    opaque = source.grammar.opaque
    return [
        node
        for node, kind in source.outside_opaque(source.places)
        if (kind in opaque or (node.child_count == 0 and not kind.isspace())) and node.end_byte > node.start_byte
    ]

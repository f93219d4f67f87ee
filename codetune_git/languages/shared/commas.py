"""The comma behind the last element of a list, where it means nothing. Knows the tables of a grammar; no layout.

Comments may stand anywhere in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.text.source import Source

_OPENING = {"(": ")", "[": "]", "{": "}"}


class ListEnd(NamedTuple):
    """The end of a list: the element `last`, the comma behind it or None, and the closing bracket."""

    owner: Node
    last: Node
    comma: Node | None
    closing: Node


def list_end(source: Source, node: Node) -> ListEnd | None:
    """The end of the list that `node` is; None where it has no element, or where a comma at its end means something."""
    grammar = source.grammar
    children = [child for child in node.children if not child.is_extra]
    if node.has_error or len(children) < 3 or children[-1].type not in _OPENING.values():
        return None
    closing, comma = children[-1], children[-2] if children[-2].type == "," else None
    rest = children[: -1 if comma is None else -2]
    if len(rest) < 2 or not rest[-1].is_named or (rest[-2].type != "," and rest[-2].type not in _OPENING):
        return None
    last = rest[-1]
    is_only = rest[-2].type in _OPENING
    first = last.children[0].type if last.child_count else ""  # a typed parameter may be starred inside
    if {last.type, first} & grammar.no_comma_after or (is_only and node.type in grammar.comma_makes):
        return None
    return ListEnd(node, last, comma, closing)


def list_ends(source: Source) -> Iterator[ListEnd]:
    """The ends of all lists behind whose last element a comma means nothing, in the order in which the lists begin."""
    for node, _ in source.outside_opaque(source.grammar.trailing_commas):
        if (end := list_end(source, node)) is not None:
            yield end

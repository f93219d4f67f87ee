"""Blanks around binary operators: arithmetic, power, comparison.

Knows which operators have a free choice and what it tends to depend on. Does not know assignment (assignments.py).
Keyword operators (`is`, `in`, `and`, ...) need their blanks and are no sites.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from codetune_git.conventions.convention import Convention
from codetune_git.conventions.gaps import AROUND, AROUND_VARIANTS, respaced, spelled, walk
from codetune_git.domain import Site
from codetune_git.text.source import Source

_CLASSES = {
    **dict.fromkeys(("+", "-"), "sum"),
    **dict.fromkeys(("*", "/", "//", "@"), "product"),
    "%": "modulo",
    **dict.fromkeys(("<<", ">>"), "shift"),
    **dict.fromkeys(("&", "|", "^"), "bits"),
}
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">=", "<>"})
_PLACES = {
    "slice": "slice",
    "subscript": "subscript",
    "keyword_argument": "keyword",
    "default_parameter": "keyword",
    "typed_default_parameter": "keyword",
    "argument_list": "call",
    "type": "type",
    "parenthesized_expression": "group",
    "list": "literal",
    "tuple": "literal",
    "set": "literal",
    "dictionary": "literal",
}
_ENCLOSING = frozenset(_PLACES)
_TEXT = frozenset({"string", "concatenated_string"})
_SIMPLE = frozenset({"identifier", "integer", "float", "none"})

_Context = Callable[[Node, Node, str], tuple[str, ...] | None]


def _shape(operands: tuple[Node | None, Node | None]) -> str:
    kinds = {node.type for node in operands if node is not None}
    if kinds & _TEXT:
        return "text"
    return "simple" if kinds <= _SIMPLE else "complex"


def _operator_sites(source: Source, name: str, operators: frozenset[str], context: _Context) -> Iterator[Site]:
    for node, _, inside in walk(source, operators, _ENCLOSING):
        parent = node.parent
        if parent is None:
            continue
        words = context(node, parent, _PLACES[inside[-1]] if inside else "plain")
        if words is None:
            continue
        found = spelled(source, node, AROUND)
        if found is not None:
            start, end, variant = found
            yield Site(name, start, end, variant, words)


def _arithmetic_context(node: Node, parent: Node, place: str) -> tuple[str, ...] | None:
    """Operator class, shape of the operands, place; `inner` where the result is an operand of a further operator."""
    if parent.type != "binary_operator":
        return None
    left, right = node.prev_sibling, node.next_sibling
    if node.type in "+-" and right is not None and right.type == "unary_operator":
        return None  # `a - -b` has no tight form that anyone would write
    outer = parent.parent
    shape = "inner" if outer is not None and outer.type == "binary_operator" else _shape((left, right))
    return (_CLASSES[node.type], shape, place)


def _power_context(node: Node, parent: Node, place: str) -> tuple[str, ...] | None:
    if parent.type != "binary_operator":
        return None
    return (_shape((node.prev_sibling, node.next_sibling)),)


def _comparison_context(node: Node, parent: Node, place: str) -> tuple[str, ...] | None:
    if parent.type != "comparison_operator":
        return None
    return (place,)


def _arithmetic(source: Source) -> Iterator[Site]:
    return _operator_sites(source, "arithmetic_spacing", frozenset(_CLASSES), _arithmetic_context)


def _power(source: Source) -> Iterator[Site]:
    return _operator_sites(source, "power_spacing", frozenset({"**"}), _power_context)


def _comparison(source: Source) -> Iterator[Site]:
    return _operator_sites(source, "comparison_spacing", _COMPARISONS, _comparison_context)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("arithmetic_spacing", "blanks around arithmetic operators", AROUND_VARIANTS, _arithmetic, respaced),
    Convention("power_spacing", "blanks around **", AROUND_VARIANTS, _power, respaced),
    Convention("comparison_spacing", "blanks around comparisons", AROUND_VARIANTS, _comparison, respaced),
)

"""Blanks around binary operators: arithmetic, power, comparison.

Knows which operators have a free choice and what it tends to depend on. Does not know assignment (assignments.py).
Keyword operators (`is`, `in`, `and`, ...) need their blanks and are no sites.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.gaps import AROUND, AROUND_VARIANTS, respaced, spelled, walk
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
_BINARY = "binary_operator"
_ENCLOSING = frozenset({*_PLACES, _BINARY})
_TEXT = frozenset({"string", "concatenated_string"})
_SIMPLE = frozenset({"identifier", "integer", "float", "none"})
# How many levels of operators are looked through for the place: a sum of thousands of terms must not cost their square.
_DEPTH = 8


def _place(inside: list[str]) -> str:
    """What the expression stands in: the inmost bracket or argument."""
    return next((_PLACES[kind] for kind in inside[: -_DEPTH - 1 : -1] if kind in _PLACES), "plain")


def _shape(operands: list[Node]) -> str:
    kinds = {node.type for node in operands}
    if kinds & _TEXT:
        return "text"
    return "simple" if kinds <= _SIMPLE else "complex"


def _site(source: Source, name: str, operator: Node, context: tuple[str, ...]) -> list[Site]:
    found = spelled(source, operator, AROUND)
    return [] if found is None else [Site(name, found[0], found[1], found[2], context)]


def _binary(source: Source) -> Iterator[tuple[Node, list[Node], list[str]]]:
    """Every binary operation: its operator, its operands, what it lies in."""
    for node, _, inside in walk(source, frozenset({_BINARY}), _ENCLOSING):
        children = node.children
        operator = next((child for child in children if not child.is_named), None)
        if operator is not None:
            yield operator, [children[0], children[-1]], inside


def _arithmetic(source: Source) -> Iterator[Site]:
    """Context: the operator's class, the shape of its operands (`inner`: of a further operation), the place."""
    sites: list[Site] = []
    for operator, operands, inside in _binary(source):
        operator_class = _CLASSES.get(operator.type)
        # `a - -b` has no tight form that anyone would write.
        if operator_class is None or (operator_class == "sum" and operands[1].type == "unary_operator"):
            continue
        shape = "inner" if inside and inside[-1] == _BINARY else _shape(operands)
        sites += _site(source, "arithmetic_spacing", operator, (operator_class, shape, _place(inside)))
    yield from sorted(sites, key=lambda site: site.start)


def _power(source: Source) -> Iterator[Site]:
    if b"**" not in source.text:
        return
    sites: list[Site] = []
    for operator, operands, _ in _binary(source):
        if operator.type == "**":
            sites += _site(source, "power_spacing", operator, (_shape(operands),))
    yield from sorted(sites, key=lambda site: site.start)


def _comparison(source: Source) -> Iterator[Site]:
    sites: list[Site] = []
    for node, _, inside in walk(source, frozenset({"comparison_operator"}), _ENCLOSING):
        for child in node.children:
            if child.type in _COMPARISONS:
                sites += _site(source, "comparison_spacing", child, (_place(inside),))
    yield from sorted(sites, key=lambda site: site.start)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("arithmetic_spacing", "blanks around arithmetic operators", AROUND_VARIANTS, _arithmetic, respaced),
    Convention("power_spacing", "blanks around **", AROUND_VARIANTS, _power, respaced),
    Convention("comparison_spacing", "blanks around comparisons", AROUND_VARIANTS, _comparison, respaced),
)

"""Comparisons: `is None` or `== None`, `not in`, `is not`, chains, and the lists or tuples that are only looked into.

Knows single comparisons. Does not know types: where `==` may be overloaded (a query, a mask), there is no choice.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.domain import Edit
from codetune_git.languages.python.conventions.idioms.choices import (
    Choice,
    convention,
    place_of,
    spelling,
    statement_of,
)
from codetune_git.languages.python.conventions.idioms.file_facts import File

_OVERLOADED = re.compile(rb"(?:.*\.)?(filter|filter_by|where|having|and_|or_|not_|case|join|outerjoin|exclude|on|loc)")
_MIRROR = {"not in": "in", "is not": "is"}
_ORDER = frozenset({"<", "<=", ">", ">="})


def _may_build_a_query(file: File, node: Node) -> bool:
    """Whether the comparison is an argument of a query, a mask in a subscript, or combined by `&` and the like."""
    parent = node.parent
    while parent is not None and parent.type in ("parenthesized_expression", "argument_list", "boolean_operator"):
        parent = parent.parent
    if parent is None or parent.type in ("subscript", "binary_operator", "unary_operator"):
        return True
    function = parent.child_by_field_name("function") if parent.type == "call" else None
    return function is not None and _OVERLOADED.fullmatch(file.slice(function)) is not None


def _none_comparison(file: File, node: Node) -> Choice | None:
    if node.child_count != 3 or not any(child.type == "none" for child in node.children[::2]):
        return None
    operator = node.children[1]
    negative = operator.type in ("is not", "!=")
    around = (
        file.text[operator.start_byte - 1 : operator.start_byte] + file.text[operator.end_byte : operator.end_byte + 1]
    )
    if around != b"  " or _may_build_a_query(file, node):  # `x==None` would become one word
        return None
    texts = {"is": b"is not", "eq": b"!="} if negative else {"is": b"is", "eq": b"=="}
    context = ("negative" if negative else "positive", statement_of(node))
    return spelling(file, (operator.start_byte, operator.end_byte), dict(texts), context)


def _infix_negation(file: File, node: Node) -> Choice | None:
    """At `a not in b`: the edits for `not a in b`."""
    parent = node.parent
    if node.child_count != 3 or parent is None or parent.type in ("not_operator", "list_splat"):
        return None
    left, operator = node.children[:2]
    word = _MIRROR.get(operator.type)
    if word is None or file.slice(operator) != operator.type.encode():
        return None
    edits = (
        Edit(left.start_byte, left.start_byte, b"not "),
        Edit(operator.start_byte, operator.end_byte, word.encode()),
    )
    return Choice(left.start_byte, operator.end_byte, "x_not_in", (word, place_of(node)), {"not_x_in": edits})


def _prefix_negation(file: File, node: Node) -> Choice | None:
    """At `not a in b` or `not (a in b)`: the edits for `a not in b`. The way back leads to the former."""
    argument = node.child_by_field_name("argument")
    enclosed = argument is not None and argument.type == "parenthesized_expression" and argument.named_child_count == 1
    compared = argument.named_children[0] if argument is not None and enclosed else argument
    parent = node.parent
    if parent is None or parent.type == "not_operator":
        return None
    if argument is None or compared is None or compared.type != "comparison_operator" or compared.child_count != 3:
        return None
    operator = compared.children[1]
    if operator.type not in _MIRROR.values() or file.text[node.start_byte : argument.start_byte] != b"not ":
        return None
    word = b"not in" if operator.type == "in" else b"is not"
    edits = [
        Edit(node.start_byte, compared.start_byte, b""),
        Edit(operator.start_byte, operator.end_byte, word),
    ]
    if enclosed:
        edits.append(Edit(compared.end_byte, argument.end_byte, b""))
    end = argument.end_byte if enclosed else operator.end_byte
    variant = "not_(x_in)" if enclosed else "not_x_in"
    return Choice(node.start_byte, end, variant, (operator.type, place_of(node)), {"x_not_in": tuple(edits)})


def _membership_negation(file: File, node: Node) -> Choice | None:
    return (_infix_negation if node.type == "comparison_operator" else _prefix_negation)(file, node)


def _is_simple(node: Node) -> bool:
    return node.type in ("identifier", "integer", "float")


def _joined(file: File, node: Node) -> tuple[list[Node], list[Node]] | None:
    """Operands and operators of `a < b and b < c`, the middle operand twice."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or left.type != "comparison_operator" or right.type != "comparison_operator":
        return None
    if node.children[1].type != "and" or left.child_count != 3 or right.child_count != 3:
        return None
    middle = left.children[2], right.children[0]
    if not all(map(_is_simple, middle)) or file.slice(middle[0]) != file.slice(middle[1]):
        return None
    return [left.children[0], *middle, right.children[2]], [left.children[1], right.children[1]]


def _may_be_joined(node: Node) -> bool:
    """Whether `and` may be written into a chain without taking its operands out of the expression around it."""
    parent = node.parent
    if parent is None or parent.type in ("not_operator", "list_splat"):
        return False
    return parent.type != "boolean_operator" or parent.children[1].type == "or" or parent.children[0] == node


def _chained_comparison(file: File, node: Node) -> Choice | None:
    if node.type == "comparison_operator":
        if node.child_count != 5 or not _is_simple(node.children[2]) or not _may_be_joined(node):
            return None
        operands, operators = [*node.children[:3:2], node.children[2], node.children[4]], list(node.children[1::2])
    else:
        parts = _joined(file, node)
        if parts is None:
            return None
        operands, operators = parts
    if {operator.type for operator in operators} - _ORDER or len({operator.type[0] for operator in operators}) > 1:
        return None
    first, middle, _, last = map(file.slice, operands)
    one, other = map(file.slice, operators)
    head, tail = first + b" " + one + b" " + middle, b" " + other + b" " + last
    texts: dict[str, bytes | None] = {"chained": head + tail, "joined": head + b" and " + middle + tail}
    return spelling(file, (node.start_byte, node.end_byte), texts, (place_of(node),))


def _searched_literal(file: File, node: Node) -> Choice | None:
    """A list or tuple that is only looked into or iterated over."""
    parent = node.parent
    if parent is None or node.named_child_count < 2:
        return None
    if parent.type == "comparison_operator":
        place, searched = "in", parent.child_count == 3 and parent.children[1].type in ("in", "not in")
        searched = searched and parent.children[2] == node
    else:
        place, searched = "for", parent.type in ("for_statement", "for_in_clause")
        searched = searched and parent.child_by_field_name("right") == node
    if not searched:
        return None
    opening, closing = node.children[0], node.children[-1]
    variant, brackets = ("tuple", b"()") if node.type == "list" else ("list", b"[]")
    edits = (
        Edit(opening.start_byte, opening.end_byte, brackets[:1]),
        Edit(closing.start_byte, closing.end_byte, brackets[1:]),
    )
    context = (place, node.named_children[0].type, "pair" if node.named_child_count == 2 else "more")
    return Choice(node.start_byte, node.end_byte, node.type, context, {variant: edits})


_COMPARISON = frozenset({"comparison_operator"})

CONVENTIONS = (
    convention("none_comparison", "comparison with None", ("is", "eq"), _COMPARISON, choose=_none_comparison),
    convention(
        "membership_negation",
        "negated in and is",
        ("x_not_in", "not_x_in"),
        _COMPARISON | {"not_operator"},
        choose=_membership_negation,
    ),
    convention(
        "chained_comparison",
        "chained comparison",
        ("chained", "joined"),
        _COMPARISON | {"boolean_operator"},
        choose=_chained_comparison,
    ),
    convention(
        "searched_literal",
        "list or tuple to look into",
        ("list", "tuple"),
        frozenset({"list", "tuple"}),
        choose=_searched_literal,
    ),
)

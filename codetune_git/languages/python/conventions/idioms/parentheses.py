"""Parentheses that need not be there: `if (a):`, `return (a)`, `b = (a or c)`, `for (a, b) in c`.

Knows expressions on one line, where parentheses are not needed to go on to the next. Does not know parentheses inside
an expression, which show how it is grouped.
"""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File

_BOUND = frozenset({"named_expression", "yield", "tuple", "comment", "parenthesized_expression", "expression_list"})
_COMPOUND = frozenset(
    {"boolean_operator", "comparison_operator", "conditional_expression", "not_operator", "binary_operator"}
)


def _expression(file: File, expression: Node | None, context: tuple[str, ...]) -> Choice | None:
    """The choice at a whole expression: in parentheses or not."""
    if expression is None or expression.start_point.row != expression.end_point.row:
        return None
    enclosed = expression.type == "parenthesized_expression"
    inner = expression.named_children[0] if enclosed else expression
    if inner.type in _BOUND or file.text[expression.start_byte - 1 : expression.start_byte] != b" ":
        return None
    content = file.slice(inner)
    texts: dict[str, bytes | None] = {"bare": content, "parens": file.bracketed("(", content, expression)}
    kind = inner.type.partition("_")[0]
    return spelling(file, (expression.start_byte, expression.end_byte), texts, (kind, *context))


def _condition_parens(file: File, node: Node) -> Choice | None:
    condition = node.child_by_field_name("condition") or (node.named_children[0] if node.named_children else None)
    return _expression(file, condition, (node.children[0].type,))


def _return_parens(file: File, node: Node) -> Choice | None:
    return _expression(file, node.named_children[0] if node.named_child_count == 1 else None, ())


def _assignment_parens(file: File, node: Node) -> Choice | None:
    right = node.child_by_field_name("right")
    inner = right.named_children[0] if right is not None and right.type == "parenthesized_expression" else right
    return _expression(file, right, ()) if inner is not None and inner.type in _COMPOUND else None


def _tuple_place(node: Node) -> str:
    """Where a tuple may stand with and without parentheses, in one word; "" where it may not."""
    parent = node.parent
    if parent is None:
        return ""
    if parent.type in ("return_statement", "yield"):
        return parent.type.partition("_")[0] if parent.named_child_count == 1 else ""
    if parent.type in ("for_statement", "for_in_clause"):
        target = parent.child_by_field_name("left") == node
        return ("for" if parent.type == "for_statement" else "comprehension") if target else ""
    if parent.type == "assignment" and parent.child_by_field_name("type") is None:
        return "target" if parent.child_by_field_name("left") == node else "value"
    return ""


def _tuple_parens(file: File, node: Node) -> Choice | None:
    elements = node.named_children
    if len(elements) < 2 or node.start_point.row != node.end_point.row or not (place := _tuple_place(node)):
        return None
    if any(
        "splat" in element.type or element.type in _BOUND - {"tuple", "parenthesized_expression"}
        for element in elements
    ):
        return None
    content = file.text[elements[0].start_byte : elements[-1].end_byte]
    if file.text[node.start_byte - 1 : node.start_byte] not in (b"", b" ", b"\t", b"\n"):
        return None
    texts: dict[str, bytes | None] = {"bare": content, "parens": file.bracketed("(", content, node)}
    names = all(element.type == "identifier" for element in elements)
    context = (place, "names" if names else "other", "pair" if len(elements) == 2 else "more")
    return spelling(file, (node.start_byte, node.end_byte), texts, context)


_VARIANTS = ("bare", "parens")
_CONDITIONS = frozenset({"if_statement", "elif_clause", "while_statement", "assert_statement"})
_TUPLE = frozenset({"tuple", "tuple_pattern", "expression_list", "pattern_list"})

CONVENTIONS = (
    convention("condition_parens", "parentheses around conditions", _VARIANTS, _CONDITIONS, choose=_condition_parens),
    convention(
        "return_parens",
        "parentheses around returned values",
        _VARIANTS,
        frozenset({"return_statement"}),
        choose=_return_parens,
    ),
    convention(
        "assignment_parens",
        "parentheses around assigned values",
        _VARIANTS,
        frozenset({"assignment"}),
        choose=_assignment_parens,
    ),
    convention("tuple_parens", "parentheses around tuples", _VARIANTS, _TUPLE, choose=_tuple_parens),
)

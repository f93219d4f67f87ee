"""Synonyms of operators: comparisons of what is of one type. Knows types that the spelling of an operand says."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.text.assumptions import Assumption

_STRICT = {"==": "===", "!=": "!==", "===": "===", "!==": "!=="}
_TYPES = {
    "string": "string",
    "template_string": "string",
    "number": "number",
    "true": "boolean",
    "false": "boolean",
}
_UNARY = {"typeof": "string", "!": "boolean"}


def static_type(node: Node) -> str:
    """The type of a value that the spelling of its expression says; "" elsewhere."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = node.named_children[0]
    if node.type == "unary_expression":
        return _UNARY.get(node.children[0].type, "")
    if node.type == "number" and (node.text or b"").endswith(b"n"):
        return "bigint"
    return _TYPES.get(node.type, "")


def types_of(left: Node, right: Node) -> tuple[bool, bool]:
    """Whether two operands are of one type, and whether one is a text, which is rarely compared to anything else."""
    one, other = static_type(left), static_type(right)
    return bool(one) and one == other, "string" in (one, other) and "" in (one, other)


def _comparison(forms: Forms, node: Node) -> Form | None:
    if node.child_count != 3 or node.children[1].type not in _STRICT:
        return None
    left, operator, right = node.children
    are_same, may_be = types_of(left, right)
    if not are_same and not (may_be and forms.may(Assumption.ONE_TYPE)):
        return None
    return ("binary_expression", forms.of(left), _STRICT[operator.type], forms.of(right))


RULES: dict[str, Rule] = {"binary_expression": _comparison}

"""Comparisons with a text: `===` or `==`. Knows operands whose spelling says their type; no `null`, no numbers."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.javascript.conventions.choices import Choice, convention, has_comment
from codetune_git.languages.javascript.proof.operators import static_type
from codetune_git.text.source import Source

_OTHERS = {"==": "===", "!=": "!==", "===": "==", "!==": "!="}


def _equality(source: Source, node: Node) -> Choice | None:
    """`a === 'b'` or `a == 'b'`."""
    if node.child_count != 3 or has_comment(node) or node.children[1].type not in _OTHERS:
        return None
    left, operator, right = node.children
    types = {static_type(left), static_type(right)}
    if "string" not in types or not types <= {"string", ""}:
        return None
    is_strict = len(operator.type) == 3
    variant, other = ("strict", "loose") if is_strict else ("loose", "strict")
    texts = {variant: operator.type.encode(), other: _OTHERS[operator.type].encode()}
    context = ("known" if types == {"string"} else "text", "equal" if operator.type.startswith("=") else "other")
    return Choice(operator.start_byte, operator.end_byte, variant, context, texts.get)


CONVENTIONS = (
    convention(
        "equality",
        "comparisons with a text",
        {"strict": "`===`, which compares types, too", "loose": "`==`"},
        ("binary_expression",),
        _equality,
    ),
)

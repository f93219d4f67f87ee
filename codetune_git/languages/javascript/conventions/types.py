"""Types of arrays in TypeScript: `T[]` or `Array<T>`. Knows no other type."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.javascript.conventions.choices import Choice, convention, has_comment
from codetune_git.languages.javascript.proof.program import children
from codetune_git.languages.javascript.proof.types import has_own_array, is_heritage
from codetune_git.text.source import Source

_SIMPLE = frozenset({"type_identifier", "predefined_type", "nested_type_identifier", "array_type", "generic_type"})


def _array(source: Source, node: Node) -> Choice | None:
    """`T[]` or `Array<T>`; nothing of what is `readonly`."""
    inside = children(node)
    if has_comment(node) or is_heritage(node) or (node.parent is not None and node.parent.type == "readonly_type"):
        return None
    if node.type == "array_type":
        element, variant = inside[0], "brackets"
        if element.type == "parenthesized_type" and element.child_count == 3:
            element = element.children[1]
    elif len(inside) == 2 and source.slice(inside[0]) == b"Array" and inside[1].child_count == 3:
        element, variant = inside[1].children[1], "generic"
    else:
        return None
    if source.once(_has_own_array):
        return None
    is_simple = element.type in _SIMPLE
    text = source.slice(element)
    texts = {"brackets": (text if is_simple else b"(" + text + b")") + b"[]", "generic": b"Array<" + text + b">"}
    return Choice(node.start_byte, node.end_byte, variant, ("simple" if is_simple else "other",), texts.get)


def _has_own_array(source: Source) -> bool:
    return has_own_array(source.text)


CONVENTIONS = (
    convention(
        "array_types",
        "types of arrays",
        {"brackets": "`T[]`", "generic": "`Array<T>`"},
        ("array_type", "generic_type"),
        _array,
        decisive=1,
    ),
)

"""The scopes around a syntax node. Knows functions, classes, lambdas and comprehensions; does not know names."""

from __future__ import annotations

from tree_sitter import Node

SCOPES = frozenset({"function_definition", "class_definition", "lambda", "module"})


def function_of(node: Node) -> Node | None:
    """The function whose own scope `node` is in; None in a class, a lambda, a comprehension or the module."""
    parent = node.parent
    while parent is not None and parent.type not in SCOPES:
        if parent.type.endswith("_comprehension") or parent.type == "generator_expression":
            return None
        parent = parent.parent
    return parent if parent is not None and parent.type == "function_definition" else None


def scope_around(node: Node) -> Node | None:
    """The innermost function, class, lambda or module in which `node` stands."""
    scope = node.parent
    while scope is not None and scope.type not in SCOPES:
        scope = scope.parent
    return scope


def is_decorated(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "decorated_definition"

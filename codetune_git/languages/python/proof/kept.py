"""Facts about a syntax node that are worked out once and kept with it, so that they go when the tree goes.

Knows nothing of syntax. Nodes are never changed, so what was true of one stays true.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Node = TypeVar("Node", bound=ast.AST)
Fact = TypeVar("Fact")
More = ParamSpec("More")
_PLACE = "_kept_facts"


def kept_with_node(function: Callable[Concatenate[Node, More], Fact]) -> Callable[Concatenate[Node, More], Fact]:
    """`function` of a node and positional arguments that can be keys, asked once for each."""

    @wraps(function)
    def ask(node: Node, /, *args: More.args, **kwargs: More.kwargs) -> Fact:
        assert not kwargs
        known: dict[Any, Any] = node.__dict__.setdefault(_PLACE, {})
        key = (function, *args)
        if key not in known:
            known[key] = function(node, *args, **kwargs)
        fact: Fact = known[key]
        return fact

    return ask

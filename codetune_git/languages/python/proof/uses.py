"""What the uses of a name or an attribute say about the kind of its value: methods of texts, comparisons, sums.

Knows single scopes. Does not know what names are bound to. A use is never a proof.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from codetune_git.languages.python.proof.bindings import Scope
from codetune_git.languages.python.proof.kept import kept_with_node

TUPLE = "tuple"
_TEXTUAL = frozenset(
    {"capitalize", "casefold", "center", "expandtabs", "format", "join", "ljust", "lower", "lstrip", "removeprefix"}
    | {"removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"}
)
METHODS = dict.fromkeys(_TEXTUAL, "str") | {
    "encode": "bytes",
    "endswith": "bool",
    "find": "int",
    "isdigit": "bool",
    "isidentifier": "bool",
    "rfind": "int",
    "rsplit": "list",
    "split": "list",
    "splitlines": "list",
    "startswith": "bool",
}
OF_TEXT = frozenset(METHODS) - {"format", "replace"}


@dataclass(frozen=True, slots=True)
class Known:
    """The classes that a value can be of; `proven`: it can be of no other."""

    kinds: frozenset[str]
    proven: bool

    def doubted(self) -> Known:
        return replace(self, proven=False)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    inner = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if isinstance(node, ast.Attribute) and inner else ""


def used_as(scope: Scope, path: str) -> Known | None:
    """The kind that the uses of `path` in a scope speak for; None where they say nothing, or that it is a tuple."""
    return _used(scope.node, path) if path and not isinstance(scope.node, ast.Module) else None


@kept_with_node
def _used(within: ast.AST, path: str) -> Known | None:
    kinds: set[str] = set()
    for node in ast.walk(within):
        if _asks_for_tuple(node, path):
            return None
        kinds |= _use(node, path)
    return Known(frozenset(kinds), False) if len(kinds) == 1 else None


def _asks_for_tuple(node: ast.AST, path: str) -> bool:
    """Whether it is `isinstance(path, ... tuple ...)`."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "isinstance" or len(node.args) != 2:
        return False
    return dotted(node.args[0]) == path and any(getattr(n, "id", "") == TUPLE for n in ast.walk(node.args[1]))


def _literal_kind(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return {type(node.value).__name__}
    return {"str"} if isinstance(node, ast.JoinedStr) else set()


def _use(node: ast.AST, path: str) -> set[str]:
    """What one node says about `path`, if it uses it."""
    if isinstance(node, ast.Attribute) and node.attr in OF_TEXT and dotted(node.value) == path:
        return {"str"}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        sides = ((node.left, node.right), (node.right, node.left))
        return set().union(*(_literal_kind(other) for one, other in sides if dotted(one) == path))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and dotted(node.left) == path:
        if isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            return _literal_kind(node.comparators[0])
        listed = node.comparators[0]
        if isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(listed, ast.Tuple | ast.List | ast.Set):
            return set().union(*map(_literal_kind, listed.elts))
    return set()

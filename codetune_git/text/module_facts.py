"""What the names of a module mean, as far as equivalence depends on it: imports from typing, rebound builtins.

Knows the module's syntax tree. Does not know other modules: a name that a star import brings in is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

BUILTIN_GENERICS = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Tuple": "tuple",
    "Type": "type",
}
_TYPING = ("typing", "typing_extensions")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one module.

    `typing`: local name -> member of typing. `typing_modules`: local names of the module typing.
    `assigned`: every name that is bound anywhere in the module, in whatever scope, but as a parameter;
    `bound`: those and the parameters. `logging`: logging is imported.
    `postponed`: annotations are not evaluated (`from __future__ import annotations`).
    """

    typing: Mapping[str, str]
    typing_modules: frozenset[str]
    assigned: frozenset[str]
    bound: frozenset[str]
    logging: bool
    postponed: bool

    def is_builtin(self, node: ast.expr, name: str) -> bool:
        return isinstance(node, ast.Name) and node.id == name and name not in self.bound

    def typing_member(self, node: ast.expr) -> str:
        """The member of typing that an annotation names, or "" for anything else."""
        if isinstance(node, ast.Name):
            return self.typing.get(node.id, "")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return node.attr if node.value.id in self.typing_modules else ""
        return ""


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only mark a name as loaded or stored, in no particular order."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                stack.append(value)


def facts_of(tree: ast.Module) -> Facts:
    """The facts of a module; walks it once."""
    typing: dict[str, str] = {}
    modules: set[str] = set()
    imported: set[str] = set()
    assigned: set[str] = set()
    parameters: set[str] = set()
    postponed = False
    for node in _nodes(tree):
        assigned.update(_bound_by(node))
        if isinstance(node, ast.arg):
            parameters.add(node.arg)
        elif isinstance(node, ast.Import):
            imported.update(alias.name.partition(".")[0] for alias in node.names)
            modules.update(alias.asname or alias.name for alias in node.names if alias.name in _TYPING)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imported.add(node.module.partition(".")[0])
            names = {alias.asname or alias.name: alias.name for alias in node.names}
            postponed |= node.module == "__future__" and "annotations" in names
            typing |= names if node.module in _TYPING else {}
    bound = frozenset(assigned | parameters)
    return Facts(typing, frozenset(modules), frozenset(assigned), bound, "logging" in imported, postponed)

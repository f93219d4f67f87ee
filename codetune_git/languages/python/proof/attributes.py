"""What a class assigns to an attribute of its objects. Knows one class; does not know what kind a value is of."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codetune_git.languages.python.proof.kept import kept_with_node
from codetune_git.languages.python.proof.uses import dotted


@dataclass(frozen=True, slots=True)
class Assigned:
    """What an attribute of a class's objects is assigned, and in which method."""

    value: ast.expr | None
    annotation: ast.expr | None
    method: ast.FunctionDef | ast.AsyncFunctionDef | None


@kept_with_node
def attribute_values(own: ast.ClassDef, attr: str) -> list[Assigned]:
    """Everything that the class assigns to the attribute; a value of None where it is unpacked or changed in place."""
    found: list[Assigned] = []
    for statement in own.body:
        if isinstance(statement, ast.AnnAssign) and dotted(statement.target) == attr:
            found.append(Assigned(None, statement.annotation, None))
        elif isinstance(statement, ast.Assign) and any(dotted(target) == attr for target in statement.targets):
            found.append(Assigned(statement.value, None, None))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            if statement.name == attr:
                found.append(Assigned(None, statement.returns, None))
            found += _stored(statement, attr)
    return found


def _stored(method: ast.FunctionDef | ast.AsyncFunctionDef, attr: str) -> list[Assigned]:
    values: dict[int, Assigned] = {}
    stored: list[int] = []
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            values |= {id(target): Assigned(node.value, None, method) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            values[id(node.target)] = Assigned(None, node.annotation, method)
        elif isinstance(node, ast.Attribute) and node.attr == attr and isinstance(node.ctx, ast.Store):
            stored.append(id(node))
    return [values.get(one, Assigned(None, None, None)) for one in stored]

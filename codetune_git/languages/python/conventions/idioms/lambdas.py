"""A function of one expression that is given a name: `f = lambda x: y`, or `def f(x)` that returns it.

Knows such statements outside of classes, without annotations, decorators, docstrings and comments. Does not know what
a function is used for.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.conventions.idioms.scopes import is_decorated, scope_around

_UNFIT = re.compile(rb"\b(await|yield|super)\b|:=|__class__|[\n#]")


def _defined(file: File, node: Node) -> list[Node] | None:
    """Name, parameters and expression of a function that only returns an expression."""
    name, parameters, body = (node.child_by_field_name(field) for field in ("name", "parameters", "body"))
    if name is None or parameters is None or body is None or body.named_child_count != 1:
        return None
    if any(child.type.startswith("typed_") for child in parameters.named_children):
        return None
    returned = body.named_children[0]
    if returned.type != "return_statement" or returned.named_child_count != 1:
        return None
    expression = returned.named_children[0]
    return None if expression.type in ("expression_list", "lambda") else [name, parameters, expression]


def _assigned(file: File, node: Node) -> list[Node] | None:
    """Name, parameters (if there are any) and expression of a lambda that is assigned to a name."""
    if file.text.find(b"lambda", node.start_byte, node.end_byte) < 0:
        return None
    name, function = node.children[0].child_by_field_name("left"), node.children[0].child_by_field_name("right")
    if name is None or function is None or name.type != "identifier" or function.type != "lambda":
        return None
    parameters, body = function.child_by_field_name("parameters"), function.child_by_field_name("body")
    return [name, *([parameters] if parameters is not None else []), body] if body is not None else None


def _lambda_assignment(file: File, node: Node) -> Choice | None:
    parts = _assigned(file, node) if node.type == "expression_statement" else _defined(file, node)
    scope = scope_around(node)
    start = node.start_byte - node.start_point.column
    indentation = file.text[start : node.start_byte]
    if parts is None or scope is None or scope.type == "class_definition" or indentation.strip(b" \t"):
        return None
    if (after := file.text[node.end_byte : node.end_byte + 1]) and after != b"\n":
        return None
    name, expression = file.slice(parts[0]), file.slice(parts[-1])
    parameters = file.slice(parts[1]) if len(parts) == 3 else b""
    if node.type == "function_definition":
        parameters = parameters[1:-1].strip(b" ")
    if _UNFIT.search(parameters + expression) or is_decorated(node):
        return None
    suite = b":\n" + indentation + file.indent_beside(node) + b"return " + expression
    texts: dict[str, bytes | None] = {
        "lambda": name + b" = lambda" + (b" " + parameters if parameters else b"") + b": " + expression,
        "def": b"def " + name + file.bracketed("(", parameters, node) + suite,
    }
    where = "module" if scope.type == "module" else "function"
    return spelling(file, (node.start_byte, node.end_byte), texts, (where, "parameters" if parameters else "none"))


CONVENTIONS = (
    convention(
        "lambda_assignment",
        "functions of one expression",
        ("lambda", "def"),
        frozenset({"expression_statement", "function_definition"}),
        choose=_lambda_assignment,
    ),
)

"""Bodies of modules, classes and functions: their members, what kind each is, and their docstring.

Knows syntax nodes. Does not know lines, blanks or any one convention.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.text.source import Source

IMPORTS = frozenset({"import_statement", "import_from_statement", "future_import_statement"})
_OWNERS = {"module": "module", "class_definition": "class", "function_definition": "def"}
_ASSIGNMENTS = frozenset({"assignment", "augmented_assignment"})


class Docstring(NamedTuple):
    """A docstring, the module, class or def it documents, the body it opens, and the owner's kind in one word."""

    node: Node
    owner: Node
    body: Node
    kind: str


def members(body: Node) -> list[Node]:
    """The statements of a module or block, without comments."""
    return [child for child in body.named_children if child.type != "comment"]


def definition(statement: Node) -> Node:
    """The def or class that `statement` is or decorates; any other statement is its own."""
    inner = statement.child_by_field_name("definition") if statement.type == "decorated_definition" else None
    return inner or statement


def is_definition(statement: Node) -> bool:
    return statement.type in ("function_definition", "class_definition", "decorated_definition")


def _is_stub(function: Node) -> bool:
    """Whether a def has no body to speak of: it stands in the header's line, or it is a mere ellipsis."""
    body = function.child_by_field_name("body")
    first = body.named_children[0] if body and body.named_child_count == 1 else None
    if body is None or first is None:
        return False
    colon = max(child.start_point.row for child in function.children if child.type == ":")
    is_ellipsis = first.type == "expression_statement" and first.children[0].type == "ellipsis"
    return is_ellipsis or body.end_point.row == colon


def kind_of(statement: Node) -> str:
    """What a statement is, in one word; overloads and their like are stubs."""
    kind = statement.type
    if kind in IMPORTS:
        return "import"
    if is_definition(statement):
        inner = definition(statement)
        if inner.type == "class_definition":
            return "class"
        return "stub" if _is_stub(inner) else "def"
    if kind == "expression_statement" and statement.children[0].type in _ASSIGNMENTS:
        return "assignment"
    return "code"


def docstring_of(body: Node) -> Node | None:
    """The string that opens a body, with or without quotes of its own kind; None where there is none."""
    for statement in body.named_children:
        if statement.type == "comment":
            continue
        if statement.type != "expression_statement" or statement.child_count != 1:
            return None
        first = statement.children[0]
        return first if first.type == "string" else None
    return None


def docstrings(source: Source) -> Iterator[Docstring]:
    """Every docstring of the file, in document order."""
    for node, owner in source.of_kinds(_OWNERS):
        body = node if owner == "module" else node.child_by_field_name("body")
        found = docstring_of(body) if body else None
        if body and found:
            yield Docstring(found, node, body, _OWNERS[owner])

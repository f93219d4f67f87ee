"""Statements that can be said in two ways: `pass` or `...`, `return` or `return None`, `raise E` or `raise E()`.

Knows single statements and the function around them. Does not know conditions, blocks or classes.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling, statement_of
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.conventions.idioms.scopes import function_of, is_decorated, scope_around
from codetune_git.languages.python.proof.judging import EXCEPTION_NAME

_VALUE = re.compile(rb"\breturn\b[ \t(]*(?!None\b)[^\s#;(]")
_STUB = re.compile(rb"\b(overload|abstract\w*|Protocol)\b")
_YIELD = re.compile(rb"\byield\b")
_OWNERS = {"function_definition": "function", "class_definition": "class", "except_clause": "except"}


def _is_stub(file: File, owner: Node) -> bool:
    """Whether a function is there for its signature: an overload, an abstract method, a method of a protocol."""
    if owner.type != "function_definition":
        return False
    decorators = owner.parent.children[:-1] if is_decorated(owner) and owner.parent is not None else []
    outer = scope_around(owner)
    bases = outer.child_by_field_name("superclasses") if outer is not None else None
    heads = [*decorators, *([bases] if bases is not None else [])]
    return any(_STUB.search(file.slice(head)) for head in heads)


def _pass_ellipsis(file: File, node: Node) -> Choice | None:
    """`pass` or `...` as the only statement of a suite, with or without a docstring before it."""
    if node.type == "expression_statement" and node.children[0].type != "ellipsis":
        return None
    block = node.parent
    owner = block.parent if block is not None and block.type == "block" else None
    statements = [child for child in block.named_children if child.type != "comment"] if block is not None else []
    if owner is None or statements[-1] != node or len(statements) > 2:
        return None
    documented = len(statements) == 2
    if documented and (statements[0].type != "expression_statement" or statements[0].children[0].type != "string"):
        return None
    kind = "stub" if _is_stub(file, owner) else _OWNERS.get(owner.type, owner.type.partition("_")[0])
    context = (kind, "decorated" if is_decorated(owner) else "plain", "documented" if documented else "alone")
    return spelling(file, (node.start_byte, node.end_byte), {"pass": b"pass", "ellipsis": b"..."}, context)


def _return_none(file: File, node: Node) -> Choice | None:
    """`return` or `return None`, which differ in what they tell the reader."""
    text = file.slice(node)
    if text not in (b"return", b"return None"):
        return None
    function = function_of(node)
    if function is None or _YIELD.search(body := file.slice(function)):
        return None
    block = node.parent
    around = statement_of(block).replace("function", "body") if block is not None else ""
    context = ("values" if _VALUE.search(body) else "none", around)
    return spelling(file, (node.start_byte, node.end_byte), {"bare": b"return", "none": b"return None"}, context)


def _raise_form(file: File, node: Node) -> Choice | None:
    """`raise E` or `raise E()`, where the name is an exception class by its looks."""
    raised = node.named_children[0] if node.named_child_count else None
    if raised is None:
        return None
    if raised.type == "call":
        arguments = raised.child_by_field_name("arguments")
        named = raised.child_by_field_name("function")
        if arguments is None or named is None or file.slice(arguments) != b"()":
            return None
    else:
        named = raised
    name = file.slice(named).decode(errors="replace")
    if named.type not in ("identifier", "attribute") or not EXCEPTION_NAME.fullmatch(name.rpartition(".")[2]):
        return None
    written = file.slice(named)
    context = (name if name == "NotImplementedError" else "other",)
    return spelling(
        file, (raised.start_byte, raised.end_byte), {"class": written, "instance": written + b"()"}, context
    )


def _infinite_loop(file: File, node: Node) -> Choice | None:
    condition = node.child_by_field_name("condition")
    if condition is None:
        return None
    return spelling(file, (condition.start_byte, condition.end_byte), {"true": b"True", "one": b"1"}, ())


CONVENTIONS = (
    convention(
        "pass_ellipsis",
        "empty bodies",
        ("pass", "ellipsis"),
        frozenset({"pass_statement", "expression_statement"}),
        choose=_pass_ellipsis,
    ),
    convention("return_none", "return of None", ("bare", "none"), frozenset({"return_statement"}), choose=_return_none),
    convention(
        "raise_form", "raised exceptions", ("class", "instance"), frozenset({"raise_statement"}), choose=_raise_form
    ),
    convention(
        "infinite_loop", "endless loops", ("true", "one"), frozenset({"while_statement"}), choose=_infinite_loop
    ),
)

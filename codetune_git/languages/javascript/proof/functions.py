"""Synonyms of functions: parameters and bodies of arrows, and functions that could be arrows.

Knows what a function takes from the call of it: `this`, `arguments`, `new.target`, `super`. Does not know who calls it.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.javascript.proof.bindings import NAMES
from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.languages.javascript.proof.program import Program, children, is_doubtful
from codetune_git.text.assumptions import Assumption

# What has a call of its own; of a class, whose keys and heritage have none, nothing is said.
_OWN = frozenset({"function_expression", "function_declaration", "generator_function", "method_definition"})
_TAKEN = frozenset({"this", "super", "meta_property", "class", "class_declaration"})
_WORDS = re.compile(rb"\b(?:this|super|target|meta|class|arguments|eval|await|yield)\b")
# The last two are names in a function, and none in an arrow inside an `async` one or a generator.
_LOOKED_UP = frozenset({b"arguments", b"eval", b"this", b"await", b"yield"})


def takes_from_call(program: Program, function: Node) -> bool:
    """Whether what a function does depends on how it is called, beside its parameters."""
    if _WORDS.search(program.text, function.start_byte, function.end_byte) is None:
        return False
    stack = children(function)
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in _TAKEN or (kind in NAMES and program.slice(node) in _LOOKED_UP):
            return True
        if kind not in _OWN:
            stack += node.children
        elif b"eval" in program.slice(node):
            return True
        else:
            stack += [child for child in node.children if child.type == "computed_property_name"]
    return False


def could_be_arrow(program: Program, node: Node) -> bool:
    """Whether a function expression has no name and takes nothing from its call; parameters have their own names."""
    kinds = [child.type for child in children(node)]
    if "identifier" in kinds or "function" not in kinds:
        return False
    parameters = node.child_by_field_name("parameters")
    names = [] if parameters is None else [program.slice(child) for child in parameters.named_children]
    return len(names) == len(set(names)) and not takes_from_call(program, node)


def returned(forms: Forms, block: Node) -> Node | None:
    """The expression that a block returns and does nothing else."""
    inside = children(block)[1:-1] if block.type == "statement_block" else []
    if len(inside) != 1 or inside[0].type != "return_statement" or is_doubtful(forms.program, inside[0]):
        return None
    held = [child for child in children(inside[0]) if child.type != ";"]
    return held[1] if len(held) == 2 else None


def _arrow(forms: Forms, node: Node) -> Form | None:
    """An arrow: parentheses around one plain name say nothing, and a body that returns is what it returns."""
    *head, _, body = children(node)
    return _arrow_form(forms, head, body)


def _arrow_form(forms: Forms, head: list[Node], body: Node) -> Form:
    value = returned(forms, body) or body
    return ("arrow", *(_parameters(forms, child) for child in head), forms.of(value))


def _function(forms: Forms, node: Node) -> Form | None:
    """A function that could be an arrow. It makes no objects if it is `async`, or called where it stands."""
    if not could_be_arrow(forms.program, node):
        return None
    *head, body = children(node)
    is_free = head[0].type == "async" or _is_called(node)
    if not is_free and not (_is_argument(node) and forms.may(Assumption.NOT_MADE)):
        return None
    return _arrow_form(forms, [child for child in head if child.type != "function"], body)


def _is_called(node: Node) -> bool:
    """Whether a function is called where it stands, in parentheses or before some."""
    inner, outer = node, node.parent
    if outer is not None and outer.type == "parenthesized_expression":
        inner, outer = outer, outer.parent
    return outer is not None and outer.type == "call_expression" and outer.children[0] == inner


def _is_argument(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "arguments"


def _parameters(forms: Forms, node: Node) -> Form:
    """The parameters of an arrow, or what else stands before its sign."""
    if node.type == "identifier":
        return ("one", forms.of(node))
    inside = children(node) if node.type == "formal_parameters" else []
    only = inside[1] if len(inside) == 3 or (len(inside) == 4 and inside[2].type == ",") else None
    if only is not None and only.type == "required_parameter" and only.child_count == 1:
        only = only.children[0]
    return ("one", forms.of(only)) if only is not None and only.type == "identifier" else forms.of(node)


RULES: dict[str, Rule] = {"arrow_function": _arrow, "function_expression": _function}

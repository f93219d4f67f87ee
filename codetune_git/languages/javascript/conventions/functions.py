"""Functions: bodies of arrows, and functions that are called where they stand. Knows expressions; no declarations."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.javascript.conventions.choices import Choice, convention, has_comment, place_of, program_of
from codetune_git.languages.javascript.proof.functions import could_be_arrow, takes_from_call
from codetune_git.languages.javascript.proof.program import children
from codetune_git.text.source import Source

_LONGEST = 80  # bytes of an expression whose last name is read


def _returned(body: Node) -> Node | None:
    """The value that a block returns and does nothing else, comments neither."""
    if body.named_child_count != 1 or body.named_children[0].type != "return_statement":
        return None
    statement = body.named_children[0]
    return statement.named_children[0] if statement.named_child_count == 1 and not has_comment(statement) else None


def _body(source: Source, node: Node) -> Choice | None:
    """`=> a` or `=> { return a }`."""
    body = node.children[-1]
    value = _returned(body) if body.type == "statement_block" else body
    if value is None or has_comment(node):
        return None
    is_block = value is not body
    lines = "one" if value.start_point.row == value.end_point.row else "many"
    context = (lines, value.type, place_of(node))

    def write(variant: str) -> bytes | None:
        text = source.slice(value)
        needs = value.type == "sequence_expression" or text.startswith(b"{")
        return (b"(" + text + b")" if needs else text) if variant == "expression" else None

    return Choice(body.start_byte, body.end_byte, "block" if is_block else "expression", context, write)


def _called(source: Source, node: Node) -> Choice | None:
    """`(function () {})()` or `(function () {}())`."""
    inside = children(node)
    is_inside = node.type == "parenthesized_expression"
    call = inside[1] if is_inside and len(inside) == 3 else node
    if call.type != "call_expression" or call.child_count != 2 or has_comment(node) or has_comment(call):
        return None
    function, arguments = call.children
    if function.type == "parenthesized_expression" and not is_inside and function.child_count == 3:
        function = function.children[1]
    elif not is_inside:
        return None
    if function.type != "function_expression" or arguments.type != "arguments":
        return None
    code, given = source.slice(function), source.slice(arguments)
    texts = {"outside": b"(" + code + b")" + given, "inside": b"(" + code + given + b")"}
    return Choice(node.start_byte, node.end_byte, "inside" if is_inside else "outside", (), texts.get)


def _callback(source: Source, node: Node) -> Choice | None:
    """A function that is given to another one: `function (a) { ... }` or `(a) => { ... }`."""
    inside = [child.type for child in node.children]
    if node.parent is None or node.parent.type != "arguments" or has_comment(node) or "type_parameters" in inside:
        return None
    is_arrow = node.type == "arrow_function"
    program = program_of(source)
    if takes_from_call(program, node) if is_arrow else not could_be_arrow(program, node):
        return None
    callee = source.slice(node.parent.parent.children[0]) if node.parent.parent is not None else b""
    name = callee.rpartition(b".")[2].decode(errors="replace") if len(callee) < _LONGEST else ""
    context = ("async" if "async" in inside else "plain", name)
    end = node.children[-1].start_byte
    body = node.children[-1].type == "statement_block"

    def write(variant: str) -> bytes | None:
        return _head(source, node, variant) if body else None

    return Choice(node.start_byte, end, "arrow" if is_arrow else "function", context, write)


def _head(source: Source, node: Node, variant: str) -> bytes:
    """What stands before the body."""
    prefix = b"async " if node.children[0].type == "async" else b""
    held = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
    text = b"()" if held is None else source.slice(held)
    returned = node.child_by_field_name("return_type")
    text = text if text.startswith(b"(") else b"(" + text + b")"
    text += b"" if returned is None else source.slice(returned)
    if variant == "arrow":
        return prefix + text + b" => "
    is_spaced = source.text.count(b"function (") >= source.text.count(b"function(")
    return prefix + (b"function " if is_spaced else b"function") + text + b" "


CONVENTIONS = (
    convention(
        "callbacks",
        "functions that are given to others",
        {"arrow": "arrows", "function": "`function`"},
        ("function_expression", "arrow_function"),
        _callback,
    ),
    convention(
        "arrow_body",
        "bodies of arrows",
        {"expression": "a value: `=> a`", "block": "a block that returns: `=> { return a }`"},
        ("arrow_function",),
        _body,
        decisive=1,
    ),
    convention(
        "called_function",
        "parentheses of a function that is called at once",
        {"outside": "`(function () {})()`", "inside": "`(function () {}())`"},
        ("call_expression", "parenthesized_expression"),
        _called,
    ),
)

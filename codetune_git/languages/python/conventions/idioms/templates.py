"""Strings with fields as they are spelled: read from `%`, `.format` or an f-string, written as any of them.

Knows raw literal text, so that escapes stay as they are. Does not know which spelling is wanted where. Understands
plain strings without a prefix (but f), on one line, not joined to a neighbour; fields are those of
proof/placeholders.py, their arguments any expression but a starred one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.proof.placeholders import Field, Part, brace_parts, in_order, percent_parts

# An escape that could stand for a percent sign or a brace, or that has braces itself.
_CODED = re.compile(r"\\(N|x(25|7[bBdD])|u00(25|7[bBdD])|U000000(25|7[bBdD])|0?45|17[35])")
_PLAIN = re.compile(r"(['\"])(?!\1\1)(.*)\1", re.DOTALL)
_NUMBERED, _AUTOMATIC = (b"{0}", b"{0!", b"{0:"), (b"{}", b"{!", b"{:")
_PRIMARY = frozenset({"identifier", "attribute", "call", "subscript"})
_UNFIT_INSIDE = re.compile(r"[\\{}\n#]|:=|\blambda\b|\bawait\b|\byield\b")
_UNFIT_ARGUMENTS = frozenset(
    {"list_splat", "dictionary_splat", "keyword_argument", "generator_expression", "named_expression", "yield"}
    | {"comment", "expression_list"}
)


@dataclass(frozen=True, slots=True)
class Template:
    """Literal text and fields in order, the fields' arguments as they are written, and the quote."""

    parts: tuple[Part, ...]
    arguments: tuple[str, ...]
    primary: bool
    quote: str

    def joined(self, separator: str = ", ") -> bytes:
        return _bytes(separator.join(self.arguments))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def plain_string(file: File, node: Node | None) -> tuple[str, str] | None:
    """Quote and raw content of a one-line string without a prefix."""
    if node is None or node.type != "string" or node.start_point.row != node.end_point.row:
        return None
    match = _PLAIN.fullmatch(_text(file.slice(node)))
    return (match[1], match[2]) if match and not _CODED.search(match[2]) else None


def _template(file: File, parts: Sequence[Part] | None, arguments: Sequence[Node], quote: str) -> Template | None:
    fields = sum(isinstance(part, Field) for part in parts or ())
    if parts is None or not fields or fields != len(arguments):
        return None
    if any(node.type in _UNFIT_ARGUMENTS or node.start_point.row != node.end_point.row for node in arguments):
        return None
    primary = len(arguments) == 1 and arguments[0].type in _PRIMARY
    plain = tuple(replace(p, conversion="") if isinstance(p, Field) and p.conversion == "s" else p for p in parts)
    return Template(plain, tuple(_text(file.slice(node)) for node in arguments), primary, quote)


def percent_template(file: File, string: Node | None, arguments: Sequence[Node]) -> Template | None:
    """The template of a string with percent fields and the `arguments` that fill them."""
    found = plain_string(file, string)
    return _template(file, percent_parts(found[1]), arguments, found[0]) if found else None


def _of_percent(file: File, node: Node) -> Template | None:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if right is None or node.children[1].type != "%":
        return None
    return percent_template(file, left, right.named_children if right.type == "tuple" else [right])


def format_call(file: File, node: Node) -> tuple[Node, list[Node]] | None:
    """The string and the arguments of `'...'.format(...)`."""
    if file.text.find(b".format", node.start_byte, node.end_byte) < 0:
        return None
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    string = function.child_by_field_name("object") if function is not None and function.type == "attribute" else None
    if function is None or string is None or arguments is None or string.type != "string":
        return None
    if arguments.type != "argument_list" or file.slice(function.children[-1]) != b"format":
        return None
    return string, arguments.named_children


def _of_format(file: File, node: Node) -> Template | None:
    call = format_call(file, node)
    found = plain_string(file, call[0]) if call else None
    parts = brace_parts(found[1]) if found else None
    if call is None or found is None or parts is None or not in_order(parts, len(call[1]), ()):
        return None
    return _template(file, parts, call[1], found[0])


def _interpolated(file: File, node: Node) -> tuple[Field, Node] | None:
    """Field and expression of `{expression!r:spec}` in an f-string."""
    expression = node.child_by_field_name("expression")
    conversion, spec = node.child_by_field_name("type_conversion"), node.child_by_field_name("format_specifier")
    if expression is None or any(child.type == "=" for child in node.children):
        return None
    if spec is not None and spec.named_child_count:
        return None
    converted = _text(file.slice(conversion)).lstrip("!") if conversion is not None else ""
    written = _text(file.slice(spec))[1:] if spec is not None else ""
    return (Field(None, converted, written), expression) if converted in ("", "r", "a") else None


def _of_f_string(file: File, node: Node) -> Template | None:
    match = _PLAIN.fullmatch(_text(file.slice(node))[1:])
    if match is None or file.text[node.start_byte : node.start_byte + 1] != b"f":
        return None
    parts: list[Part] = []
    arguments: list[Node] = []
    for child in node.named_children[1:-1]:
        if child.type == "interpolation":
            field = _interpolated(file, child)
            if field is None:
                return None
            parts.append(field[0])
            arguments.append(field[1])
        else:
            literal = _text(file.slice(child))
            if _CODED.search(literal):
                return None
            parts.append(literal.replace("{{", "{").replace("}}", "}"))
    return _template(file, parts, arguments, match[1])


_READERS = {"binary_operator": _of_percent, "call": _of_format, "string": _of_f_string}


def read(file: File, node: Node) -> Template | None:
    """The template that `node` formats, or None if it does not, or not plainly."""
    if node.type == "string" and not file.begins(node, b"f"):
        return None
    if node.start_point.row != node.end_point.row or node.type not in _READERS:
        return None
    return _READERS[node.type](file, node)


def percent_string(template: Template) -> bytes | None:
    """The string with percent fields, in quotes."""
    if any(isinstance(part, Field) and part.spec for part in template.parts):
        return None
    written = (
        part.replace("%", "%%") if isinstance(part, str) else "%" + (part.conversion or "s") for part in template.parts
    )
    return _bytes(template.quote + "".join(written) + template.quote)


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _tail(field: Field) -> str:
    return ("!" + field.conversion if field.conversion else "") + (":" + field.spec if field.spec else "") + "}"


def brace_string(template: Template, *, numbered: bool) -> bytes:
    """The string with brace fields, in quotes."""
    written, position = "", 0
    for part in template.parts:
        if isinstance(part, str):
            written += _braces(part)
        else:
            written += "{" + (str(position) if numbered else "") + _tail(part)
            position += 1
    return _bytes(template.quote + written + template.quote)


def as_percent(file: File, template: Template, node: Node) -> bytes | None:
    string = percent_string(template)
    if string is None or (len(template.arguments) == 1 and not template.primary):
        return None
    operand = template.joined() if template.primary else file.bracketed("(", template.joined(), node)
    return string + b" % " + operand


def as_format(file: File, template: Template, node: Node) -> bytes:
    numbered = file.count_beside(node, *_NUMBERED) > file.count_beside(node, *_AUTOMATIC)
    return brace_string(template, numbered=numbered) + b".format" + file.bracketed("(", template.joined(), node)


def as_f_string(template: Template) -> bytes | None:
    """The f-string, where its expressions are plain enough for every Python that knows f-strings."""
    for argument in template.arguments:
        if template.quote in argument or _UNFIT_INSIDE.search(argument):
            return None
    left = iter(template.arguments)
    written = (_braces(part) if isinstance(part, str) else "{" + next(left) + _tail(part) for part in template.parts)
    return _bytes("f" + template.quote + "".join(written) + template.quote)

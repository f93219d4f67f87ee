"""Synonyms of literals: strings, templates without places, numbers, keys, and what a sum of strings is.

Knows when text on either side of `+` becomes what a template makes of it: where it can be no object.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.languages.javascript.proof.literals import is_key, number_value, string_value
from codetune_git.languages.javascript.proof.program import children

_BLANKS = b" \t"
_QUOTES = (b"'", b'"')
_KEYS = frozenset({"property_identifier", "string", "computed_property_name"})
# No entity, no line end: what an attribute of JSX means the same in quotes and in braces.
_ESCAPED = frozenset(b"&\\\n\r'\"")


def _content(text: bytes) -> bytes | None:
    """What stands between the quotes."""
    return text[1:-1] if len(text) > 1 and text[:1] in _QUOTES and text[-1:] == text[:1] else None


def _value(text: bytes) -> Form | None:
    content = _content(text)
    value = None if content is None else string_value(content)
    return None if value is None else ("string", value)


def _string(forms: Forms, node: Node) -> Form | None:
    return _value(forms.program.slice(node))


def _number(forms: Forms, node: Node) -> Form | None:
    return number_value(forms.program.slice(node))


def is_tagged(node: Node) -> bool:
    """Whether a function takes a template apart: a call whose arguments are no list."""
    return node.children[-1].type == "template_string"


def _call(forms: Forms, node: Node) -> Form | None:
    """A call; the template that a function takes apart stays as it is written but for what its places hold."""
    if not is_tagged(node):
        return None
    *called, template = children(node)
    return ("tagged", *forms.each(called), *_pieces(forms, template, is_raw=True))


def _pieces(forms: Forms, template: Node, *, is_raw: bool) -> Iterator[Form]:
    """Text and places of a template in turn."""
    for child in template.children:
        if child.type == "template_substitution":
            yield ("place", *forms.each(children(child)[1:-1]))
        elif child.is_named:
            text = forms.program.slice(child)
            value = None if is_raw else string_value(text)
            yield ("raw", text) if value is None else ("string", value)


def _template(forms: Forms, node: Node) -> Form | None:
    """A template; one without places is a string."""
    pieces = tuple(_pieces(forms, node, is_raw=False))
    if all(isinstance(piece, tuple) and piece[0] == "string" for piece in pieces):
        value = string_value(forms.program.slice(node)[1:-1])
        return None if value is None else ("string", value)
    return ("template", *pieces)


def key_form(forms: Forms, node: Node) -> Form:
    """The form of a key: `a`, `'a'` and `['a']` are the same."""
    text = forms.program.slice(node)
    inside = children(node)
    if node.type == "computed_property_name" and len(inside) == 3 and inside[1].type == "string":
        return key_form(forms, inside[1]) if is_key(forms.program.slice(inside[1])[1:-1]) else forms.plain(node)
    if node.type == "string" and is_key(text[1:-1]):
        return ("key", text[1:-1])
    return ("key", text) if node.type == "property_identifier" else forms.of(node)


def _keyed(forms: Forms, node: Node) -> Form | None:
    """A member with a key: of an object, a pattern or a class."""
    inside = children(node)
    place = next((i for i, child in enumerate(inside) if child.type in _KEYS), None)
    if place is None:
        return None
    kind = "pair" if node.type in ("pair", "pair_pattern") else node.type
    return (kind, *forms.each(inside[:place]), key_form(forms, inside[place]), *forms.each(inside[place + 1 :]))


def _shorthand(forms: Forms, node: Node) -> Form | None:
    text = forms.program.slice(node)
    return ("pair", ("key", text), ":", ("identifier", text)) if is_key(text) else None


def _shorthand_default(forms: Forms, node: Node) -> Form | None:
    """`{ a = 1 }` as a pattern, which is `{ a: a = 1 }`."""
    left, _, right = children(node) if len(children(node)) == 3 else (node, node, node)
    if left.type != "shorthand_property_identifier_pattern" or not is_key(forms.program.slice(left)):
        return None
    text = forms.program.slice(left)
    target = ("assignment_pattern", ("identifier", text), "=", forms.of(right))
    return ("pair", ("key", text), ":", target)


def _attribute(forms: Forms, node: Node) -> Form | None:
    """An attribute of JSX, whose text knows entities and no escapes; in braces it is a string as any other."""
    inside = children(node)
    value = inside[-1]
    if value.type == "string":
        content = _content(forms.program.slice(value))
        return None if content is None else ("attribute", *forms.each(inside[:-1]), content)
    held = children(value) if value.type == "jsx_expression" else []
    if len(held) == 3 and held[1].type == "string":
        content = _content(forms.program.slice(held[1]))
        if content is not None and not _ESCAPED & set(content):
            return ("attribute", *forms.each(inside[:-1]), content)
    return None


def _text(forms: Forms, node: Node) -> Form | None:
    """A text of JSX: blanks at its line breaks mean nothing, every transform trims its lines."""
    first, *others = forms.program.slice(node).split(b"\n")
    if not others:
        return None
    lines = (first.rstrip(_BLANKS), *(line.strip(_BLANKS) for line in others[:-1]), others[-1].lstrip(_BLANKS))
    return ("text", *lines)


RULES: dict[str, Rule] = {
    "string": _string,
    "number": _number,
    "call_expression": _call,
    "template_string": _template,
    "pair": _keyed,
    "pair_pattern": _keyed,
    "method_definition": _keyed,
    "field_definition": _keyed,
    "shorthand_property_identifier": _shorthand,
    "shorthand_property_identifier_pattern": _shorthand,
    "object_assignment_pattern": _shorthand_default,
    "jsx_attribute": _attribute,
    "jsx_text": _text,
}

"""Spellings of types that mean the same. Nothing of them is run: equal forms are equal types, by their words.

Knows types and members of interfaces. Does not know what a name stands for, but whether a file gives `Array` a meaning.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.languages.javascript.proof.literal_forms import key_form
from codetune_git.languages.javascript.proof.program import children

_ARRAYS = {b"Array": "array_of", b"ReadonlyArray": "readonly_array_of"}
_HERITAGE = frozenset({"extends_type_clause", "extends_clause", "implements_clause"})
_OWN_ARRAY = re.compile(
    rb"\b(?:class|interface|type|infer|import|enum|namespace)\s+(?:Readonly)?Array\b|[,{<]\s*(?:Readonly)?Array\s*[,}>=]"
    rb"|\bas\s+(?:Readonly)?Array\b|<[^<>()]*\b(?:Readonly)?Array\s+extends\b|\b(?:Readonly)?Array\s+in\b"
)
_MEMBERS = frozenset({"method_definition", "public_field_definition", "method_signature"})


def has_own_array(text: bytes) -> bool:
    """Whether a file may give `Array` or `ReadonlyArray` a meaning of its own."""
    return _OWN_ARRAY.search(text) is not None


def is_heritage(node: Node) -> bool:
    """Whether a type is what a class or an interface extends: no other form of it may stand there."""
    return node.parent is not None and node.parent.type in _HERITAGE


def _bare(node: Node) -> Node:
    while node.type == "parenthesized_type" and node.child_count == 3:
        node = node.children[1]
    return node


def _array(forms: Forms, node: Node) -> Form | None:
    """`T[]`, whose element may stand in parentheses."""
    inside = children(node)
    return ("array_of", forms.of(_bare(inside[0]))) if len(inside) == 3 else None


def _readonly(forms: Forms, node: Node) -> Form | None:
    """`readonly T[]`."""
    inside = children(node)
    if len(inside) != 2 or inside[1].type != "array_type" or len(children(inside[1])) != 3:
        return None
    return ("readonly_array_of", forms.of(_bare(children(inside[1])[0])))


def _generic(forms: Forms, node: Node) -> Form | None:
    """`Array<T>`."""
    name, arguments = children(node) if len(children(node)) == 2 else (node, node)
    kind = _ARRAYS.get(forms.program.slice(name))
    if kind is None or is_heritage(node) or arguments.type != "type_arguments" or len(children(arguments)) != 3:
        return None
    notes = forms.program.notes
    if has_own_array not in notes:
        notes[has_own_array] = has_own_array(forms.program.text)
    return None if notes[has_own_array] else (kind, forms.of(_bare(children(arguments)[1])))


def is_mapped(node: Node) -> bool:
    """Whether a type is made of the keys of another one: its only member takes no comma."""
    return any(child.type == "mapped_type_clause" for member in node.named_children for child in member.children)


def _members(forms: Forms, node: Node) -> Form:
    """The members of a type, whichever signs separate them; one made of another type's keys takes no other sign."""
    if is_mapped(node):
        return (node.type, *forms.each(children(node)))
    return (node.type, *forms.each(child for child in children(node) if child.type not in (";", ",")))


def _keyed_member(forms: Forms, node: Node) -> Form:
    """A member with a key; `public` is what it is without a word."""
    is_key = {"string", "property_identifier", "computed_property_name"}
    inside = [
        child
        for child in children(node)
        if child.type != "accessibility_modifier" or forms.program.slice(child) != b"public"
    ]
    return (node.type, *(key_form(forms, child) if child.type in is_key else forms.of(child) for child in inside))


RULES: dict[str, Rule] = {
    "array_type": _array,
    "readonly_type": _readonly,
    "generic_type": _generic,
    "interface_body": _members,
    "object_type": _members,
    "method_definition": _keyed_member,
    "public_field_definition": _keyed_member,
    "property_signature": _keyed_member,
}

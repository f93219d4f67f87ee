"""A text with its tree, as the proof reads it, and where the tree cannot be believed.

Knows where a line break decides how an engine reads a text, whatever the grammar guesses. Does not know any synonym.
Source: ECMAScript, "Automatic Semicolon Insertion"; TypeScript's rules for words that are names elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tree_sitter import Node

from codetune_git.languages.suffixes import BY_LANGUAGE
from codetune_git.text.grammar import Grammar

_PLAIN = frozenset(BY_LANGUAGE["javascript"])
_BREAK = re.compile(rb"[\n\r]|\xe2\x80[\xa8\xa9]")
# What must stand on the line of what it follows.
_BOUND = frozenset({"=>", "++", "--", "as", "satisfies", "is", "!"})
_BRACKETED_TYPES = frozenset({"array_type", "lookup_type"})
_GENERIC = "generic_type"  # its arguments stand on the line of its name
# Names of fields that an engine reads together with what follows on the next line.
_MODIFIERS = frozenset(
    {b"get", b"set", b"static", b"async", b"accessor", b"declare", b"readonly", b"abstract", b"override"}
    | {b"public", b"private", b"protected", b"in", b"instanceof"}
)
_FIELDS = frozenset({"field_definition", "public_field_definition"})
# What ends only where its line does, and how a line begins that could go on with the one before.
_OPEN = frozenset(
    {"expression_statement", "lexical_declaration", "variable_declaration", "return_statement", "throw_statement"}
    | {"import_statement", "export_statement", "property_signature", "method_signature", *_FIELDS}
)
_LISTS = frozenset({"program", "statement_block", "class_body", "interface_body", "object_type", "switch_case"})
_GOES_ON = re.compile(rb"(?!\+\+|--)[(\[`+\-*/,.<>=&|^?:%]|!=|(?:in|instanceof)\b")
_IN = re.compile(rb"\bin\b")
# No expression statement begins so; the grammar takes it for one (ECMAScript, "Expression Statement").
_NO_START = re.compile(rb"(?:function|class|let\s*\[|async\s+function)\b|\{")


@dataclass(frozen=True)
class Program:
    """A text and its tree. `notes` are what readers have worked out about it."""

    text: bytes
    grammar: Grammar
    root: Node
    notes: dict[object, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: bytes, grammar: Grammar) -> Program:
        return cls(text, grammar, grammar.tree(text).root_node)

    def slice(self, node: Node) -> bytes:
        return self.text[node.start_byte : node.end_byte]

    @property
    def is_typed(self) -> bool:
        """Whether it is TypeScript."""
        return _PLAIN.isdisjoint(self.grammar.suffixes)

    def is_broken(self, start: int, end: int) -> bool:
        """Whether a line ends between two offsets."""
        return _BREAK.search(self.text, start, end) is not None


def children(node: Node) -> list[Node]:
    """What a node holds without comments."""
    return [child for child in node.children if not child.is_extra]


def takes_no_comma(node: Node) -> bool:
    """Whether a comma at the end of a list is an error: in the parameters of a setter and in a dynamic import."""
    before, owner = node.prev_sibling, node.parent
    is_setter = owner is not None and owner.type == "method_definition" and any(c.type == "set" for c in owner.children)
    return is_setter or (before is not None and before.type == "import")


def _has_bound_break(program: Program, node: Node, kinds: list[tuple[Node, str]]) -> bool:
    after, before = program.grammar.no_break_after, _BOUND
    is_bracketed, is_generic = node.type in _BRACKETED_TYPES, node.type == _GENERIC
    return any(
        (kind in after or following in before or is_generic or (is_bracketed and following == "["))
        and program.is_broken(left.end_byte, right.start_byte)
        for (left, kind), (right, following) in pairwise(kinds)
    )


def is_doubtful(program: Program, node: Node) -> bool:
    """Whether an engine may read a node differently from the grammar, as its lines break or as it begins."""
    kind = node.type
    if kind == "expression_statement":
        return _NO_START.match(program.text, node.start_byte) is not None and not _is_namespace(node)
    if kind == "for_statement":
        return _has_odd_head(program, node.child_by_field_name("initializer"))
    if kind == "arrow_function":
        body = node.children[-1]
        if body.type != "statement_block" and program.text[body.start_byte : body.start_byte + 1] == b"{":
            return True
    if kind == "export_statement":
        return _is_odd_export(program, node)
    if kind in _LISTS:
        return _runs_on(program, children(node))
    if node.start_point.row == node.end_point.row and b"\r" not in program.text:
        return False
    return _has_bound_break(program, node, [(child, child.type) for child in children(node)])


def _runs_on(program: Program, inside: list[Node]) -> bool:
    """Whether a statement or a member could go on with what follows it."""
    for node, following in pairwise(inside):
        if following.is_named and node.type in _OPEN and program.text[node.end_byte - 1 : node.end_byte] != b";":
            is_modifier = node.end_byte - node.start_byte < 12 and program.slice(node) in _MODIFIERS
            if is_modifier or _GOES_ON.match(program.text, following.start_byte):
                return True
    return False


def _has_odd_head(program: Program, head: Node | None) -> bool:
    """Whether a loop's head ends a declaration with its line, or has an `in` that may be read as the loop's."""
    if head is None:
        return False
    ends = head.type not in _OPEN or program.text[head.end_byte - 1 : head.end_byte] == b";"
    return not ends or _IN.search(program.text, head.start_byte, head.end_byte) is not None


def _is_odd_export(program: Program, node: Node) -> bool:
    """Whether what is exported begins with a function or a class that an engine takes for all of it."""
    value = node.child_by_field_name("value")
    if value is None or value.type in ("function_expression", "generator_function", "class"):
        return False
    return _NO_START.match(program.text, value.start_byte) is not None and value.type != "object"


def _is_namespace(node: Node) -> bool:
    return node.child_count > 0 and node.children[0].type == "internal_module"

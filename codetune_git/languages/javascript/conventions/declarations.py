"""The word that a declaration begins with: `const` or `let` for what gets one value, `var` or not.

Knows declarations and heads of loops. What a variable allows, the proof knows (proof/variables.py).
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.javascript.conventions.choices import Choice, convention, place_of, program_of
from codetune_git.languages.javascript.proof.variables import word_of
from codetune_git.text.source import Source

_KINDS = ("lexical_declaration", "variable_declaration", "for_in_statement")
_WRITE = re.compile(
    rb"(?<![\w$.])(?P<assigned>[A-Za-z_$][\w$]*)\s*(?:\+\+|--|[-+*/%&|^?<>]{1,3}=(?![=>]))"
    rb"|^\s*(?P<counted>[A-Za-z_$][\w$]*)\s*=(?![=>])",
    re.MULTILINE,
)
_LOOPS = {"for_statement": "for", "for_in_statement": "loop"}


def _word(node: Node) -> Node | None:
    """The word that declares, if one does."""
    return node.child_by_field_name("kind") if node.type == "for_in_statement" else node.children[0]


def _context(node: Node) -> tuple[str, ...]:
    if node.type == "for_in_statement":
        return ("loop", "")
    if node.parent is not None and node.parent.type in _LOOPS:
        return (_LOOPS[node.parent.type], "")
    declarator = node.named_children[0]
    value = declarator.child_by_field_name("value")
    return (place_of(node), "" if value is None else value.type)


def _may_be_written(source: Source, node: Node) -> bool:
    """Whether a declared name is without a value, or one of its spelling is written to: told without reading scopes."""
    declared = [] if node.type == "for_in_statement" else node.named_children
    for declarator in declared:
        name = declarator.child_by_field_name("name")
        if declarator.type != "variable_declarator" or name is None:
            continue
        if declarator.child_by_field_name("value") is None:
            return True
        if name.type == "identifier" and source.slice(name) in source.once(_written):
            return True
    return False


def _written(source: Source) -> frozenset[bytes]:
    """The names that are assigned to or counted somewhere in the file."""
    found = _WRITE.finditer(source.text)
    return frozenset(match["assigned"] or match["counted"] for match in found)


def _once(source: Source, node: Node) -> Choice | None:
    """`const` or `let` for what never gets another value."""
    word = _word(node)
    if word is None or word.type not in ("let", "const"):
        return None
    if word.type == "let" and (_may_be_written(source, node) or word_of(program_of(source), node) != "const"):
        return None
    return Choice(
        word.start_byte, word.end_byte, word.type, _context(node), lambda variant: _const(source, node, variant)
    )


def _const(source: Source, node: Node, variant: str) -> bytes | None:
    if variant == "let" and program_of(source).is_typed:  # a type that gets wider may not fit where it did
        return None
    return variant.encode()


def _scoped(source: Source, node: Node) -> Choice | None:
    """`var`, or `let` and `const`, which end with their block."""
    word = _word(node)
    if word is None or word.type not in ("var", "let", "const"):
        return None
    strictest = word_of(program_of(source), node) if word.type == "var" else word.type
    if strictest == "var":
        return None
    variant = "var" if word.type == "var" else "block"
    texts = {"var": b"var", "block": strictest.encode()}
    return Choice(word.start_byte, word.end_byte, variant, _context(node), texts.get)


CONVENTIONS = (
    convention(
        "constants",
        "declaration of what gets one value",
        {"const": "`const` for what gets one value", "let": "`let` for what gets one value"},
        _KINDS,
        _once,
    ),
    convention(
        "variables",
        "scope of variables",
        {"var": "`var`", "block": "`let` or `const`"},
        _KINDS,
        _scoped,
    ),
)

"""Blanks around `=`: assignments, keyword arguments, defaults.

Knows what an `=` belongs to. Does not know the annotations before it (separators.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.gaps import AROUND, AROUND_VARIANTS, respaced, spelled, walk
from codetune_git.text.source import Source

_AUGMENTED = frozenset({"+=", "-=", "*=", "/=", "//=", "%=", "@=", "**=", ">>=", "<<=", "&=", "^=", "|="})
_OWNERS = frozenset(
    {
        "assignment",
        "keyword_argument",
        "default_parameter",
        "typed_default_parameter",
        "keyword_pattern",
        "type_alias_statement",
    }
)
_KEYWORDS = frozenset({"keyword_argument", "default_parameter"})
_HEADS = {"call": "call", "class_definition": "class", "function_definition": "def", "lambda": "lambda"}


def _is_annotated(equals: Node) -> bool:
    before = equals.prev_sibling
    return before is not None and before.type == "type"


def _site(source: Source, name: str, token: Node, context: tuple[str, ...]) -> Iterator[Site]:
    found = spelled(source, token, AROUND)
    if found is not None:
        yield Site(name, found[0], found[1], found[2], context)


def _assignment(source: Source) -> Iterator[Site]:
    for node, kind, inside in walk(source, _AUGMENTED | {"=", ":="}, _OWNERS):
        if kind != "=":
            yield from _site(source, "assignment_spacing", node, ("walrus" if kind == ":=" else "augmented",))
        elif inside and inside[-1] == "assignment" and not _is_annotated(node):
            yield from _site(source, "assignment_spacing", node, ("plain",))


def _position(source: Source, equals: Node) -> str:
    """`line` where the keyword is the first of its line: such arguments are sometimes written like assignments."""
    line = source.line_starts[source.line_of(equals.start_byte) - 1]
    before = source.text[line : equals.start_byte].split()
    return "line" if len(before) == 1 and before[0].replace(b"_", b"a").isalnum() else "inline"


def _keyword_equals(source: Source) -> Iterator[Site]:
    for node, _, inside in walk(source, frozenset({"="}), _OWNERS | frozenset(_HEADS)):
        if len(inside) > 1 and inside[-1] in _KEYWORDS:
            context = (_HEADS.get(inside[-2], "call"), _position(source, node))
            yield from _site(source, "keyword_equals_spacing", node, context)


def _default_annotated(source: Source) -> Iterator[Site]:
    for node, _, inside in walk(source, frozenset({"="}), _OWNERS):
        owner = inside[-1] if inside else ""
        if owner == "typed_default_parameter" or (owner == "assignment" and _is_annotated(node)):
            where = "field" if owner == "assignment" else "def"
            yield from _site(source, "default_annotated_spacing", node, (where,))


CONVENTIONS: tuple[Convention, ...] = (
    Convention("assignment_spacing", "blanks around assignment operators", AROUND_VARIANTS, _assignment, respaced),
    Convention(
        "keyword_equals_spacing", "blanks around = of keywords and defaults", AROUND_VARIANTS, _keyword_equals, respaced
    ),
    Convention(
        "default_annotated_spacing",
        "blanks around = after an annotation",
        AROUND_VARIANTS,
        _default_annotated,
        respaced,
    ),
)

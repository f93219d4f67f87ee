"""Blanks at separators: commas, the colons of annotations, dicts, slices, lambdas and blocks, the return arrow.

Knows what each separator separates. Does not know the brackets around (padding.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.gaps import (
    AROUND,
    AROUND_VARIANTS,
    COLON,
    COLON_VARIANTS,
    Spelling,
    blanks_after,
    ends_line,
    respaced,
    spelled,
    walk,
)
from codetune_git.languages.shared.columns import blanks_before, starts_line
from codetune_git.text.source import Source

_LISTS = {
    "argument_list": "call",
    "parameters": "def",
    "lambda_parameters": "lambda",
    "list": "list",
    "list_pattern": "list",
    "tuple": "tuple",
    "tuple_pattern": "tuple",
    "expression_list": "bare",
    "pattern_list": "bare",
    "dictionary": "dict",
    "set": "set",
    "subscript": "subscript",
    "type_parameter": "type",
    "import_statement": "import",
    "import_from_statement": "import",
}
_HEADERS = frozenset(
    {"function_definition", "class_definition", "if_statement", "elif_clause", "else_clause", "for_statement"}
    | {"while_statement", "with_statement", "try_statement", "except_clause", "finally_clause", "match_statement"}
    | {"case_clause"}
)
_CLOSING = frozenset({")", "]", "}"})
_SIMPLE = frozenset({"identifier", "integer", "none"})


def _comma(source: Source) -> Iterator[Site]:
    text = source.text
    for node, _, _ in walk(source, frozenset({","})):
        start, end = node.start_byte, node.end_byte
        gap = text[end : blanks_after(text, end)]
        # What follows a last comma is the closing bracket's or the statement's matter, not the comma's.
        follower = None if gap not in (b"", b" ") or ends_line(text, end + len(gap)) else node.next_sibling
        parent = node.parent
        if parent is not None and follower is not None and follower.type not in _CLOSING:
            first = _before(source, start)
            variant = "mixed" if first < start else "spaced" if gap else "tight"
            yield Site("comma_spacing", first, end + len(gap), variant, (_LISTS.get(parent.type, "other"),))


def _before(source: Source, offset: int) -> int:
    """Where the blank before `offset` begins; `offset` where there is none, or more, or nothing else before it."""
    first = blanks_before(source.text, offset)
    return first if offset - first == 1 and not starts_line(source.text, first) else offset


def _rewrite_comma(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b", " if variant == "spaced" else b","),)


def _token_sites(
    source: Source, name: str, token: str, owners: Mapping[str, tuple[str, ...]], names: Mapping[Spelling, str]
) -> Iterator[Site]:
    """The `token`s that belong to a node of one of the `owners`' types, which gives the context."""
    for node, _, _ in walk(source, frozenset({token})):
        parent = node.parent
        context = owners.get(parent.type) if parent else None
        found = spelled(source, node, names) if context is not None else None
        if context is not None and found is not None:
            yield Site(name, found[0], found[1], found[2], context)


def _annotation_colon(source: Source) -> Iterator[Site]:
    owners = {"typed_parameter": ("def",), "typed_default_parameter": ("def",), "assignment": ("field",)}
    return _token_sites(source, "annotation_colon_spacing", ":", owners, COLON)


def _arrow(source: Source) -> Iterator[Site]:
    if b"->" in source.text:
        yield from _token_sites(source, "arrow_spacing", "->", {"function_definition": ()}, AROUND)


def _dict_colon(source: Source) -> Iterator[Site]:
    return _token_sites(source, "dict_colon_spacing", ":", {"pair": ()}, COLON)


def _lambda_colon(source: Source) -> Iterator[Site]:
    if b"lambda" in source.text:
        yield from _token_sites(source, "lambda_colon", ":", {"lambda": ()}, COLON)


def _is_simple(node: Node) -> bool:
    return node.type in _SIMPLE or (node.type == "unary_operator" and node.end_byte - node.start_byte <= 2)


def _slice_colon(source: Source) -> Iterator[Site]:
    """A colon with an operand on each side: beside an empty side every style writes no blank."""
    for node, _, _ in walk(source, frozenset({":"})):
        parent = node.parent
        if parent is None or parent.type != "slice":
            continue
        left, right = node.prev_sibling, node.next_sibling
        if left is None or right is None or ":" in (left.type, right.type):
            continue
        found = spelled(source, node, COLON)
        if found is not None:
            shape = "simple" if _is_simple(left) and _is_simple(right) else "complex"
            yield Site("slice_colon_spacing", found[0], found[1], found[2], (shape,))


def _block_colon(source: Source) -> Iterator[Site]:
    for node, _, _ in walk(source, frozenset({":"})):
        parent, start = node.parent, node.start_byte
        if parent is not None and parent.type in _HEADERS:
            first = blanks_before(source.text, start)
            if start - first < 2 and not starts_line(source.text, first):
                yield Site("block_colon_spacing", first, start, "spaced" if first < start else "tight", ())


def _rewrite_block_colon(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "spaced" else b""),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("comma_spacing", "blank after a comma", ("spaced", "tight"), _comma, _rewrite_comma),
    Convention(
        "annotation_colon_spacing", "blanks at the colon of an annotation", COLON_VARIANTS, _annotation_colon, respaced
    ),
    Convention("arrow_spacing", "blanks around ->", AROUND_VARIANTS, _arrow, respaced),
    Convention("dict_colon_spacing", "blanks at the colon of a dict", COLON_VARIANTS, _dict_colon, respaced),
    Convention("slice_colon_spacing", "blanks at the colon of a slice", COLON_VARIANTS, _slice_colon, respaced),
    Convention("lambda_colon", "blanks at the colon of a lambda", COLON_VARIANTS, _lambda_colon, respaced),
    Convention(
        "block_colon_spacing",
        "blank before the colon of a block",
        ("tight", "spaced"),
        _block_colon,
        _rewrite_block_colon,
        usual="tight",
    ),
)

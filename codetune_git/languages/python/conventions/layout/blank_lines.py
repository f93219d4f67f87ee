"""Blank lines before definitions, around docstrings and after imports.

Knows statements and the bytes between them. A choice is free where these are a comment that ends the line before, blank
lines without blanks in them, and comments that belong to what follows; anything else (section banners, commented-out
code, form feeds) says more than how many blank lines are usual, so it is no site. Does not know what fits on a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.bodies import (
    IMPORTS,
    definition,
    docstring_of,
    docstrings,
    is_definition,
    kind_of,
    members,
)
from codetune_git.languages.shared import blank_lines as shared
from codetune_git.text.source import Source

_GAP = re.compile(rb"[ \t]*(?:#[^\n]*)?\n(\n*)((?:[ \t]*#[^\n]*\n)*)([ \t]*)")
_AFTER = re.compile(rb"[ \t]*(?:#[^\n]*)?\n(\n*)([ \t]*)(?=[^ \t\n])")


class _Gap(NamedTuple):
    """Blank lines `[start, end)` between two statements. Whoever writes them decides, whose ever the next line is."""

    start: int
    end: int
    commented: bool

    def site(self, convention: str, *context: str) -> Site:
        return shared.site(convention, self.start, self.end, context)


def _gap(text: bytes, before: int, after: int) -> _Gap | None:
    """The blank lines between a statement that ends at `before` and one that begins at `after`, with its comments."""
    found = _GAP.fullmatch(text, before, after)
    if found is None:
        return None
    indent = found[3]
    if any(not line.startswith(indent + b"#") for line in found[2].splitlines()):
        return None
    return _Gap(found.start(1), found.end(1), bool(found[2]))


def _own(statement: Node, gap: _Gap) -> str:
    """What a statement is, as a part of the context: a comment or decorator in front says more than the rest."""
    kind = kind_of(statement)
    if gap.commented:
        return "comment"
    return "decorated" if kind == "def" and statement.type == "decorated_definition" else kind


def _before(statement: Node, body: Node) -> str:
    """What stands before a definition: like `kind_of`, and the docstring of `body` has a word of its own."""
    docstring = docstring_of(body)
    return "docstring" if docstring and docstring.start_byte == statement.start_byte else kind_of(statement)


def _top(source: Source) -> Iterator[Site]:
    root = source.tree.root_node
    for previous, statement in pairwise(members(root)):
        if not is_definition(statement) or previous.has_error:
            continue
        gap = _gap(source.text, previous.end_byte, statement.start_byte)
        if gap:
            yield gap.site("blank_lines_top", _before(previous, root), _own(statement, gap))


def _after_top(source: Source) -> Iterator[Site]:
    for previous, statement in pairwise(members(source.tree.root_node)):
        if is_definition(previous) and not is_definition(statement) and not previous.has_error:
            gap = _gap(source.text, previous.end_byte, statement.start_byte)
            if gap and not statement.has_error:
                yield gap.site("blank_lines_after_top", _own(statement, gap))


def _class_bodies(source: Source) -> Iterator[tuple[Node, Node]]:
    for node, _ in source.of_kinds(("class_definition",)):
        body = node.child_by_field_name("body")
        if body and not node.has_error:
            yield node, body


def _method(source: Source) -> Iterator[Site]:
    found = []
    for _, body in _class_bodies(source):
        docstring = docstring_of(body)
        for previous, statement in pairwise(members(body)):
            if definition(statement).type != "function_definition":
                continue
            if docstring and docstring.start_byte == previous.start_byte:
                continue
            gap = _gap(source.text, previous.end_byte, statement.start_byte)
            if gap:
                found.append(gap.site("blank_lines_method", kind_of(previous), _own(statement, gap)))
    yield from sorted(found, key=lambda site: site.start)


def _header_end(owner: Node, body: Node) -> int:
    """Where the colon of a def or class header ends."""
    return max(child.end_byte for child in owner.children if child.type == ":" and child.end_byte <= body.start_byte)


def _first_method(source: Source) -> Iterator[Site]:
    for node, body in _class_bodies(source):
        statements = members(body)
        docstring = docstring_of(body)
        if len(statements) < (2 if docstring else 1):
            continue
        member = statements[1] if docstring else statements[0]
        end = docstring.end_byte if docstring else _header_end(node, body)
        gap = _gap(source.text, end, member.start_byte)
        if gap:
            place = "docstring" if docstring else "header"
            yield gap.site("blank_lines_first_method", place, _own(member, gap))


def _after_docstring(source: Source) -> Iterator[Site]:
    for node, owner, body, kind in docstrings(source):
        statements = members(body)
        if kind != "def" or len(statements) < 2 or owner.has_error:
            continue
        found = _AFTER.match(source.text, node.end_byte)
        if found is None or len(found[2]) != node.start_point.column:
            continue
        gap = _Gap(found.start(1), found.end(1), source.text[found.end()] == 0x23)
        lines = "one" if node.start_point.row == node.end_point.row else "multi"
        yield gap.site("blank_line_after_docstring", lines, _own(statements[1], gap))


def _has_imports(statement: Node) -> bool:
    """Whether a compound statement imports something in one of its own blocks (`try: import x`, `if ...: import y`)."""
    return any(
        inner.type in IMPORTS or _has_imports(inner)
        for inner in statement.named_children
        if inner.type in IMPORTS or inner.type == "block" or inner.type.endswith("_clause")
    )


def _after_imports(source: Source) -> Iterator[Site]:
    statements = members(source.tree.root_node)
    last = max((i for i, statement in enumerate(statements) if statement.type in IMPORTS), default=len(statements))
    if last + 1 >= len(statements):
        return
    statement = statements[last + 1]
    if is_definition(statement) or statement.has_error or _has_imports(statement):
        return
    gap = _gap(source.text, statements[last].end_byte, statement.start_byte)
    if gap:
        yield gap.site("blank_lines_after_imports", _own(statement, gap))


def _word(node: Node) -> str:
    """What stands on one side of a gap, in a word: the kind of a statement, the first word of a compound one."""
    return "comment" if node.type == "comment" else kind_of(node) if node.type == "expression_statement" else node.type


def _in_body(gap: shared.Gap) -> tuple[str, ...] | None:
    """Between statements that define nothing; what follows a docstring has a convention of its own."""
    owner = gap.block.parent
    place = "module" if owner is None else "class" if owner.type == "class_definition" else "body"
    if is_definition(gap.after) or is_definition(gap.before) or not gap.before.is_named:
        return None
    if gap.before.prev_sibling is None and docstring_of(gap.block) is not None and owner is not None:
        return None
    if gap.before.type == gap.after.type == "comment":  # what belongs together, or is no longer run
        return None
    if gap.before.parent != gap.block:  # a comment behind the header, or the parameters of one
        return None
    is_import = gap.before.type in IMPORTS
    if is_import and place == "module" and gap.after.type not in IMPORTS:
        return None
    return (
        place,
        _word(gap.before) if is_import else _word(gap.after),
        _word(gap.after) if is_import else _word(gap.before),
    )


def _after_header(gap: shared.Gap) -> tuple[str, ...] | None:
    """Below the header of a block; the first member of a class has a convention of its own."""
    owner = gap.block.parent
    if owner is None or owner.type == "class_definition" or gap.before.parent == gap.block:
        return None
    before = gap.before.prev_sibling
    if gap.before.type == "comment" and (before is None or shared.is_below(before, gap.before)):
        return None
    return (owner.type, _word(gap.after))


CONVENTIONS: tuple[Convention, ...] = (
    shared.convention("blank_lines_body", "blank lines between statements", _in_body),
    shared.convention("blank_lines_header", "blank lines below the header of a block", _after_header),
    Convention("blank_lines_top", "blank lines before a top-level definition", ("1", "2", "3"), _top, shared.rewrite),
    Convention(
        "blank_lines_after_top", "blank lines after a top-level definition", ("1", "2"), _after_top, shared.rewrite
    ),
    Convention("blank_lines_method", "blank lines before a method", ("0", "1", "2"), _method, shared.rewrite),
    Convention(
        "blank_lines_first_method",
        "blank lines before the first member of a class",
        ("0", "1"),
        _first_method,
        shared.rewrite,
    ),
    Convention(
        "blank_line_after_docstring",
        "blank line after a function's docstring",
        ("0", "1"),
        _after_docstring,
        shared.rewrite,
    ),
    Convention(
        "blank_lines_after_imports", "blank lines after the imports", ("1", "2"), _after_imports, shared.rewrite
    ),
)

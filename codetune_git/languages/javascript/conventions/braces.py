"""Braces around the only statement of an `if` or a loop, and where `else`, `catch` and `finally` stand.

Knows branches without an `else`, whose statement declares nothing and stands on one line. Does not know which of them a
house finds too wide: how wide the line is decides what says anything about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.fashion import Fashion
from codetune_git.languages.shared.lines import indent_at, line_end, opens_line, width_of
from codetune_git.languages.shared.tokens import tokens_read
from codetune_git.text.source import Source

BODIES, CLAUSES = "javascript/single_statement", "javascript/clause_placement"
_OWNERS = ("if_statement", "for_statement", "for_in_statement", "while_statement")
_STATEMENTS = frozenset(
    {"expression_statement", "return_statement", "throw_statement", "break_statement", "continue_statement"}
)
_CLAUSES = frozenset({"else", "catch", "finally"})
_NARROW = 60


def _fashion(source: Source) -> Fashion:
    return Fashion(source.text, source.grammar.heads)


def _body(node: Node) -> Node | None:
    """The statement or block that a branch or a loop holds; None where it has an `else`, or is one."""
    if node.child_by_field_name("alternative") or (node.parent and node.parent.type == "else_clause"):
        return None
    return node.child_by_field_name("consequence") or node.child_by_field_name("body")


def _only(source: Source, body: Node) -> Node | None:
    """The only statement of a body, if it stands on one line and no comment beside it."""
    inside = body.children[1:-1] if body.type == "statement_block" else [body]
    if len(inside) != 1 or inside[0].type not in _STATEMENTS or inside[0].has_error:
        return None
    only = inside[0]
    is_bare = not any(child.is_extra for child in only.children)
    return only if is_bare and only.start_point.row == only.end_point.row else None


def _variant(source: Source, body: Node, only: Node) -> str | None:
    """How a body is written; None where lines break in yet another way, or more follows on its last line."""
    text, head = source.text, body.prev_sibling
    if head is None or head.is_extra or text[body.end_byte : line_end(text, body.end_byte)].strip():
        return None
    is_below = b"\n" in text[head.end_byte : only.start_byte]
    if body == only:
        return "below" if is_below else "beside"
    is_closed = opens_line(text, body.end_byte - 1)
    is_open = is_below and body.start_point.row == head.end_point.row
    return "block" if is_open and is_closed else None


def _bodies(source: Source) -> Iterator[Site]:
    for node, kind in source.of_kinds(_OWNERS):
        body = _body(node)
        only = _only(source, body) if body is not None else None
        if node.has_error or body is None or only is None or not opens_line(source.text, node.start_byte):
            continue
        variant, before = _variant(source, body, only), body.prev_sibling
        if variant is not None and before is not None and node.start_point.row == before.end_point.row:
            head = source.text[source.line_starts[source.line_of(node.start_byte) - 1] : before.end_byte]
            width = "narrow" if width_of(head + b" " + source.slice(only)) <= _NARROW else "wide"
            kinds = (width, "if" if kind == "if_statement" else "loop", only.type)
            yield Site(BODIES, before.end_byte, body.end_byte, variant, kinds)


def _write_body(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    whole = source.text[site.start : site.end].strip()
    statement = whole[1:-1].strip() if site.variant == "block" else whole
    indent, step = indent_at(source.text, site.start), source.once(_fashion).step
    written = {
        "beside": b" " + statement,
        "below": b"\n" + indent + step + statement,
        "block": b" {\n" + indent + step + statement + b"\n" + indent + b"}",
    }
    return (Edit(site.start, site.end, written[variant]),)


def _is_branch(block: Node | None, clause: Node | None) -> bool:
    """Whether a clause goes on with the statement whose branch a block is, and not with what stands in a branch."""
    if block is None or clause is None or block.type != "statement_block" or block.parent is None:
        return False
    return not {block.parent, block.parent.parent}.isdisjoint({clause.parent})


def _clauses(source: Source) -> Iterator[Site]:
    for before, word in pairwise(source.once(tokens_read)):
        if before.type != "}" or word.type not in _CLAUSES or not _is_branch(before.parent, word.parent):
            continue
        gap = source.text[before.end_byte : word.start_byte]
        below = b"\n" + indent_at(source.text, before.start_byte)
        if gap in (b"", b" ", below) and opens_line(source.text, before.start_byte):
            yield Site(CLAUSES, before.end_byte, word.start_byte, "below" if gap == below else "beside", (word.type,))


def _write_clause(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    gap = b" " if variant == "beside" else b"\n" + indent_at(source.text, site.start)
    return (Edit(site.start, site.end, gap),)


CONVENTIONS = (
    Convention(
        BODIES,
        "an only statement",
        ("block", "beside", "below"),
        _bodies,
        _write_body,
        decisive=1,
        phrases={"block": "in braces", "beside": "on the same line", "below": "on the next line, without braces"},
    ),
    Convention(
        CLAUSES,
        "place of else, catch and finally",
        ("beside", "below"),
        _clauses,
        _write_clause,
        phrases={"beside": "behind the closing brace", "below": "below the closing brace"},
    ),
)

"""Where the opening brace of a body stands: on the line of its header or below it.

Knows functions, classes, branches, loops and `switch`. Does not know blocks that stand alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.lines import indent_at
from codetune_git.text.source import Source

NAME = "javascript/brace_placement"
_BODIES = ("statement_block", "class_body", "switch_body", "interface_body", "enum_body")
_OWNERS = {
    **dict.fromkeys(("function_declaration", "generator_function_declaration"), "function"),
    **dict.fromkeys(("function_expression", "generator_function", "method_definition"), "function"),
    "arrow_function": "arrow",
    **dict.fromkeys(("class_declaration", "class", "abstract_class_declaration"), "class"),
    **dict.fromkeys(("interface_declaration", "enum_declaration", "internal_module", "module"), "class"),
    **dict.fromkeys(("if_statement", "else_clause", "for_statement", "for_in_statement"), "branch"),
    **dict.fromkeys(("while_statement", "do_statement", "switch_statement"), "branch"),
    **dict.fromkeys(("try_statement", "catch_clause", "finally_clause"), "branch"),
}


def _below(source: Source, owner: Node) -> bytes:
    return b"\n" + indent_at(source.text, owner.start_byte)


def _sites(source: Source) -> Iterator[Site]:
    for body, _ in source.of_kinds(_BODIES):
        owner, before = body.parent, body.prev_sibling
        context = _OWNERS.get(owner.type) if owner is not None else None
        if owner is None or context is None or before is None or before.is_extra or owner.has_error:
            continue
        gap = source.text[before.end_byte : body.start_byte]
        if gap in (b" ", _below(source, owner)) and body.start_point.row < body.end_point.row:
            yield Site(NAME, before.end_byte, body.start_byte, "beside" if gap == b" " else "below", (context,))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    if variant == "beside":
        return (Edit(site.start, site.end, b" "),)
    brace = source.tree.root_node.descendant_for_byte_range(site.end, site.end + 1)
    body = None if brace is None else brace.parent
    if body is None or body.parent is None:
        return None
    return (Edit(site.start, site.end, _below(source, body.parent)),)


CONVENTIONS = (
    Convention(
        NAME,
        "place of opening braces",
        ("beside", "below"),
        _sites,
        _rewrite,
        decisive=1,
        phrases={"beside": "on the line of the header", "below": "on the line below the header"},
    ),
)

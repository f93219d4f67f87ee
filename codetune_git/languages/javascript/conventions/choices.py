"""Conventions of JavaScript that are said as choices: at a syntax node, what stands there and what could instead.

Knows how choices become the sites and rewrites of a convention. Does not know any one convention.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.proof.program import Program
from codetune_git.text.source import Source


@dataclass(frozen=True, slots=True)
class Choice:
    """The bytes `[start, end)` are written as `variant`; `write` gives the text of another one, or None."""

    start: int
    end: int
    variant: str
    context: tuple[str, ...]
    write: Callable[[str], bytes | None]


Choose = Callable[[Source, Node], Choice | None]


def program_of(source: Source) -> Program:
    """What the proof knows about a text; asked once, it knows its variables once."""
    return source.once(_program)


def _program(source: Source) -> Program:
    return Program(source.text, source.grammar, source.tree.root_node)


_PLACES = {
    "arguments": "argument",
    "pair": "value",
    "variable_declarator": "value",
    "assignment_expression": "value",
    "return_statement": "return",
    "array": "element",
    "binary_expression": "operand",
    "arrow_function": "body",
    "template_substitution": "template",
    "jsx_expression": "jsx",
    "program": "top",
    "statement_block": "block",
    "switch_case": "case",
    "export_statement": "export",
}


def place_of(node: Node) -> str:
    """What an expression or a statement is a part of, in one short word."""
    parent = node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        parent = parent.parent
    return "top" if parent is None else _PLACES.get(parent.type, "other")


def has_comment(node: Node) -> bool:
    """Whether a comment stands directly in a node."""
    return any(child.is_extra for child in node.children)


def _sites(source: Source, name: str, kinds: frozenset[str], choose: Choose) -> Iterator[Site]:
    for node, _ in source.outside_opaque(kinds):
        if not node.has_error and (choice := choose(source, node)) is not None:
            yield Site(name, choice.start, choice.end, choice.variant, choice.context)


def _rewrite(source: Source, site: Site, variant: str, of: tuple[frozenset[str], Choose]) -> tuple[Edit, ...] | None:
    kinds, choose = of
    node = source.tree.root_node.descendant_for_byte_range(site.start, site.end)
    while node is not None:
        choice = choose(source, node) if node.type in kinds and not node.has_error else None
        if choice is not None and (choice.start, choice.end, choice.variant) == (site.start, site.end, site.variant):
            text = choice.write(variant)
            return None if text is None else (Edit(site.start, site.end, text),)
        node = node.parent
    return None


def convention(
    name: str, title: str, phrases: Mapping[str, str], kinds: Iterable[str], choose: Choose, *, decisive: int = 0
) -> Convention:
    """A convention between the variants that have phrases, at nodes of some kinds."""
    full, among = f"javascript/{name}", frozenset(kinds)
    return Convention(
        full,
        title,
        tuple(phrases),
        lambda source: _sites(source, full, among, choose),
        lambda source, site, variant: _rewrite(source, site, variant, (among, choose)),
        decisive=decisive,
        phrases=phrases,
    )

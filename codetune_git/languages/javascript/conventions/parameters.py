"""Parentheses around the only parameter of an arrow function: `a => b` or `(a) => b`. Knows one plain name alone.

Does not know parameters with types, defaults or patterns: those need their parentheses.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

NAME = "javascript/arrow_parentheses"
_WORDS = frozenset({b"async", b"await", b"yield", b"let", b"of", b"get", b"set", b"static", b"type"})
# Between `?` and `:` an arrow without parentheses reads as part of the choice, to some parsers at least.
_UNSURE_IN = frozenset({"ternary_expression"})
_HEADS = (["=>"], ["async", "=>"])


def _parameter(source: Source, node: Node) -> tuple[Node, Node] | None:
    """The parameter list of an arrow function, or its bare parameter, and the name in it."""
    children = node.children
    kinds = [child.type for child in children[:-1]]
    place = 1 if kinds[:1] == ["async"] else 0
    if len(children) != place + 3 or kinds[:place] + kinds[place + 1 :] not in _HEADS or node.has_error:
        return None
    held = children[place]
    inside = held.children if held.type == "formal_parameters" else []
    name = inside[1] if len(inside) == 3 else held
    if name.type == "required_parameter" and name.child_count == 1:
        name = name.children[0]
    is_flat = held.start_point.row == node.start_point.row == children[-2].end_point.row
    is_name = name.type == "identifier" and source.slice(name) not in _WORDS
    return (held, name) if is_name and is_flat and not (node.parent and node.parent.type in _UNSURE_IN) else None


def _arrows(source: Source) -> Iterator[tuple[Node, Node, Node]]:
    for node, _ in source.of_kinds(("arrow_function",)):
        if (found := _parameter(source, node)) is not None:
            yield node, *found


def _sites(source: Source) -> Iterator[Site]:
    for node, held, name in _arrows(source):
        variant = "needed" if held == name else "always"
        body = "block" if node.children[-1].type == "statement_block" else "value"
        yield Site(NAME, held.start_byte, held.end_byte, variant, (body, node.parent.type if node.parent else ""))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    name = source.text[site.start : site.end].strip(b"() ")
    return (Edit(site.start, site.end, b"(" + name + b")" if variant == "always" else name),)


CONVENTIONS = (
    Convention(
        NAME,
        "parentheses of an only parameter",
        ("always", "needed"),
        _sites,
        _rewrite,
        phrases={"always": "parentheses", "needed": "no parentheses"},
    ),
)

"""The blank between a name and the parenthesis of its arguments or parameters.

Knows calls, decorators, def and class headers. Does not know what is inside the parentheses (padding.py).
Keywords before a parenthesis (`not (`, `return (`) are no calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.gaps import walk
from codetune_git.languages.shared.columns import blanks_before, starts_line
from codetune_git.text.source import Source

_WANTED = frozenset({"argument_list", "generator_expression", "parameters"})
_HEADS = {"call": "call", "class_definition": "class", "function_definition": "def"}
_ENCLOSING = frozenset({*_HEADS, "decorator"})
# In Python 2 these were statements, whose parentheses many people set off by a blank.
_STATEMENT = re.compile(rb"(?:^|[^\w.])(?:print|exec)$")


def _context(text: bytes, name_end: int, inside: list[str]) -> tuple[str, ...]:
    if inside[-1] == "call" and inside[-2:-1] == ["decorator"]:
        return ("decorator",)
    if inside[-1] == "call" and _STATEMENT.search(text[max(0, name_end - 6) : name_end]):
        return ("statement",)
    return (_HEADS[inside[-1]],)


def _is_sole_argument(generator: Node) -> bool:
    """Whether the parentheses of a generator are also those of a call: `any(x for x in y)`."""
    parent = generator.parent
    return parent is not None and parent.type == "call"


def _sites(source: Source) -> Iterator[Site]:
    text = source.text
    for node, kind, inside in walk(source, _WANTED, _ENCLOSING):
        start = node.start_byte
        first = blanks_before(text, start)
        if not inside or inside[-1] not in _HEADS or text[start] != 0x28 or starts_line(text, first):
            continue
        if kind == "generator_expression" and not _is_sole_argument(node):
            continue
        if text[first:start] in (b"", b" "):
            variant = "tight" if first == start else "spaced"
            yield Site("call_spacing", first, start + 1, variant, _context(text, first, inside))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b"(" if variant == "tight" else b" ("),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "call_spacing", "blank before the parenthesis of a call or header", ("tight", "spaced"), _sites, _rewrite
    ),
)

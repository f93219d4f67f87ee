"""Whether a line breaks before or behind an operator. Knows chains of operators; does not know where lines break."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source


def _is_led(node: Node, kind: str) -> bool:
    """Whether an operator stands before the first operand, too: there it begins each line."""
    while node.children[0].type == kind:
        node = node.children[0]
    return not node.children[0].is_named


def _sites(source: Source) -> Iterator[Site]:
    text = source.text
    found = []
    for node, kind in source.of_kinds(source.grammar.chains):
        if text.find(b"\n", node.start_byte, node.end_byte) < 0 or node.has_error or _is_led(node, kind):
            continue
        children = node.children
        for left, operator, right in zip(children, children[1:], children[2:], strict=False):
            if operator.is_named or left.is_extra or right.is_extra:
                continue
            before = text[left.end_byte : operator.start_byte]
            after = text[operator.end_byte : right.start_byte]
            if (before + after).strip() or (b"\n" in before) == (b"\n" in after):
                continue
            variant = "before" if b"\n" in before else "after"
            found.append(Site("operator_break", left.end_byte, right.start_byte, variant, (kind,)))
    yield from sorted(found, key=lambda site: site.start)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    whole = source.text[site.start : site.end]
    operator = whole.strip()
    gap = whole[len(whole.rstrip()) :] if site.variant == "after" else whole[: len(whole) - len(whole.lstrip())]
    return (Edit(site.start, site.end, gap + operator + b" " if variant == "before" else b" " + operator + gap),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("operator_break", "line breaks at operators", ("before", "after"), _sites, _rewrite),
)

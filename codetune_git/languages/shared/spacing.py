"""Single blanks between two tokens of a line: there or not. Knows tokens and the tables of a grammar, no language.

A choice is free where both tokens stay what they are without a blank between them. Two blanks or more are another
matter (runs.py), and so is a gap in which the line ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_PADDINGS = {"(": "paren_padding", "[": "bracket_padding", "{": "brace_padding"}
_SIGNS = frozenset(b"+-*/%<>=&|^!~?:.#@")
_ASSIGNING = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", ":=", "|=", "&=", "^=", "<<=", ">>=", "**=", "??=", "||=", "&&="}
)
_ARROWS = frozenset({"=>", "->"})
_GAPS = {b"": "tight", b" ": "spaced"}


def leaves(source: Source) -> list[Node]:
    """The tokens of a file in order; opaque nodes are one token each, line feeds that end a statement are none."""
    opaque, found, hidden_until = source.grammar.opaque, [], -1
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        if node.start_byte < hidden_until or node.end_byte == node.start_byte:
            continue
        if kind in opaque:
            hidden_until = node.end_byte
            found.append(node)
        elif node.child_count == 0 and not kind.isspace():
            found.append(node)
    return found


def _is_word(byte: int) -> bool:
    return byte in b"_$" or chr(byte).isalnum() or byte > 0x7F


def _is_free(text: bytes, left: Node, right: Node) -> bool:
    """Whether the two tokens stay two without a blank between them."""
    a, b = text[left.end_byte - 1], text[right.start_byte]
    return (
        not (_is_word(a) and _is_word(b)) and not (a in _SIGNS and b in _SIGNS) and not (chr(a).isdigit() and b == 0x2E)
    )


def _kind(left: Node, right: Node) -> tuple[str, tuple[str, ...]] | None:
    """The convention of the gap between two tokens, and its context; None where nobody writes it otherwise."""
    owner, following = left.parent, right.parent
    if owner is None or following is None or right.type in (",", ";"):
        return None
    if left.type == ",":
        return "comma_spacing", (owner.type,)
    if right.type == "(":
        if not left.is_named and left.type.isalpha():
            return "keyword_spacing", (left.type,)
        return ("call_spacing", (following.type,)) if left.is_named else None
    if right.type == "{" and (left.type == ")" or left.is_named or left.type.isalpha()):
        return "brace_spacing", (following.type, "paren" if left.type == ")" else "word")
    return None


def _gap_sites(source: Source) -> Iterator[Site]:
    text = source.text
    for left, right in pairwise(leaves(source)):
        variant = _GAPS.get(text[left.end_byte : right.start_byte])
        if variant is None or not _is_free(text, left, right):
            continue
        kind = _kind(left, right)
        if kind is not None:
            yield Site(kind[0], left.end_byte, right.start_byte, variant, kind[1])


def _write_gap(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "spaced" else b""),)


def _around(source: Source) -> Iterator[Site]:
    """Operators, assignments, arrows and colons: what has an operand on each side on its line."""
    text, chains = source.text, source.grammar.chains
    for (left, token), (_, right) in pairwise(pairwise(leaves(source))):
        owner = token.parent
        if token.is_named or owner is None or token.type.isalpha():
            continue
        before, after = text[left.end_byte : token.start_byte], text[token.end_byte : right.start_byte]
        if before not in _GAPS or after not in _GAPS:
            continue
        if token.type == ":":
            variant = {(b"", b" "): "after", (b"", b""): "tight", (b" ", b" "): "both"}.get((before, after), "mixed")
            yield Site("colon_spacing", left.end_byte, right.start_byte, variant, (owner.type,))
            continue
        name = _name_of_operator(token, owner, chains)
        if name is not None and _is_free(text, left, token) and _is_free(text, token, right):
            variant = _GAPS[before] if before == after else "mixed"
            yield Site(name, left.end_byte, right.start_byte, variant, (owner.type, token.type))


def _name_of_operator(token: Node, owner: Node, chains: frozenset[str]) -> str | None:
    if token.type in _ARROWS:
        return "arrow_spacing"
    if token.type in _ASSIGNING:
        return "assignment_spacing"
    return "operator_spacing" if owner.type in chains else None


def _write_around(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    before, after = {"spaced": (b" ", b" "), "both": (b" ", b" "), "after": (b"", b" ")}.get(variant, (b"", b""))
    token = source.text[site.start : site.end].strip(b" ")
    return (Edit(site.start, site.end, before + token + after),)


def _pads(source: Source) -> Iterator[Site]:
    """Pairs of brackets on one line with something between: one pair is one choice."""
    text, opaque, hidden_until = source.text, source.grammar.opaque, -1
    for node, kind in source.of_kinds((*_CLOSING, *opaque)):
        if node.start_byte < hidden_until:
            continue
        if kind in opaque:
            hidden_until = node.end_byte
            continue
        parent = node.parent
        closing = next((c for c in reversed(parent.children) if c.type == _CLOSING[kind]), None) if parent else None
        if parent is None or closing is None or parent.type in source.grammar.blocks:
            continue
        inner = text[node.end_byte : closing.start_byte]
        first, last = inner[: len(inner) - len(inner.lstrip(b" "))], inner[len(inner.rstrip(b" ")) :]
        if b"\n" in inner or not inner.strip() or first not in _GAPS or last not in _GAPS:
            continue
        variant = {b"": "tight", b" ": "padded"}[first] if first == last else "mixed"
        yield Site(_PADDINGS[kind], node.start_byte, closing.end_byte, variant, (parent.type,))


def _pad(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    inner = source.text[site.start + 1 : site.end - 1]
    gap = b" " if variant == "padded" else b""
    start, end = site.start + 1, site.end - 1
    first, last = start + len(inner) - len(inner.lstrip(b" ")), end - (len(inner) - len(inner.rstrip(b" ")))
    return Edit(start, first, gap), Edit(last, end, gap)


_GAP = Convention("", "", ("spaced", "tight"), _gap_sites, _write_gap)
_AROUND = Convention("", "", ("spaced", "tight"), _around, _write_around)
_PAD = Convention("", "", ("tight", "padded"), _pads, _pad)


def _named(base: Convention, name: str, title: str, variants: tuple[str, ...] = ()) -> Convention:
    """The convention `name` out of those that `base` finds the sites of in one walk."""

    def sites(source: Source) -> Iterator[Site]:
        key = (__name__, base.sites)
        known: dict[str, list[Site]] | None = source.notes.get(key)
        if known is None:
            known = {}
            for site in base.sites(source):
                known.setdefault(site.convention, []).append(site)
            source.notes[key] = known
        yield from sorted(known.get(name, ()), key=lambda site: site.start)

    return Convention(name, title, variants or base.variants, sites, base.rewrite)


CONVENTIONS: tuple[Convention, ...] = (
    _named(_GAP, "comma_spacing", "blank after a comma"),
    _named(_GAP, "keyword_spacing", "blank between a keyword and its parenthesis"),
    _named(_GAP, "call_spacing", "blank before the parenthesis of a call"),
    _named(_GAP, "brace_spacing", "blank before a brace"),
    _named(_AROUND, "colon_spacing", "blanks at a colon", ("after", "tight", "both")),
    _named(_AROUND, "operator_spacing", "blanks around operators"),
    _named(_AROUND, "assignment_spacing", "blanks around ="),
    _named(_AROUND, "arrow_spacing", "blanks around an arrow"),
    _named(_PAD, "paren_padding", "blanks inside parentheses"),
    _named(_PAD, "bracket_padding", "blanks inside square brackets"),
    _named(_PAD, "brace_padding", "blanks inside braces"),
)

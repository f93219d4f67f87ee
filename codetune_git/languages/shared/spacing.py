"""Single blanks between two tokens of a line: there or not. Knows tokens and the tables of a grammar, no language.

A choice is free where both tokens stay what they are without a blank between them. Two blanks or more are another
matter (runs.py), and so is a gap in which the line ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.tokens import tokens_read
from codetune_git.text.source import Source

Walk = Callable[[Source], Iterator[Site]]
Rewrite = Callable[[Source, Site, str], tuple[Edit, ...]]

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_PADDINGS = {"(": "paren_padding", "[": "bracket_padding", "{": "brace_padding"}
_SIGNS = frozenset(b"+-*/%<>=&|^!~?:.#@")
_ASSIGNING = frozenset(
    {"=", "+=", "-=", "*=", "/=", "%=", ":=", "|=", "&=", "^=", "<<=", ">>=", "**=", "??=", "||=", "&&="}
)
_ARROWS = frozenset({"=>", "->"})
_GAPS = {b"": "tight", b" ": "spaced"}
_DECISIVE = {"function_spacing": 1}  # functions with a name say nothing about those without one


def _is_word(byte: int) -> bool:
    return byte in b"_$" or chr(byte).isalnum() or byte > 0x7F


def _is_free(text: bytes, left: Node, right: Node) -> bool:
    """Whether the two tokens stay two without a blank between them: no sign that ends with `!` begins with another."""
    a, b = text[left.end_byte - 1], text[right.start_byte]
    if right.type == "!":
        return not _is_word(a)
    return (
        not (_is_word(a) and _is_word(b)) and not (a in _SIGNS and b in _SIGNS) and not (chr(a).isdigit() and b == 0x2E)
    )


def _parenthesis(left: Node, following: Node, lists: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | None:
    """The convention of the gap before the parenthesis of `following`, and its context."""
    is_keyword = not left.is_named and left.type.isalpha()
    if lists.get(following.type) == "def" and (is_keyword or left.is_named) and left.parent == following.parent:
        return "function_spacing", (left.type if is_keyword else "named",)
    if is_keyword:
        return "keyword_spacing", (left.type,)
    return ("call_spacing", (following.type,)) if left.is_named else None


def _kind(left: Node, right: Node, lists: Mapping[str, str]) -> tuple[str, tuple[str, ...]] | None:
    """The convention of the gap between two tokens, and its context; None where nobody writes it otherwise."""
    owner, following = left.parent, right.parent
    if owner is None or following is None or right.type in (",", ";"):
        return None
    if left.type == ",":
        return "comma_spacing", (owner.type,)
    if right.type == "(":
        return _parenthesis(left, following, lists)
    if right.type == "{" and (left.type == ")" or left.is_named or left.type.isalpha()):
        return "brace_spacing", (following.type, "paren" if left.type == ")" else "word")
    return None


def _gap_sites(source: Source) -> Iterator[Site]:
    text = source.text
    for left, right in pairwise(source.once(tokens_read)):
        variant = _GAPS.get(text[left.end_byte : right.start_byte])
        if variant is None or not _is_free(text, left, right):
            continue
        kind = _kind(left, right, source.grammar.lists)
        if kind is not None:
            yield Site(kind[0], left.end_byte, right.start_byte, variant, kind[1])


def _write_gap(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "spaced" else b""),)


def _around(source: Source) -> Iterator[Site]:
    """Operators, assignments, arrows and colons: what has an operand on each side on its line."""
    text, chains = source.text, source.grammar.chains
    for (left, token), (_, right) in pairwise(pairwise(source.once(tokens_read))):
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
    text = source.text
    for node, kind in source.outside_opaque(_CLOSING):
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


def _found_by(walk: Walk, rewrite: Rewrite, named: Mapping[str, tuple[str, tuple[str, ...]]]) -> Iterator[Convention]:
    """The conventions of which one walk finds all sites. `named`: by name their titles and variants."""

    def by_name(source: Source) -> dict[str, list[Site]]:
        found: defaultdict[str, list[Site]] = defaultdict(list)
        for site in sorted(walk(source), key=lambda site: site.start):
            found[site.convention].append(site)
        return found

    def sites_of(name: str) -> Walk:
        return lambda source: iter(source.once(by_name).get(name, ()))

    for name, (title, variants) in named.items():
        yield Convention(name, title, variants, sites_of(name), rewrite, decisive=_DECISIVE.get(name, 0))


_SINGLE = ("spaced", "tight")
_PADDED = ("tight", "padded")

CONVENTIONS: tuple[Convention, ...] = (
    *_found_by(
        _gap_sites,
        _write_gap,
        {
            "comma_spacing": ("blank after a comma", _SINGLE),
            "keyword_spacing": ("blank between a keyword and its parenthesis", _SINGLE),
            "call_spacing": ("blank before the parenthesis of a call", _SINGLE),
            "function_spacing": ("blank before the parameters of a function", _SINGLE),
            "brace_spacing": ("blank before a brace", _SINGLE),
        },
    ),
    *_found_by(
        _around,
        _write_around,
        {
            "colon_spacing": ("blanks at a colon", ("after", "tight", "both")),
            "operator_spacing": ("blanks around operators", _SINGLE),
            "assignment_spacing": ("blanks around =", _SINGLE),
            "arrow_spacing": ("blanks around an arrow", _SINGLE),
        },
    ),
    *_found_by(
        _pads,
        _pad,
        {
            "paren_padding": ("blanks inside parentheses", _PADDED),
            "bracket_padding": ("blanks inside square brackets", _PADDED),
            "brace_padding": ("blanks inside braces", _PADDED),
        },
    ),
)

"""Scripts as a second language, with one convention: single or double quotes. What is proven are equal tokens."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_javascript

from codetune_git.domain import Edit, Site, Verification
from codetune_git.languages.convention import Convention
from codetune_git.languages.language import Language
from codetune_git.languages.silenced import Silenced
from codetune_git.text.assumptions import Proof
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

QUOTES = {"single": b"'", "double": b'"'}
GRAMMAR = Grammar(
    name="scripts",
    suffixes=(".js",),
    wheel=tree_sitter_javascript.language,
    comment="//",
    opaque=frozenset({"string", "comment"}),
    blocks=frozenset({"program", "statement_block"}),
)


def _sites(source: Source) -> Iterator[Site]:
    for node, _ in source.of_kinds(("string",)):
        if not {b"'", b'"', b"\\"} & {
            source.slice(node)[i : i + 1] for i in range(1, node.end_byte - node.start_byte - 1)
        }:
            variant = "single" if source.slice(node)[:1] == b"'" else "double"
            parent = node.parent.type if node.parent else ""
            yield Site("scripts/quotes", node.start_byte, node.end_byte, variant, (parent,))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    quote = QUOTES[variant]
    return (Edit(site.start, site.end, quote + source.text[site.start + 1 : site.end - 1] + quote),)


def _tokens(text: bytes) -> list[bytes]:
    source = Source.parse(text, GRAMMAR)
    strings = {node.start_byte: source.slice(node)[1:-1] for node, _ in source.of_kinds(("string",))}
    found = (strings.get(node.start_byte, source.slice(node)) for node in source.nodes if node.child_count == 0)
    return [token for token in found if token not in QUOTES.values()]


def _verify(before: bytes, after: bytes) -> Proof | None:
    if Source.parse(before, GRAMMAR).has_error or Source.parse(after, GRAMMAR).has_error:
        return None
    return Proof(Verification.SAFE if _tokens(before) == _tokens(after) else Verification.UNSAFE)


SCRIPTS = Language(
    grammar=GRAMMAR,
    revision=1,
    families={"quotes": (Convention("scripts/quotes", "quotes of scripts", tuple(QUOTES), _sites, _rewrite),)},
    verify=_verify,
    unprovable=lambda _: None,
    silenced=lambda _: Silenced({}),
)

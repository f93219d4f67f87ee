"""Quotes: `'a'` or `"a"`, in code and in the attributes of JSX. Knows string literals.

Does not know templates. A string that holds a quote is no free choice: the other spelling would need other escapes.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

CODE, ATTRIBUTES = "javascript/quotes", "javascript/jsx_quotes"
_QUOTES = {"single": b"'", "double": b'"'}
_NAMES = {quote: name for name, quote in _QUOTES.items()}


def _free_strings(source: Source) -> Iterator[tuple[Node, bytes]]:
    """The strings that mean the same in either quotes, each with its text."""
    for node, _ in source.of_kinds(("string",)):
        text = source.slice(node)
        if len(text) > 1 and text[:1] in _NAMES and text[-1:] == text[:1] and not set(text[1:-1]) & set(b"'\""):
            yield node, text


def _shape(content: bytes) -> str:
    if len(content) < 2:
        return "char" if content else "empty"
    return "words" if b" " in content.strip() else "word"


def _sites(source: Source, name: str) -> Iterator[Site]:
    for node, text in _free_strings(source):
        place = node.parent.type if node.parent is not None else ""
        if (ATTRIBUTES if place == "jsx_attribute" else CODE) == name:
            yield Site(name, node.start_byte, node.end_byte, _NAMES[text[:1]], (_shape(text[1:-1]), place))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    quote = _QUOTES[variant]
    return (Edit(site.start, site.end, quote + source.text[site.start + 1 : site.end - 1] + quote),)


_PHRASES = {"single": "single quotes", "double": "double quotes"}


def _convention(name: str, title: str) -> Convention:
    return Convention(name, title, tuple(_QUOTES), lambda source: _sites(source, name), _rewrite, phrases=_PHRASES)


CONVENTIONS = (_convention(CODE, "quotes of strings"), _convention(ATTRIBUTES, "quotes of attributes"))

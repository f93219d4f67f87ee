"""How docstrings are quoted, where their text begins and where the closing quotes stand.

Knows the string and its indentation. Every rewrite keeps what `inspect.cleandoc` makes of the docstring. Does not know
what the text says: no summary lines, no sections, no full stops.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.bodies import docstrings
from codetune_git.languages.shared.lines import indent_at, opens_line
from codetune_git.text.source import Source

_QUOTES = {"double3": b'"""', "single3": b"'''", "double1": b'"', "single1": b"'"}
_NAMES = {quotes: name for name, quotes in _QUOTES.items()}
_DELIMITED = re.compile(rb"([A-Za-z]*)(\"\"\"|'''|\"|')(.*)\2", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Text:
    """A docstring in its parts: its span, quotes, content, and the indentation of its statement."""

    start: int
    end: int
    quotes: bytes
    content: bytes
    indent: bytes

    @property
    def first(self) -> int:
        """Where the content begins."""
        return self.end - len(self.quotes) - len(self.content)

    @property
    def last(self) -> int:
        """Where the content ends."""
        return self.end - len(self.quotes)

    @property
    def lines(self) -> list[bytes]:
        return self.content.split(b"\n")


def _text(source: Source, node: Node) -> _Text | None:
    """The parts of a docstring; None where blanks or escapes make it unclear what belongs to its text."""
    start, end = node.start_byte, node.end_byte
    found = _DELIMITED.fullmatch(source.text, start, end)
    if found is None or not found[3].strip() or not opens_line(source.text, start):
        return None
    if b"\\" in found[3] or b"\t" in found[3]:
        return None
    return _Text(start, end, found[2], found[3], indent_at(source.text, start))


def _texts(source: Source) -> Iterator[tuple[_Text, str]]:
    """Every docstring whose form is free, and what it documents in one word."""
    for docstring in docstrings(source):
        text = _text(source, docstring.node)
        if text:
            yield text, docstring.kind


def _text_at(source: Source, site: Site) -> _Text | None:
    token = source.tree.root_node.descendant_for_byte_range(site.start, site.start + 1)
    return _text(source, token.parent) if token and token.parent else None


# Quotes


def _quotable(text: _Text, quotes: bytes) -> bool:
    """Whether the content can stand between `quotes` as it is."""
    if len(quotes) == 1 and (b"\n" in text.content or quotes in text.content):
        return False
    return quotes not in text.content


def _quotes_sites(source: Source) -> Iterator[Site]:
    for text, kind in _texts(source):
        edges = text.content[:1] + text.content[-1:]
        if text.first - text.start != len(text.quotes) or edges.strip(b"\"'") != edges:
            continue
        if any(_quotable(text, quotes) for quotes in _NAMES if quotes != text.quotes):
            lines = "multi" if b"\n" in text.content else "one"
            yield Site("docstring_quotes", text.start, text.end, _NAMES[text.quotes], (lines, kind))


def _quote(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    text, quotes = _text_at(source, site), _QUOTES[variant]
    if text is None or not _quotable(text, quotes):
        return None
    return Edit(text.start, text.first, quotes), Edit(text.last, text.end, quotes)


# The first line


def _margin(lines: list[bytes], otherwise: bytes) -> bytes:
    """The indentation that all `lines` with text share; `otherwise` where there is no text."""
    widths = [len(line) - len(line.lstrip(b" ")) for line in lines if line.strip()]
    return b" " * min(widths) if widths else otherwise


def _begins(text: _Text) -> str | None:
    """Where the text begins, if it could begin in the other place as well."""
    first, *others = text.lines
    if not others or first[:1] == b" ":
        return None
    if first:
        return "same"
    margin = _margin(others[1:], text.indent)
    begins = others[0][len(margin) : len(margin) + 1]
    return "next" if others[0].startswith(margin) and begins.strip() else None


def _first_line_sites(source: Source) -> Iterator[Site]:
    for text, kind in _texts(source):
        variant = _begins(text)
        if variant:
            end = text.end - len(text.quotes) - len(text.content.lstrip()) + 1
            yield Site("docstring_first_line", text.start, end, variant, (kind,))


def _begin(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    text = _text_at(source, site)
    if text is None:
        return None
    if variant == "same":
        return (Edit(text.first, site.end - 1, b""),)
    return (Edit(text.first, text.first, b"\n" + _margin(text.lines[1:], text.indent)),)


# The closing quotes


def _closes(text: _Text) -> str | None:
    """Where the closing quotes stand, if they could stand in the other place as well."""
    lines = text.lines
    if sum(bool(line.strip()) for line in lines) < 2:
        return None
    if lines[-1] == text.indent and lines[-2] == lines[-2].rstrip() != b"":
        return None if lines[-2].endswith((b'"', b"'")) else "own"
    ending = lines[-1][-1:]
    return "end" if ending.strip() and ending not in (b'"', b"'") else None


def _closing_sites(source: Source) -> Iterator[Site]:
    for text, kind in _texts(source):
        variant = _closes(text)
        if variant:
            start = text.first + len(text.content.rstrip())
            first = "next" if text.lines[0] == b"" else "same"
            yield Site("docstring_closing", start, text.end, variant, (first, kind))


def _close(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    text = _text_at(source, site)
    if text is None:
        return None
    return (Edit(site.start, text.last, b"\n" + text.indent if variant == "own" else b""),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("docstring_quotes", "quotes of docstrings", tuple(_QUOTES), _quotes_sites, _quote),
    Convention("docstring_first_line", "first line of docstrings", ("same", "next"), _first_line_sites, _begin),
    Convention("docstring_closing", "closing quotes of docstrings", ("own", "end"), _closing_sites, _close),
)

"""A docstring in its parts: quotes, content, lines. Knows bytes; does not know what is usual or what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Site
from codetune_git.languages.python.conventions.layout.bodies import docstrings
from codetune_git.languages.shared.lines import indent_at, opens_line
from codetune_git.text.source import Source

_DELIMITED = re.compile(rb"([rRuU]?)(\"\"\"|'''|\"|')(.*)\2", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
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

    @property
    def rows(self) -> Iterator[tuple[int, bytes]]:
        """The lines, each with where it begins."""
        start = self.first
        for line in self.lines:
            yield start, line
            start += len(line) + 1

    @property
    def is_plain(self) -> bool:
        """Whether every byte of the content stands for itself: no escapes, no tabs."""
        return b"\\" not in self.content and b"\t" not in self.content


def _parts(source: Source, node: Node) -> Parts | None:
    """The parts of a docstring; None where it is not one string of text that opens its line."""
    start, end = node.start_byte, node.end_byte
    found = _DELIMITED.fullmatch(source.text, start, end)
    if found is None or not found[3].strip() or not opens_line(source.text, start):
        return None
    return Parts(start, end, found[2], found[3], indent_at(source.text, start))


def every(source: Source) -> tuple[tuple[Parts, str], ...]:
    """Every docstring, and what it documents in one word."""
    parts = ((_parts(source, docstring.node), docstring.kind) for docstring in docstrings(source))
    return tuple((one, kind) for one, kind in parts if one is not None)


def plain(source: Source) -> Iterator[tuple[Parts, str]]:
    """The docstrings in which every byte stands for itself."""
    return ((parts, kind) for parts, kind in source.once(every) if parts.is_plain)


def around(source: Source, site: Site) -> Parts | None:
    """The docstring in which a site lies."""
    found = (parts for parts, _ in source.once(every) if parts.start <= site.start and site.end <= parts.end)
    return next(found, None)

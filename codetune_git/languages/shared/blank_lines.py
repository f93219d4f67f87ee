"""Blank lines between the members of a block, and at its beginning and end. Knows blocks; does not know what they say.

A choice is free where nothing but line feeds stands between two members, each on lines of its own. What stands before a
line is what its author left out or put in, whose ever that line is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_MOST = 3
_BRACES = ("{", "}")


class Gap(NamedTuple):
    """The blank lines `[start, end)` between two members of `block`, which are on lines of their own.

    `before` and `after` are nodes of the members, or the brackets or header that the block stands in.
    """

    start: int
    end: int
    before: Node
    after: Node
    block: Node


Place = Callable[[Gap], tuple[str, ...] | None]
"""The context of a gap, or None where it is another convention's matter."""


def _members(block: Node) -> Sequence[Node]:
    """What the lines of a block belong to: its members and its braces, or the end of its header."""
    children = [child for child in block.children if child.is_named or child.type in _BRACES]
    header = block.prev_sibling
    if header is None or not children or children[0].type == "{":
        return children
    comments: list[Node] = []
    while header.is_extra and (before := header.prev_sibling) is not None and is_below(before, header):
        comments.append(header)
        header = before
    return [header, *reversed(comments), *children]


def is_below(before: Node, after: Node) -> bool:
    """Whether `after` begins on a later line than `before` ends."""
    return after.start_point.row > before.end_point.row


def _blocks(source: Source) -> Iterator[Node]:
    """The blocks of the file; after `parse_window` with those whose header alone lies in the window."""
    kinds = source.grammar.blocks
    yield from (block for block, _ in source.of_kinds(kinds))
    last = source.nodes[-1] if source.nodes else None
    owner = last
    while last is not None and owner is not None:
        yield from (child for child in owner.children if child.type in kinds and child.start_byte > last.start_byte)
        owner = owner.parent


def _end_of(text: bytes, node: Node) -> int:
    """Where a node ends, without the line feeds that some grammars count to it."""
    end = node.end_byte
    while end > node.start_byte and text[end - 1] in b" \t\n":
        end -= 1
    return end


def gaps(source: Source) -> list[Gap]:
    """The gaps of all blocks; comments are members, but for those that follow one on its line."""
    text, starts, found = source.text, source.line_starts, []
    for block in _blocks(source):
        for before, after in pairwise(_members(block)):
            end = _end_of(text, before)
            line = source.line_of(max(before.start_byte, end - 1))
            first = starts[line] if line < len(starts) else len(text)
            last = text.rfind(b"\n", 0, after.start_byte) + 1
            between = text[end:first].rstrip(b" \t\n;")
            if first <= last and not between.strip() and not text[first:last].strip(b"\n"):
                found.append(Gap(first, last, before, after, block))
    return found


def site(name: str, start: int, end: int, context: tuple[str, ...]) -> Site:
    """The site of the blank lines `[start, end)`: the last of them, since one more or one less is seen there."""
    return Site(name, max(start, end - 1), end, str(end - start), context)


def rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """The edit that takes out the last blank lines, or writes more in the place of the last one."""
    old, new = int(site.variant), int(variant)
    if new < old:
        return (Edit(site.end - (old - new), site.end, b""),)
    return (Edit(site.start, site.end, b"\n" * (site.end - site.start + new - old)),)


def convention(name: str, title: str, place: Place) -> Convention:
    """The convention of the gaps for which `place` gives a context."""

    def sites(source: Source) -> Iterator[Site]:
        found = []
        for gap in source.once(gaps):
            context = place(gap) if gap.end - gap.start <= _MOST else None
            if context is not None:
                found.append(site(name, gap.start, gap.end, context))
        yield from sorted(found, key=lambda site: site.start)

    return Convention(name, title, ("0", "1", "2"), sites, rewrite)

"""Runs of blanks between two tokens of a line: one blank, or more than that and no column to be in.

Knows lines and opaque text. Does not know tokens: which blanks may be none is another matter. A run whose next token
stands in a column with others, or would with one blank more or less, is layout, not a slip.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_BLANKS = re.compile(rb"[^ \t\n]( +)(?=[^ \t\n])")
_BLANK, _BACKSLASH = 0x20, 0x5C
_MOST = 4  # blanks: what is further away was put there
_NAMES = {1: "one", 2: "two"}
_REACH = 3  # lines up and down in which a column shows
_SHIFTS = {length: tuple({1, 2, length}) for length in range(1, _MOST + 1)}  # where the next token may come to stand


def _outside_opaque(source: Source) -> Iterator[tuple[int, int]]:
    """The spans between opaque nodes, with the last byte of the one before and the first byte of the one behind."""
    start, end = source.window
    for node, _ in source.outside_opaque(source.grammar.opaque):
        yield start, node.start_byte + 1
        start = node.end_byte - 1
    yield start, end


def _is_column(text: bytes, nearby: Sequence[tuple[int, int]], columns: Sequence[int], token: bytes) -> bool:
    """Whether a token begins in one of the columns of a line nearby, too, behind a run of blanks or alike."""
    for start, end in nearby:
        for column in columns:
            place = start + column
            if place < end and text[place - 1] == _BLANK:
                there = text[place : place + 1]
                if there.strip() and place - 2 >= start and (text[place - 2] == _BLANK or there == token):
                    return True
    return False


def _nearby(starts: Sequence[int], line: int) -> list[tuple[int, int]]:
    """Where the lines around a line begin and end. `starts`: where all lines begin; the line is counted from zero."""
    others = range(max(0, line - _REACH), min(len(starts) - 1, line + _REACH + 1))
    return [(starts[other], starts[other + 1] - 1) for other in others if other != line]


def _sites(source: Source) -> Iterator[Site]:
    text, starts, comment = source.text, source.line_starts, source.grammar.comment.encode()
    begin, end, nearby = 0, 0, list[tuple[int, int]]()
    for found in chain.from_iterable(_BLANKS.finditer(text, *span) for span in _outside_opaque(source)):
        first, last = found.span(1)
        if last - first > _MOST or text[last] == _BACKSLASH or text.startswith(comment, last):
            continue
        if first >= end:  # on a further line
            line = bisect_right(starts, first)
            begin, end = starts[line - 1], starts[line] if line < len(starts) else len(text)
            nearby = _nearby(starts, line - 1)
        columns = [first - begin + shift for shift in _SHIFTS[last - first]]
        if not _is_column(text, nearby, columns, text[last : last + 1]):
            yield Site("extra_blanks", first, last, _NAMES.get(last - first, "wide"), _context(text, first))


def _context(text: bytes, offset: int) -> tuple[str, ...]:
    before = text[offset - 1 : offset]
    return ("word" if before.isalnum() or before == b"_" else "comma" if before == b"," else "sign",)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "one" else b"  "),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("extra_blanks", "several blanks between tokens", ("one", "two"), _sites, _rewrite),
)

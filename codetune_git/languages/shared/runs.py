"""Runs of blanks between two tokens of a line: one blank, or more than that and no column to be in.

Knows lines and opaque text. Does not know tokens: which blanks may be none is another matter. A run whose next token
stands in a column with others, or would with one blank more or less, is layout, not a slip.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_BLANKS = re.compile(rb"(?<=[^ \t\n])  *(?=[^ \t\n])")
_MOST = 4  # blanks: what is further away was put there
_NAMES = {1: "one", 2: "two"}
_REACH = 3  # lines up and down in which a column shows


def _spans(source: Source) -> tuple[list[int], list[int]]:
    """Where opaque nodes begin and end, those inside of others left out."""
    starts: list[int] = []
    ends: list[int] = []
    for node, _ in source.of_kinds(source.grammar.opaque):
        if not ends or node.start_byte >= ends[-1]:
            starts.append(node.start_byte)
            ends.append(node.end_byte)
    return starts, ends


def _is_column(source: Source, line: int, column: int, token: bytes) -> bool:
    """Whether a token begins in this column of a line nearby, too, behind a run of blanks or alike; lines from zero."""
    text, starts = source.text, source.line_starts
    for other in range(max(0, line - _REACH), min(len(starts) - 1, line + _REACH + 1)):
        place = starts[other] + column
        if other == line or place >= starts[other + 1] - 1 or text[place - 1] != 0x20:
            continue
        there = text[place : place + 1]
        if there.strip() and place - 2 >= starts[other] and (text[place - 2] == 0x20 or there == token):
            return True
    return False


def _sites(source: Source) -> Iterator[Site]:
    text, comment = source.text, source.grammar.comment.encode()
    starts, ends = _spans(source)
    for found in _BLANKS.finditer(text):
        first, last = found.span()
        at = bisect_right(starts, first) - 1
        if (at >= 0 and first < ends[at]) or text.startswith(comment, last) or text[last] == 0x5C:
            continue
        line = source.line_of(first) - 1
        column, token = first - source.line_starts[line], text[last : last + 1]
        if last - first <= _MOST and not any(_is_column(source, line, column + n, token) for n in {1, 2, last - first}):
            yield Site("extra_blanks", first, last, _NAMES.get(last - first, "wide"), _context(text, first))


def _context(text: bytes, offset: int) -> tuple[str, ...]:
    before = text[offset - 1 : offset]
    return ("word" if before.isalnum() or before == b"_" else "comma" if before == b"," else "sign",)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "one" else b"  "),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("extra_blanks", "several blanks between tokens", ("one", "two"), _sites, _rewrite),
)

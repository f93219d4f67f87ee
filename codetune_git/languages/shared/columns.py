"""Columns of tokens: what stands above and below a place in a line. Knows bytes and lines; does not know tokens."""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.text.source import Source

_BLANKS = b" \t"
# Columns are looked for this many lines up and down: generated tables must not cost the square of their length.
_REACH = 12


def blanks_before(text: bytes, offset: int) -> int:
    """Where the run of blanks that ends at `offset` begins."""
    while offset and text[offset - 1] in _BLANKS:
        offset -= 1
    return offset


def starts_line(text: bytes, offset: int) -> bool:
    """Whether nothing but blanks stands before `offset` in its line, given that it is not preceded by a blank."""
    return offset == 0 or text[offset - 1] == 0x0A


def column(source: Source, offset: int, token: bytes) -> Iterator[int]:
    """Where `token` stands in the lines above and below, line by line, at the very column of `offset`."""
    text, starts = source.text, source.line_starts
    line = source.line_of(offset) - 1
    distance, length = offset - starts[line], len(token)
    for step in (-1, 1):
        for other in range(line + step, line + step * (_REACH + 1), step):
            if not 0 <= other < len(starts) - 1:
                break
            place = starts[other] + distance
            if text[place : place + length] != token or place >= starts[other + 1]:
                break
            yield place

"""Physical lines of any text: where they begin and end, their indentation and width. Knows bytes alone."""

from __future__ import annotations

BLANKS = b" \t"
_TAB = 4  # the columns that a tab is counted for


def line_start(text: bytes, offset: int) -> int:
    """The offset at which the line of `offset` begins."""
    return text.rfind(b"\n", 0, offset) + 1


def line_end(text: bytes, offset: int) -> int:
    """The offset of the newline that ends the line of `offset` (of the end of the text in the last line)."""
    end = text.find(b"\n", offset)
    return len(text) if end < 0 else end


def indent_at(text: bytes, offset: int) -> bytes:
    """The blanks that begin the line of `offset`."""
    start = end = line_start(text, offset)
    while end < len(text) and text[end] in BLANKS:
        end += 1
    return text[start:end]


def opens_line(text: bytes, offset: int) -> bool:
    """Whether nothing but blanks stands before `offset` in its line."""
    return not text[line_start(text, offset) : offset].strip(BLANKS)


def width_of(text: bytes) -> int:
    """The columns that a line takes."""
    if text.isascii() and b"\t" not in text:
        return len(text)
    return len(text.decode(errors="replace")) + (_TAB - 1) * text.count(b"\t")

"""How a bracketed list can be laid out, as text. Knows one list and a width; does not know which layout is usual.

A layout is named by where the elements stand, how the lines break, and how it ends:

    flat            all on one line
    aligned         elements behind the opening bracket, further lines below the first one
    hang            the opening bracket ends its line, elements stand a step further in than that line
    ... each        a line for each element
    ... fill        as many elements on a line as the width takes
    ... loose       lines break where their author broke them
    ... close       the closing bracket begins a line, below the beginning of the first one
    ... end         the closing bracket stands behind the last element

Whether there is a comma behind the last element where the closing bracket begins a line is another matter: it stays as
it is; a list that has not yet had the choice gets one if most lists of the file have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from codetune_git.languages.shared.brackets import Bracket, Piece, flat, is_fixed, tokens
from codetune_git.text.source import Source

FLAT = "flat"
BREAKS = ("each", "fill", "loose")
ENDINGS = ("close", "end")
VARIANTS = (
    FLAT,
    *(f"aligned_{breaks}" for breaks in BREAKS),
    *(f"hang_{breaks}_{ending}" for breaks in BREAKS for ending in ENDINGS),
)
_TAB = 4  # the columns that a tab is counted for in the width of a line
_STEP = re.compile(rb"^([ \t]*)(\w*)[^\n]*[(\[{]\n([ \t]*)(?=[^ \t\n)\]}])", re.MULTILINE)
_CLOSED = re.compile(rb"(,?)\n[ \t]*[)\]}]")
_UNIT = re.compile(rb"^( +|\t)(?=[^ \t\n])", re.MULTILINE)
_LIMITS = (72, 79, 80, 88, 90, 95, 99, 100, 110, 119, 120)
_BEYOND = 0.01  # the share of lines that may be wider than the limit of a file
_PADDED, _TIGHT = re.compile(rb"[(\[{] (?=[^ \n#/])"), re.compile(rb"[(\[{](?=[^ \t\n)\]}#])")


def width_of(text: bytes) -> int:
    """The columns that `text` takes."""
    return len(text.decode(errors="replace")) + (_TAB - 1) * text.count(b"\t")


def _blanked(text: bytes) -> bytes:
    """What a line begins with whose text is to stand below what follows `text` on its line."""
    anchor = text[: len(text) - len(text.lstrip(b" \t"))]
    return anchor + b" " * (width_of(text) - width_of(anchor))


def _apart(texts: Sequence[bytes | None], first: bytes, indent: bytes) -> list[bytes] | None:
    """A line for each text, the first of which begins with `first`; None where one of them is missing."""
    prefixes = [first, *[indent] * (len(texts) - 1)]
    lines = [prefix + text for prefix, text in zip(prefixes, texts, strict=True) if text is not None]
    return lines if len(lines) == len(texts) else None


@dataclass(frozen=True)
class Fashion:
    """What a file says about layout that no single list of it says. `heads`: the words that definitions begin with."""

    text: bytes
    heads: frozenset[str]

    @cached_property
    def limit(self) -> int:
        """The width that lines are kept within: the least usual limit that nearly all lines respect."""
        widths = Counter(map(width_of, self.text.split(b"\n")))
        beyond = _BEYOND * sum(n for width, n in widths.items() if width > _LIMITS[0] // 2)
        return next(
            (limit for limit in _LIMITS if sum(n for width, n in widths.items() if width > limit) <= beyond),
            _LIMITS[-1],
        )

    @cached_property
    def step(self) -> bytes:
        """The blanks by which elements hang; those of definitions, which may hang further, are left out."""
        steps = Counter(
            inner[len(outer) :]
            for outer, word, inner in _STEP.findall(self.text)
            if inner.startswith(outer) and inner != outer and word.decode() not in self.heads
        )
        if steps:
            return bytes(steps.most_common(1)[0][0])
        units = Counter(_UNIT.findall(self.text))
        return b"\t" if units[b"\t"] > sum(units.values()) / 2 else b"    "

    @cached_property
    def has_commas(self) -> bool:
        """Whether most lists whose closing bracket begins a line have a comma behind the last element."""
        endings = [bool(found[1]) for found in _CLOSED.finditer(self.text)]
        return sum(endings) > len(endings) / 2

    @cached_property
    def padding(self) -> dict[bytes, bytes]:
        """What stands inside each kind of bracket on one line, by the opening bracket."""
        padded = Counter(found[:1] for found in _PADDED.findall(self.text))
        tight = Counter(found[:1] for found in _TIGHT.findall(self.text))
        return {one: b" " if padded[one] > tight[one] else b"" for one in (b"(", b"[", b"{")}


@dataclass(frozen=True)
class Layout:
    """A list in its file, with what of it stays the same in every layout."""

    source: Source
    bracket: Bracket
    fashion: Fashion

    @cached_property
    def line_start(self) -> int:
        return self.source.text.rfind(b"\n", 0, self.bracket.opening) + 1

    @cached_property
    def line_end(self) -> int:
        end = self.source.text.find(b"\n", self.bracket.closing)
        return len(self.source.text) if end < 0 else end

    @cached_property
    def head(self) -> bytes:
        """The line of the opening bracket up to and with it."""
        return self.source.text[self.line_start : self.bracket.opening + 1]

    @cached_property
    def tail(self) -> bytes:
        """The line of the closing bracket from it on, without blanks at its end."""
        return self.source.text[self.bracket.closing : self.line_end].rstrip()

    @cached_property
    def anchor(self) -> bytes:
        """The blanks that the line of the opening bracket begins with."""
        return self.head[: len(self.head) - len(self.head.lstrip(b" \t"))]

    @cached_property
    def padding(self) -> bytes:
        """What stands between a bracket and an element on the same line: as here, else as the file has it."""
        text, bracket = self.source.text, self.bracket
        inner = text[bracket.opening + 1 : bracket.first]
        if b"\n" not in inner:
            return inner if len(inner) < 2 else b" "
        end = text[bracket.last : bracket.closing]
        if b"\n" not in end and b"," not in end:
            return end if len(end) < 2 else b" "
        return self.fashion.padding[text[bracket.opening : bracket.opening + 1]]

    @cached_property
    def gaps(self) -> tuple[bytes, ...]:
        """What stands before each piece and behind the last one."""
        text, bracket = self.source.text, self.bracket
        ends = [bracket.opening + 1, *(piece.end for piece in bracket.pieces[:-1])]
        before = [text[end : piece.start] for end, piece in zip(ends, bracket.pieces, strict=True)]
        return (*before, text[bracket.pieces[-1].end : bracket.closing])

    def one_line(self, piece: Piece) -> bytes | None:
        return flat(self.source, piece.start, piece.end, self.padding)

    @cached_property
    def lines(self) -> tuple[bytes, ...]:
        """The lines of the list as it stands, from the beginning of the first to the end of the last."""
        return tuple(self.source.text[self.line_start : self.line_end].rstrip().split(b"\n"))

    @cached_property
    def flat_width(self) -> int | None:
        """How wide its line would be if the list stood on one; None where it can't."""
        if self.is_flat:
            return width_of(self.source.text[self.line_start : self.line_end].rstrip())
        inner = self.rendered(FLAT, 0)
        return None if inner is None else width_of(self.head[:-1] + inner[:-1] + self.tail)

    # Rendering

    def can_be(self, variant: str) -> bool:
        """Whether `variant` is worth rendering: loose is only what is so already, and one piece is not one of each."""
        if "loose" in variant:
            return not self.is_flat and self.breaks == "loose"
        return "each" not in variant or len(self.bracket.pieces) > 1

    @cached_property
    def is_flat(self) -> bool:
        return b"\n" not in self.source.text[self.bracket.opening : self.bracket.closing]

    def rendered(self, variant: str, limit: int) -> bytes | None:
        """The list from bracket to bracket as `variant`, lines filled up to `limit` columns; None where it can't be."""
        opening, closing = self.head[-1:], self.tail[:1]
        if variant == FLAT:
            inner = self._flat_inside()
            return None if inner is None else opening + self.padding + inner + self.padding + closing
        place, breaks, ending = (*variant.split("_"), "end")[:3]
        indent = self._indent(place, ending)
        first = self.head + self.padding if place == "aligned" else indent
        comma = b"," if ending == "close" and self._has_comma else b""
        after = self.padding + self.tail if ending == "end" else comma
        lines = self._lines(breaks, first, indent, width_of(after), limit)
        if lines is None:
            return None
        body = b"\n".join(lines)[len(first) :]
        start = opening + (self.padding if place == "aligned" else b"\n" + indent)
        end = self.padding if ending == "end" else comma + b"\n" + self.anchor
        return start + body + end + closing

    @property
    def _has_comma(self) -> bool:
        """Whether a comma stands behind the last element where the closing bracket begins a line."""
        if b"\n" in self.gaps[-1]:
            return self.bracket.comma is not None
        return self.bracket.takes_comma and self.fashion.has_commas

    def _flat_inside(self) -> bytes | None:
        parts = [self.one_line(piece) for piece in self.bracket.pieces]
        whole = [part for part in parts if part is not None]
        return self._joined(whole) if len(whole) == len(parts) else None

    def _joined(self, parts: list[bytes]) -> bytes:
        """Pieces on one line, with the blanks that stand between them as far as they stand on one line."""
        gaps = [b" " if b"\n" in gap else gap for gap in self.gaps[1:-1]]
        return b"".join(part + gap for part, gap in zip(parts, [*gaps, b""], strict=True))

    def _indent(self, place: str, ending: str) -> bytes:
        if place == "aligned":
            return _blanked(self.head + self.padding)
        step = self.fashion.step
        is_header = bool(self.fashion.heads) and self.bracket.kind in ("def", "class")
        return self.anchor + (step * 2 if ending == "end" and is_header else step)

    def _lines(self, breaks: str, first: bytes, indent: bytes, after: int, limit: int) -> list[bytes] | None:
        """The pieces in lines, the first of which begins with `first`; `after` columns follow the last."""
        pieces = self.bracket.pieces
        if breaks == "fill":
            lines = self._filled(first, indent, after, limit)
            is_each = len(pieces) > 1 and lines == _apart([self.one_line(piece) for piece in pieces], first, indent)
            return None if is_each else lines
        if breaks == "each":
            return _apart([self._moved(piece, indent) for piece in pieces], first, indent)
        return self._loose(first, indent)

    def _loose(self, first: bytes, indent: bytes) -> list[bytes] | None:
        lines = [first]
        for number, piece in enumerate(self.bracket.pieces):
            if number and b"\n" in self.gaps[number]:
                lines.append(indent)
            elif number:
                lines[-1] += self.gaps[number]
            text = self._moved(piece, indent) if lines[-1] in (first, indent) else self.one_line(piece)
            if text is None:
                return None
            lines[-1] += text
        return lines

    def _moved(self, piece: Piece, indent: bytes) -> bytes | None:
        """A piece as it stands, its further lines moved by as much as its first one."""
        text = self.source.text[piece.start : piece.end]
        if b"\n" not in text:
            return text
        if any(is_fixed(leaf) for leaf in tokens(self.source, piece.start, piece.end)):
            return None
        before = _blanked(self.source.text[self.source.text.rfind(b"\n", 0, piece.start) + 1 : piece.start])
        rows = text.split(b"\n")
        if not all(row.startswith(before) or not row.strip() for row in rows[1:]):
            return None
        return b"\n".join([rows[0], *(indent + row[len(before) :] if row.strip() else row for row in rows[1:])])

    def _filled(self, first: bytes, indent: bytes, after: int, limit: int) -> list[bytes] | None:
        pieces, lines = self.bracket.pieces, [first]
        for number, piece in enumerate(pieces):
            text = self.one_line(piece)
            if text is None:
                return None
            room = limit - (after if number == len(pieces) - 1 else 0)
            gap = b" " if number and b"\n" in self.gaps[number] else self.gaps[number] if number else b""
            is_first = lines[-1] in (first, indent)
            if is_first or width_of(lines[-1] + gap + text) <= room:
                if is_first and width_of(lines[-1] + text) > room and len(self.bracket.parts[number]) > 1:
                    lines = self._divided(lines, b"", number, indent, room)
                else:
                    lines[-1] += (b"" if is_first else gap) + text
            elif width_of(indent + text) > room and len(self.bracket.parts[number]) > 1:
                lines = self._divided(lines, gap, number, indent, room)
            else:
                lines.append(indent + text)
        return lines

    def _divided(self, lines: list[bytes], gap: bytes, number: int, indent: bytes, room: int) -> list[bytes]:
        """A piece that is wider than a line, broken between its parts."""
        for part in self.bracket.parts[number]:
            text = self.one_line(part) or self.source.text[part.start : part.end]
            if width_of(lines[-1] + gap + text) <= room or lines[-1] == indent:
                lines[-1] += gap + text
            else:
                lines.append(indent + text)
            gap = b" "
        return lines

    # What stands there

    @cached_property
    def variant(self) -> str | None:
        """The name of the layout that stands there; one that is not in VARIANTS where none of them gives this text.

        None where it is no choice of its own: lines break inside its elements only.
        """
        if self.is_flat:
            return FLAT
        if not any(b"\n" in gap for gap in self.gaps):
            return None
        place = "hang" if b"\n" in self.gaps[0] else "aligned"
        ending = "close" if b"\n" in self.gaps[-1] else "end"
        if place == "aligned" and ending != "end":
            return f"{place}_{self.breaks}_{ending}"
        name = f"{place}_{self.breaks}" + ("" if place == "aligned" else f"_{ending}")
        text = self.source.text[self.bracket.opening : self.bracket.closing + 1]
        return name if self.rendered(name, self._least_limit) == text else f"{name}_off"

    @cached_property
    def breaks(self) -> str:
        """How the lines break, in a word."""
        inner = [b"\n" in gap for gap in self.gaps[1:-1]]
        if all(inner):
            return "each" if inner else "fill"
        return "fill" if self._is_filled() else "loose"

    @cached_property
    def _least_limit(self) -> int:
        return max(map(width_of, self.lines))

    def _is_filled(self) -> bool:
        """Whether every line that breaks would have been wider than all lines are, had the next piece stood on it."""
        text, limit = self.source.text, self._least_limit
        for (before, piece), gap in zip(pairwise(self.bracket.pieces), self.gaps[1:-1], strict=True):
            if b"\n" in gap:
                start = text.rfind(b"\n", 0, before.end) + 1
                after = self.padding + self.tail if piece is self.bracket.pieces[-1] else b""
                following = text[piece.start : piece.end].split(b"\n")[0]
                if width_of(text[start : before.end]) + 1 + width_of(following + after) <= limit:
                    return False
        return True

    def fits(self, rendered: bytes, limit: int) -> bool:
        """Whether all lines are within `limit` columns after the change, or no wider than the widest was."""
        lines = (self.head[:-1] + rendered[:-1] + self.tail).split(b"\n")
        return max(map(width_of, lines)) <= max(limit, self._least_limit - 1)

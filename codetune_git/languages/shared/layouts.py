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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from codetune_git.languages.shared.brackets import Bracket, Piece, flat, is_fixed
from codetune_git.languages.shared.fashion import Fashion
from codetune_git.languages.shared.lines import indent_at, line_end, line_start, width_of
from codetune_git.languages.shared.tokens import tokens
from codetune_git.text.source import Source

FLAT = "flat"
BREAKS = ("each", "fill", "loose")
ENDINGS = ("close", "end")
VARIANTS = (
    FLAT,
    *(f"aligned_{breaks}" for breaks in BREAKS),
    *(f"hang_{breaks}_{ending}" for breaks in BREAKS for ending in ENDINGS),
)


def _blanked(text: bytes) -> bytes:
    """What a line begins with whose text is to stand below what follows `text` on its line."""
    anchor = indent_at(text, 0)
    return anchor + b" " * (width_of(text) - width_of(anchor))


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the lines of a list go: what the first one and the further ones begin with, and how wide they may be.

    `after` columns follow the last piece on its line.
    """

    first: bytes
    indent: bytes
    after: int
    limit: int

    def begins(self, line: bytes) -> bool:
        """Whether nothing of the list stands on a line yet."""
        return line in (self.first, self.indent)

    def apart(self, texts: Sequence[bytes | None]) -> list[bytes] | None:
        """A line for each text; None where one of them is missing."""
        prefixes = [self.first, *[self.indent] * (len(texts) - 1)]
        lines = [prefix + text for prefix, text in zip(prefixes, texts, strict=True) if text is not None]
        return lines if len(lines) == len(texts) else None


@dataclass(frozen=True)
class Layout:
    """A list in its file, with what of it stays the same in every layout."""

    source: Source
    bracket: Bracket
    fashion: Fashion

    @property
    def whole(self) -> bytes:
        """The lines that the list stands on, without blanks at their end."""
        text = self.source.text
        return text[line_start(text, self.bracket.opening) : line_end(text, self.bracket.closing)].rstrip()

    @cached_property
    def head(self) -> bytes:
        """The line of the opening bracket up to and with it."""
        text, opening = self.source.text, self.bracket.opening
        return text[line_start(text, opening) : opening + 1]

    @cached_property
    def tail(self) -> bytes:
        """The line of the closing bracket from it on, without blanks at its end."""
        text, closing = self.source.text, self.bracket.closing
        return text[closing : line_end(text, closing)].rstrip()

    @cached_property
    def anchor(self) -> bytes:
        """The blanks that the line of the opening bracket begins with."""
        return indent_at(self.head, 0)

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
    def one_lines(self) -> tuple[bytes | None, ...]:
        """Each piece on one line; None where it can't be."""
        return tuple(map(self.one_line, self.bracket.pieces))

    @property
    def flat_width(self) -> int | None:
        """How wide its line would be if the list stood on one; None where it can't."""
        if self.is_flat:
            return width_of(self.whole)
        inner = self.rendered(FLAT, 0)
        return None if inner is None else width_of(self.head[:-1] + inner[:-1] + self.tail)

    # Rendering

    def can_be(self, variant: str) -> bool:
        """Whether `variant` is worth rendering: loose is only what is so already, and one piece is not one of each."""
        if "loose" in variant:
            return not self.is_flat and self.breaks == "loose"
        return "each" not in variant or len(self.bracket.pieces) > 1

    @property
    def is_flat(self) -> bool:
        return self.source.text.find(b"\n", self.bracket.opening, self.bracket.closing) < 0

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
        lines = self._lines(breaks, Frame(first, indent, width_of(after), limit))
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
        whole = [part for part in self.one_lines if part is not None]
        if len(whole) < len(self.one_lines):
            return None
        # The blanks between pieces stay as they are as far as they stand on one line.
        gaps = [b" " if b"\n" in gap else gap for gap in self.gaps[1:-1]]
        return b"".join(part + gap for part, gap in zip(whole, [*gaps, b""], strict=True))

    def _indent(self, place: str, ending: str) -> bytes:
        if place == "aligned":
            return _blanked(self.head + self.padding)
        step = self.fashion.step
        is_header = bool(self.fashion.heads) and self.bracket.kind in ("def", "class")
        return self.anchor + (step * 2 if ending == "end" and is_header else step)

    def _lines(self, breaks: str, frame: Frame) -> list[bytes] | None:
        """The pieces in lines."""
        if breaks == "fill":
            lines = self._filled(frame)
            is_each = len(self.one_lines) > 1 and lines == frame.apart(self.one_lines)
            return None if is_each else lines
        if breaks == "each":
            return frame.apart([self._moved(piece, frame.indent) for piece in self.bracket.pieces])
        return self._loose(frame.first, frame.indent)

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

    def _filled(self, frame: Frame) -> list[bytes] | None:
        lines = [frame.first]
        for number, text in enumerate(self.one_lines):
            if text is None:
                return None
            room, gap = self._room(number, frame), self._gap(number, lines[-1], frame)
            line, further = lines[-1] + gap + text, frame.indent + text
            begins = frame.begins(lines[-1])
            if width_of(line) <= room:
                lines[-1] = line
            elif len(self.bracket.parts[number]) > 1 and (begins or width_of(further) > room):
                lines = self._divided(lines, number, frame)
            elif begins:
                lines[-1] = line
            else:
                lines.append(further)
        return lines

    def _divided(self, lines: list[bytes], number: int, frame: Frame) -> list[bytes]:
        """The lines with a piece that is wider than one, broken between its parts."""
        room, gap = self._room(number, frame), self._gap(number, lines[-1], frame)
        for part in self.bracket.parts[number]:
            text = self.one_line(part) or self.source.text[part.start : part.end]
            line = lines[-1] + gap + text
            if width_of(line) <= room or lines[-1] == frame.indent:
                lines[-1] = line
            else:
                lines.append(frame.indent + text)
            gap = b" "
        return lines

    def _room(self, number: int, frame: Frame) -> int:
        """How wide the line of a piece may be."""
        return frame.limit - (frame.after if number == len(self.bracket.pieces) - 1 else 0)

    def _gap(self, number: int, line: bytes, frame: Frame) -> bytes:
        """What stands between a line and the piece that goes on with it."""
        return b"" if frame.begins(line) else b" " if b"\n" in self.gaps[number] else self.gaps[number]

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
        return max(map(width_of, self.whole.split(b"\n")))

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

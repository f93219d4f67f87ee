"""How brackets of several lines are laid out: where the closing bracket stands, trailing commas, hanging or aligned.

    hang_close   opening bracket at the end of its line, closing bracket on a line of its own, below the opening line's
                 first character; hang_close_comma: with a comma after the last element
    hang_end     the same with the closing bracket at the end of the last line
    aligned      the first element behind the opening bracket, further lines aligned below it

Between the first two of them the comma is a choice of its own (`trailing_comma`). Rewriting to and from `aligned` moves
lines; it is left alone where these hold comments or lines of strings, or would become wider than a screen.
Does not know whether the elements would fit into one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.brackets import Bracket, bracket_at, brackets, lines_inside
from codetune_git.languages.python.conventions.layout.hanging import CONTINUATION_INDENT
from codetune_git.languages.python.conventions.layout.lines import (
    Shift,
    indent_at,
    line_end,
    line_start,
    nodes_between,
    opens_line,
    string_lines,
)
from codetune_git.text.source import Source, apply_edits

_CLOSED = re.compile(rb"(,?)\n([ \t]*)")
_PADDED = re.compile(rb"\( (?=[^ \n#])")
_TIGHT = re.compile(rb"\((?=[^ \t\n#)])")
_WIDEST = 99
_VARIANTS = ("hang_close_comma", "hang_close", "hang_end", "aligned")
_CLOSINGS = ("hang_close_comma", "hang_close", "hang_close_indented")


def _habit(source: Source) -> int:
    """By how many the padded parentheses of the file outnumber the tight ones."""
    return len(_PADDED.findall(source.text)) - len(_TIGHT.findall(source.text))


def _padding(source: Source, bracket: Bracket, habit: int) -> bytes:
    """The blank inside parentheses if the rest of the file usually has one there: otherwise nothing."""
    is_padded = bool(_PADDED.match(source.text, bracket.opening))
    is_tight = bool(_TIGHT.match(source.text, bracket.opening))
    return b" " if habit - is_padded + is_tight > 0 else b""


# Trailing commas


def _comma_sites(source: Source) -> Iterator[Site]:
    found = []
    for bracket in brackets(source):
        if not bracket.takes_comma() or not opens_line(source.text, bracket.closing):
            continue
        if bracket.comma in (None, bracket.last):
            kind = f"{bracket.kind}_splat" if bracket.is_splat() else bracket.kind
            variant = "none" if bracket.comma is None else "comma"
            site = Site("trailing_comma", bracket.last, bracket.last + 1, variant, (bracket.fill(), kind))
            found.append(site)
    yield from sorted(found, key=lambda site: site.start)


def _toggle_comma(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.start + (site.variant == "comma"), b"," if variant == "comma" else b""),)


# Layouts


def _is_column(source: Source, bracket: Bracket, width: int) -> bool:
    """Whether all lines inside (but for a closing one) can be moved, and elements that begin one begin at `width`."""
    text, lines = source.text, lines_inside(source, bracket)
    if opens_line(text, bracket.closing):
        lines.pop()
    indent, hangs = b" " * width, text.find(b"\n", bracket.opening, bracket.first) >= 0
    begins = {e.start_byte for e in bracket.elements if opens_line(text, e.start_byte)}
    if bracket.kind == "paren":
        begins = {line + len(indent_at(text, line)) for line in lines[: 2 if hangs else 1]}
    if bracket.commented or len(begins) <= hangs or any(b - line_start(text, b) != width for b in begins):
        return False
    strings = [n for n in nodes_between(source, bracket.opening, bracket.closing) if n.type == "string"]
    if string_lines(source, strings):
        return False
    return all(text.startswith(indent, line) and text[line : line_end(text, line)].strip() for line in lines)


def _aligned_at(source: Source, bracket: Bracket, padding: bytes) -> int:
    """The column in which aligned elements stand."""
    return bracket.opening + 1 + len(padding) - line_start(source.text, bracket.opening)


def _fits(source: Source, bracket: Bracket, edits: tuple[Edit, ...]) -> bool:
    """Whether the lines of the bracket are no wider than a screen after `edits`."""
    start, end = line_start(source.text, bracket.opening), line_end(source.text, bracket.closing)
    moved = (Edit(edit.start - start, edit.end - start, edit.replacement) for edit in edits)
    return all(len(line) <= _WIDEST for line in apply_edits(source.text[start:end], moved).split(b"\n"))


def _layout(source: Source, bracket: Bracket, padding: bytes) -> str | None:
    text = source.text
    head, tail = text[bracket.opening + 1 : bracket.first], text[bracket.last : bracket.closing]
    if b"\n" in head:
        closed = _CLOSED.fullmatch(tail)
        if closed is None:
            return "hang_end" if tail == padding else None
        if closed[2] != bracket.anchor:
            return "hang_close_indented"
        return "hang_close_comma" if closed[1] else "hang_close"
    if head != padding or tail != padding or not _is_column(source, bracket, _aligned_at(source, bracket, padding)):
        return None
    return "aligned" if _fits(source, bracket, ()) else None


def _sites(source: Source) -> Iterator[Site]:
    habit = _habit(source)
    for bracket in brackets(source):
        if bracket.is_one_tuple() or (bracket.comma is not None and not bracket.takes_comma()):
            continue
        variant = _layout(source, bracket, _padding(source, bracket, habit))
        if variant:
            yield Site("wrapping", bracket.opening, bracket.closing + 1, variant, (bracket.kind, bracket.fill()))


def _hang(bracket: Bracket, variant: str) -> bytes:
    """The blanks by which elements hang: twice as many where a body would follow at the same depth."""
    return b" " * (8 if bracket.kind in ("def", "class") and variant == "hang_end" else 4)


def _tail(bracket: Bracket, variant: str, padding: bytes) -> bytes | None:
    """What stands between the last element and the closing bracket; None where the comma is not possible."""
    if variant == "hang_close_comma":
        return b",\n" + bracket.anchor if bracket.takes_comma() else None
    return b"\n" + bracket.anchor if variant == "hang_close" else padding


def _move(source: Source, bracket: Bracket, head: bytes, shift: Shift) -> tuple[Edit, ...] | None:
    """Edits that write `head` before the first element and shift the lines of the others."""
    lines = [start for start in lines_inside(source, bracket) if bracket.first < start <= bracket.last]
    moved = shift.edits(source.text, lines)
    return None if moved is None else (Edit(bracket.opening + 1, bracket.first, head), *moved)


def _to_aligned(source: Source, bracket: Bracket, old: str, padding: bytes) -> tuple[Edit, ...] | None:
    anchor, hang = bracket.anchor, _hang(bracket, old)
    head = source.text[bracket.opening + 1 : bracket.first]
    if head != b"\n" + anchor + hang or not _is_column(source, bracket, len(anchor + hang)):
        return None
    width = _aligned_at(source, bracket, padding)
    edits = _move(source, bracket, padding, Shift(anchor, hang, b" " * (width - len(anchor))))
    tail = Edit(bracket.last, bracket.closing, padding)
    return (*edits, tail) if edits and _fits(source, bracket, (*edits, tail)) else None


def _from_aligned(source: Source, bracket: Bracket, tail: bytes, hang: bytes) -> tuple[Edit, ...] | None:
    anchor = bracket.anchor
    width = bracket.first - line_start(source.text, bracket.first)
    edits = _move(source, bracket, b"\n" + anchor + hang, Shift(anchor, b" " * (width - len(anchor)), hang))
    return (*edits, Edit(bracket.last, bracket.closing, tail)) if edits else None


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    bracket = bracket_at(source, site.start)
    if bracket is None:
        return None
    padding = _padding(source, bracket, _habit(source))
    if variant == "aligned":
        return _to_aligned(source, bracket, site.variant, padding)
    tail = _tail(bracket, variant, padding)
    if tail is None:
        return None
    if site.variant == "aligned":
        return _from_aligned(source, bracket, tail, _hang(bracket, variant))
    closes = "hang_close" if bracket.comma is None else "hang_close_comma"
    if site.variant in _CLOSINGS and variant not in (closes, "hang_end"):
        return None
    return (Edit(bracket.last, bracket.closing, tail),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("wrapping", "layout of brackets", _VARIANTS, _sites, _rewrite),
    Convention("trailing_comma", "trailing comma", ("comma", "none"), _comma_sites, _toggle_comma),
    CONTINUATION_INDENT,
)

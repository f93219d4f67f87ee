"""Where the lines of bracketed lists break: one convention for all layouts, for any grammar.

Knows lists, their layouts and the width that a file keeps within. A choice of several lines is one decision. Does not
know the inside of strings: a list that holds a string of several lines stays as it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.brackets import Bracket, bracket_with, brackets
from codetune_git.languages.shared.fashion import Fashion
from codetune_git.languages.shared.layouts import FLAT, VARIANTS, Layout
from codetune_git.text.source import Source

NAME = "wrapping"
WIDTHS = (60, 72, 79, 80, 88, 100, 120)  # the classes of how wide the line of a list is if it stands on one
_WIDEST = 120  # columns: what is no line of any house; whether a line that is less wide fits, the counts know
_SHORT = 24  # bytes: what is shorter inside and an only element nobody breaks
_MOST_PIECES = 60


def _fashion(source: Source) -> Fashion:
    return Fashion(source.text, source.grammar.heads)


def _layout(source: Source, bracket: Bracket) -> Layout:
    key = (Layout, bracket.first, bracket.last)
    layout: Layout = source.notes.setdefault(key, Layout(source, bracket, source.once(_fashion)))
    return layout


def _layout_at(source: Source, site: Site) -> Layout | None:
    """The layout of the list that a site is about; found again where the site comes from another reading."""
    known: Layout | None = source.notes.get((Layout, site.start, site.end))
    if known is not None:
        return known
    bracket = bracket_with(source, site.start, site.end)
    return None if bracket is None else _layout(source, bracket)


def width_class(width: int | None) -> str:
    """The class of a line that would be `width` columns wide, in a word; None: it can't be one line."""
    if width is None:
        return "never"
    at = bisect_left(WIDTHS, width)
    return f"to{WIDTHS[at]}" if at < len(WIDTHS) else "wider"


def _count_class(bracket: Bracket) -> str:
    n = len(bracket.pieces)
    return str(n) if n < 3 else "few" if n < 6 else "many"


def _is_free(bracket: Bracket) -> bool:
    n = len(bracket.pieces)
    return 1 < n <= _MOST_PIECES or (n == 1 and bracket.closing - bracket.opening > _SHORT)


def _sites(source: Source) -> Iterator[Site]:
    for bracket in brackets(source):
        if not _is_free(bracket):
            continue
        layout = _layout(source, bracket)
        variant = layout.variant
        if variant is not None:
            after = layout.tail[1:].strip(b")]},:;")
            context = (
                width_class(layout.flat_width),
                _count_class(bracket),  # of two elements as many as fit are one a line: the name depends on it
                "inner" if after else "last",
                bracket.kind,
            )
            yield Site(NAME, bracket.first, bracket.last, variant, context)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    layout = _layout_at(source, site)
    if layout is None or not layout.can_be(variant):
        return None
    bracket = layout.bracket
    limit = source.limit or layout.fashion.limit
    text = layout.rendered(variant, limit)
    if (
        text is None
        or not layout.fits(text, limit if "fill" in variant else _WIDEST)
        or (variant != FLAT and b"\n" not in text)
    ):
        return None
    start, end = bracket.opening, bracket.closing + 1
    old = source.text[start:end]
    return None if text == old else (_smallest(start, old, text),)


def _smallest(start: int, old: bytes, new: bytes) -> Edit:
    """The edit without what both have in common at their ends."""
    head = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - head
    tail = next((i for i in range(most) if old[-1 - i] != new[-1 - i]), most)
    return Edit(start + head, start + len(old) - tail, new[head : len(new) - tail])


def _group(staged: str, proposed: str) -> str:
    """Lines are joined, broken or moved: those three are asked for with different right."""
    return "joined" if proposed == FLAT else "broken" if staged == FLAT else ""


CONVENTIONS: tuple[Convention, ...] = (
    Convention(NAME, "layout of brackets", VARIANTS, _sites, _rewrite, group=_group, decisive=1),
)

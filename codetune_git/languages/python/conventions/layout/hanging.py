"""How far the lines hang inside a bracket whose opening line ends with it.

Knows brackets and lines; the lines inside move together. Does not know where the closing bracket belongs (wrapping.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.brackets import Bracket, brackets, lines_inside
from codetune_git.languages.python.conventions.layout.lines import Shift, nodes_between
from codetune_git.languages.shared.lines import indent_at, opens_line
from codetune_git.languages.shared.steps import blanks_of, step_of, string_lines
from codetune_git.text.source import Source

_VARIANTS = ("2", "4", "8")


def _site(source: Source, bracket: Bracket) -> Site | None:
    text, anchor = source.text, bracket.anchor
    start = lines_inside(source, bracket)[0]
    indent = indent_at(text, bracket.first)
    width = step_of(indent[len(anchor) :]) if indent.startswith(anchor) else None
    if width is None or not start <= bracket.first or indent_at(text, start) != indent:
        return None
    closes = opens_line(text, bracket.closing)
    end = bracket.last if closes and indent_at(text, bracket.closing) == anchor else bracket.closing + 1
    return Site("continuation_indent", start, end, width, (bracket.kind, "close" if closes else "end"))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    text = source.text
    old, indent = blanks_of(site.variant), indent_at(text, site.start)
    shift = Shift(indent[: len(indent) - len(old)], old, blanks_of(variant))
    strings = string_lines(source, [n for n in nodes_between(source, site.start, site.end) if n.type == "string"])
    first, last = source.line_of(site.start) - 1, source.line_of(site.end - 1)
    lines = [start for start in source.line_starts[first:last] if start not in strings]
    return shift.edits(text, lines)


def _sites(source: Source) -> Iterator[Site]:
    for bracket in source.once(brackets):
        site = _site(source, bracket)
        if site and any(_rewrite(source, site, variant) for variant in _VARIANTS if variant != site.variant):
            yield site


CONTINUATION_INDENT = Convention("continuation_indent", "indentation of continued lines", _VARIANTS, _sites, _rewrite)

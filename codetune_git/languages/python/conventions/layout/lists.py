"""The comma behind the last element of a list whose closing bracket begins a line, and how far such a list hangs.

Knows brackets of several lines. Does not know where their lines break (languages/shared/wrapping.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.brackets import brackets
from codetune_git.languages.python.conventions.layout.hanging import CONTINUATION_INDENT
from codetune_git.languages.shared.lines import opens_line
from codetune_git.text.source import Source


def _comma_sites(source: Source) -> Iterator[Site]:
    found = []
    for bracket in source.once(brackets):
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


CONVENTIONS: tuple[Convention, ...] = (
    Convention("trailing_comma", "trailing comma", ("comma", "none"), _comma_sites, _toggle_comma),
    CONTINUATION_INDENT,
)

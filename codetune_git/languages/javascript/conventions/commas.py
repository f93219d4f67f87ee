"""The comma behind the last element of a list. Knows lists; does not know where their lines break.

A comma is free where the closing bracket begins a line. Calls and parameters say nothing about objects, arrays and
imports: a comma there is younger than most houses.
"""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.proof.program import takes_no_comma
from codetune_git.languages.shared.commas import list_ends
from codetune_git.languages.shared.lines import opens_line
from codetune_git.text.source import Source

NAME = "javascript/trailing_comma"
_CALLS = frozenset({"arguments", "formal_parameters"})


def _sites(source: Source) -> Iterator[Site]:
    found = []
    for end in list_ends(source):
        start = end.last.end_byte
        is_loose = end.comma is not None and end.comma.start_byte != start
        if takes_no_comma(end.owner) or is_loose or not opens_line(source.text, end.closing.start_byte):
            continue
        group = "call" if end.owner.type in _CALLS else "data"
        variant = "none" if end.comma is None else "comma"
        found.append(Site(NAME, start, start + (end.comma is not None), variant, (group, end.owner.type)))
    yield from sorted(found, key=lambda site: site.start)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b"," if variant == "comma" else b""),)


CONVENTIONS = (
    Convention(
        NAME,
        "trailing comma",
        ("comma", "none"),
        _sites,
        _rewrite,
        decisive=1,
        phrases={"comma": "a comma behind the last element", "none": "no comma behind the last element"},
    ),
)

"""Precedents: lines of the repository that show how it writes something. Knows sites; does not know where files are.

A few examples of every variant are kept for each context, the shortest readable ones, so that a suggestion can show why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codetune_git.domain import Precedent, Site
from codetune_git.text.source import Source

PER_PLACE = 2
LONGEST = 100

Place = tuple[str, str, tuple[str, ...]]


def examples_in(path: str, commit: str, source: Source, sites: Iterable[Site]) -> Iterable[tuple[Place, Precedent]]:
    """The lines of a file that can serve as precedents, at most one for each place in it."""
    taken: set[Place] = set()
    for site in sites:
        place = (site.convention, site.variant, site.context[:1])
        line = source.line_of(site.start)
        start, end = source.span_of(source.lines_of(site.start, site.start))
        if place in taken or not 0 < len(source.text[start:end].strip()) <= LONGEST:
            continue
        taken.add(place)
        yield place, Precedent(path, line, commit, source.text[start:end].decode(errors="replace").strip())


@dataclass(frozen=True, slots=True)
class Precedents:
    """Examples by (convention, variant, first context word)."""

    table: Mapping[Place, tuple[Precedent, ...]]

    @classmethod
    def of(cls, examples: Iterable[tuple[Place, Precedent]]) -> Precedents:
        table: dict[Place, tuple[Precedent, ...]] = {}
        for place, precedent in examples:
            if len(table.get(place, ())) < PER_PLACE:
                table[place] = (*table.get(place, ()), precedent)
        return cls(table)

    def like(self, site: Site, variant: str) -> tuple[Precedent, ...]:
        """Lines that write a place like `site` as `variant`; of any context where there is none of the same."""
        near = self.table.get((site.convention, variant, site.context[:1]), ())
        if near:
            return near
        far = [found for place, found in self.table.items() if place[:2] == (site.convention, variant)]
        return far[0] if far else ()

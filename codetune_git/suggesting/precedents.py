"""Precedents: lines of the repository that show how it writes something. Knows examples; reads no files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from codetune_git.domain import Precedent, Site
from codetune_git.style.reading import Example

PER_PLACE = 3

Place = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Precedents:
    """A few examples by (convention, variant, first context word)."""

    table: Mapping[Place, tuple[Precedent, ...]]

    @classmethod
    def of(cls, files: Iterable[tuple[str, Iterable[Example]]], commit: str) -> Precedents:
        """The first few examples of each place in `files` (path and examples), all as of `commit`."""
        table: dict[Place, tuple[Precedent, ...]] = {}
        for path, examples in files:
            for example in examples:
                place = (example.convention, example.variant, example.context)
                if len(table.get(place, ())) < PER_PLACE:
                    table[place] = (*table.get(place, ()), Precedent(path, example.line, commit, example.text))
        return cls(table)

    def before(self, older: Precedents, gone: Collection[str]) -> Precedents:
        """These and then `older` ones, less those of the paths `gone`."""
        table = dict(self.table)
        for place, found in older.table.items():
            still = tuple(precedent for precedent in found if precedent.path not in gone)
            joined = (*table.get(place, ()), *still)[:PER_PLACE]
            if joined:
                table[place] = joined
        return Precedents(table)

    def like(self, site: Site, variant: str) -> tuple[Precedent, ...]:
        """Lines that write a place like `site` as `variant`; of any context where there is none of the same."""
        near = self.table.get((site.convention, variant, site.context[:1]), ())
        if near:
            return near
        far = (found for place, found in self.table.items() if place[:2] == (site.convention, variant))
        return next(far, ())

"""What is read off one file, once: how often it writes what, where, how else it could, and a few lines that show it.

Knows one text. Does not know its path or commit: a reading belongs to the content and can be kept by its hash.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from codetune_git.domain import LineRange, Site
from codetune_git.languages.table import by_name
from codetune_git.style.counting import Key, Tally
from codetune_git.text.source import Source

LONGEST_EXAMPLE = 100
TRIED = 2  # sites alike of which rewrites are tried: what is possible at these is taken as possible at all of them


@dataclass(frozen=True, slots=True)
class Example:
    """A line that writes `convention` as `variant`, at a place whose first context word is `context`."""

    convention: str
    variant: str
    context: tuple[str, ...]
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Alike:
    """The sites of a text that have convention, context and variant in common.

    `lines` are those of each site, in document order; `others` are the variants that could be written there instead.
    """

    lines: tuple[LineRange, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The sites of a text, and at most one example for each variant and first context word."""

    sites: Mapping[Key, Alike]
    examples: tuple[Example, ...]

    @property
    def tally(self) -> Tally:
        return {key: len(alike.lines) for key, alike in self.sites.items()}

    def to_bytes(self) -> bytes:
        """A compact, stable form."""
        found = [
            [name, list(context), variant, list(alike.others), [n for lines in alike.lines for n in lines]]
            for (name, context, variant), alike in sorted(self.sites.items())
        ]
        shown = [[e.convention, e.variant, list(e.context), e.line, e.text] for e in self.examples]
        return zlib.compress(json.dumps([found, shown], separators=(",", ":")).encode(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> Reading:
        """The inverse of `to_bytes`. Raises ValueError or zlib.error on anything else."""
        found = json.loads(zlib.decompress(data))
        try:
            rows, shown = found
            sites = {
                (row[0], tuple(row[1]), row[2]): Alike(tuple(map(LineRange, row[4][::2], row[4][1::2])), tuple(row[3]))
                for row in rows
            }
            return cls(sites, tuple(Example(e[0], e[1], tuple(e[2]), int(e[3]), e[4]) for e in shown))
        except (LookupError, TypeError) as error:
            raise ValueError(f"no reading: {error}") from error


def _examples(source: Source, sites: Iterable[Site]) -> Iterator[Example]:
    taken: set[tuple[str, str, tuple[str, ...]]] = set()
    for site in sites:
        place = (site.convention, site.variant, site.context[:1])
        if place in taken:
            continue
        line = source.line_of(site.start)
        start, end = source.span_of(source.lines_of(site.start, site.start))
        text = source.text[start:end].decode(errors="replace").strip()
        if 0 < len(text) <= LONGEST_EXAMPLE:
            taken.add(place)
            yield Example(*place, line, text)


def _others(source: Source, sites: Iterable[Site]) -> tuple[str, ...]:
    """The variants that can be written at any of the first of `sites`, which are alike."""
    tried = tuple(sites)[:TRIED]
    convention = by_name(tried[0].convention)
    return tuple(
        variant
        for variant in convention.variants
        if variant != tried[0].variant and any(convention.rewrite(source, site, variant) for site in tried)
    )


def read(source: Source, sites: Iterable[Site]) -> Reading:
    """What `sites` (all of those in `source`) say."""
    found = tuple(sites)
    groups: dict[Key, list[Site]] = {}
    for site in found:
        groups.setdefault((site.convention, site.context, site.variant), []).append(site)
    alike = {
        key: Alike(tuple(source.lines_of(site.start, site.end) for site in group), _others(source, group))
        for key, group in groups.items()
    }
    return Reading(alike, tuple(_examples(source, found)))

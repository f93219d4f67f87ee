"""What is read off one file, once: how often it writes what, and a few lines that show it.

Knows one text. Does not know its path or commit: a reading belongs to the content and can be kept by its hash.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codetune_git.conventions.counting import Key, Tally, tally_of
from codetune_git.domain import Site
from codetune_git.text.source import Source

LONGEST_EXAMPLE = 100


@dataclass(frozen=True, slots=True)
class Example:
    """A line that writes `convention` as `variant`, at a place whose first context word is `context`."""

    convention: str
    variant: str
    context: tuple[str, ...]
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The tally of a text and at most one example for each variant and first context word."""

    tally: Tally
    examples: tuple[Example, ...]

    def to_bytes(self) -> bytes:
        """A compact, stable form."""
        tally = [[name, list(context), variant, n] for (name, context, variant), n in sorted(self.tally.items())]
        shown = [[e.convention, e.variant, list(e.context), e.line, e.text] for e in self.examples]
        return zlib.compress(json.dumps([tally, shown], separators=(",", ":")).encode(), 6)

    @classmethod
    def from_bytes(cls, data: bytes) -> Reading:
        """The inverse of `to_bytes`. Raises ValueError or zlib.error on anything else."""
        found = json.loads(zlib.decompress(data))
        try:
            tally, shown = found
            counts: Counter[Key] = Counter({(row[0], tuple(row[1]), row[2]): int(row[3]) for row in tally})
            return cls(counts, tuple(Example(e[0], e[1], tuple(e[2]), int(e[3]), e[4]) for e in shown))
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


def read(source: Source, sites: Iterable[Site]) -> Reading:
    """What `sites` (all of those in `source`) say."""
    found = tuple(sites)
    return Reading(tally_of(found), tuple(_examples(source, found)))

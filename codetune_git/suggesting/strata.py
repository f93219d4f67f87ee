"""Cuts the lines of a commit's files into hunks by how new they are.

Knows readings, and which lines of each file were written after which earlier commit. Does not know git, nor what is
made of the hunks.

What still stands has settled: nobody has mended it. A stratum holds the lines that were written between two earlier
commits. Its hunks are judged by what is older, as they would have been when they were staged; the oldest stratum has
nothing older and is judged by all other files. So one reading of a commit serves, and no older text is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import LineRange
from codetune_git.style.counting import Counted, Counts, Key, Remaining
from codetune_git.style.reading import Reading

HUNK_LINES = 12


@dataclass(frozen=True, slots=True)
class DatedFile:
    """A file with what it says. `newer[i]` are the lines that were written after the `i`th earlier commit.

    The earlier commits are the same for all files, the latest first.
    """

    path: str
    reading: Reading
    newer: tuple[tuple[LineRange, ...], ...]


@dataclass(frozen=True, slots=True)
class PlacedSite:
    """A site of a settled hunk: convention, context, variant, and the variants that could stand there instead."""

    convention: str
    context: tuple[str, ...]
    variant: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettledHunk:
    """Some lines of the `file`th file, of the `stratum`th stratum (0 is the newest), with the sites inside."""

    file: int
    stratum: int
    sites: tuple[PlacedSite, ...]

    @property
    def tally(self) -> Counter[Key]:
        return Counter((site.convention, site.context, site.variant) for site in self.sites)


def _last_line(file: DatedFile) -> int:
    read = (lines.last for alike in file.reading.sites.values() for lines in alike.lines)
    written = (lines.last for ranges in file.newer for lines in ranges)
    return max((*read, *written), default=0)


def _strata(file: DatedFile) -> list[int]:
    """The stratum of each line, from line 1 on."""
    found = [len(file.newer)] * _last_line(file)
    for stratum in range(len(file.newer) - 1, -1, -1):
        for lines in file.newer[stratum]:
            found[lines.first - 1 : lines.last] = [stratum] * (lines.last - lines.first + 1)
    return found


def _beginnings(strata: Sequence[int]) -> list[int]:
    """For each line the place, from 0, of the first line of its hunk."""
    found: list[int] = []
    for place, stratum in enumerate(strata):
        begins = not place or stratum != strata[place - 1] or place - found[-1] >= HUNK_LINES
        found.append(place if begins else found[-1])
    return found


def _hunks_of(number: int, file: DatedFile) -> Iterator[SettledHunk]:
    strata = _strata(file)
    begins = _beginnings(strata)
    inside: dict[int, list[tuple[LineRange, PlacedSite]]] = {begin: [] for begin in begins}
    for (convention, context, variant), alike in sorted(file.reading.sites.items()):
        site = PlacedSite(convention, context, variant, alike.others)
        for lines in alike.lines:
            if begins[lines.first - 1] == begins[lines.last - 1]:
                inside[begins[lines.first - 1]].append((lines, site))
    for begin, sites in inside.items():
        yield SettledHunk(number, strata[begin], tuple(site for _, site in sorted(sites, key=lambda one: one[0])))


def settled_hunks(files: Sequence[DatedFile]) -> tuple[SettledHunk, ...]:
    """The hunks of all files, the newest stratum first."""
    found = (hunk for number, file in enumerate(files) for hunk in _hunks_of(number, file))
    return tuple(sorted(found, key=lambda hunk: (hunk.stratum, hunk.file)))


def _newest_stratum(strata: Sequence[int], lines: LineRange) -> int:
    return min(strata[lines.first - 1 : lines.last])


def _tallies(files: Iterable[DatedFile], count: int) -> list[Counter[Key]]:
    """The tally of each stratum; a site on lines of several belongs to the newest of them."""
    found: list[Counter[Key]] = [Counter() for _ in range(count)]
    for file in files:
        strata = _strata(file)
        for key, alike in file.reading.sites.items():
            for lines in alike.lines:
                found[_newest_stratum(strata, lines)][key] += 1
    return found


@dataclass(frozen=True, slots=True)
class Older:
    """The counts that each settled hunk is held against."""

    before: Mapping[int, Counts]
    whole: Counts
    files: tuple[Counts, ...]

    @classmethod
    def of(cls, files: Sequence[DatedFile]) -> Older:
        count = 1 + max((len(file.newer) for file in files), default=0)
        total: Counter[Key] = Counter()
        before: dict[int, Counts] = {}
        for stratum, tally in reversed(list(enumerate(_tallies(files, count)))):
            before[stratum] = Counts.of([total])
            total.update(tally)
        del before[count - 1]
        return cls(before, Counts.of([total]), tuple(Counts.of([file.reading.tally]) for file in files))

    def repository(self, hunk: SettledHunk) -> Counted:
        """How the repository wrote before the hunk's stratum; of the oldest one, how the other files write."""
        return self.before.get(hunk.stratum) or Remaining(self.whole, self.files[hunk.file])

    def file(self, hunk: SettledHunk) -> Counted:
        """How the rest of the hunk's file is written."""
        return Remaining(self.files[hunk.file], Counts.of([hunk.tally]))

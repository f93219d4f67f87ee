"""How often a house finds its own lines wrong: the share of places that a later commit mended.

Knows the lines that commits took away and put in their place. Does not know git, files, nor what a line means.

A hunk is mended by one that says the same, with other white space, quotes, commas or parentheses. What a commit mends
counts as the square root of its number: a formatter's run over all files was one decision. A hunk holds places of
several conventions of which one was wrong, so mended hunks are held against hunks times the conventions in each.

Houses differ tenfold in how much they mend, but hardly so much in how often they slip: what nobody mends may be wrong
all the same. So half of the difference to the usual house is believed, on the scale of log-odds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from codetune_git.suggesting.strata import HUNK_LINES

USUAL = 0.005  # the mean of eleven histories, of which the least mends 0.001 and the most 0.012
_KNOWN = 2000.0  # places that the usual share counts for
_FREE = re.compile(rb"[\s'\"(),]+")


class DiffHunk(Protocol):
    """Lines that a commit took away, and those that it put there."""

    @property
    def removed(self) -> Sequence[bytes]: ...

    @property
    def added(self) -> Sequence[bytes]: ...


def mends(hunk: DiffHunk) -> bool:
    """Whether the added lines say the same as the removed ones in another form."""
    old, new = (_FREE.sub(b"", b"".join(lines)) for lines in (hunk.removed, hunk.added))
    return old == new != b""


@dataclass(frozen=True, slots=True)
class Mended:
    """How many hunks of up to HUNK_LINES lines commits wrote, and how many they mended."""

    written: int
    mended: float

    @classmethod
    def by(cls, commits: Iterable[Sequence[DiffHunk]]) -> Mended:
        """What the hunks of each of `commits` wrote and mended."""
        written, mended = 0, 0.0
        for hunks in commits:
            written += sum(math.ceil(len(hunk.added) / HUNK_LINES) for hunk in hunks)
            mended += math.sqrt(sum(map(mends, hunks)))
        return cls(written, mended)

    def prevalence(self, conventions: float) -> float:
        """The share of places that are wrong, where a hunk holds places of so many `conventions`."""
        share = (USUAL * _KNOWN + self.mended) / (_KNOWN + self.written * conventions)
        return math.sqrt(USUAL * share)


NOTHING_MENDED = Mended(0, 0.0)

"""Which files of a large revision are counted: a fixed share of them, drawn by the hash of their paths.

A habit that holds in hundreds of files needs no more of them to be known. A path is drawn or not independently of all
others, so that two commits of about the same size count the same files. Does not know which files may be learned from.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass

from codetune_git.git.tree import TreeFile

MOST_FILES = 512


@dataclass(frozen=True, slots=True)
class FileSample:
    """The share `share` of all paths, a power of two: it hardly ever changes as a repository grows."""

    share: float

    @classmethod
    def of(cls, files: int) -> FileSample:
        """The largest share of `files` files that holds MOST_FILES of them at most, as expected."""
        share = 1.0
        while files * share > MOST_FILES:
            share /= 2
        return cls(share)

    def __str__(self) -> str:
        return (
            "every file is counted"
            if self.share == 1
            else f"one file in {1 / self.share:.0f} is counted, drawn by path"
        )

    def holds(self, path: str) -> bool:
        drawn = hashlib.blake2b(os.fsencode(path), digest_size=8).digest()
        return int.from_bytes(drawn) < self.share * 2**64


def sampled(files: Iterable[TreeFile]) -> tuple[TreeFile, ...]:
    """Those of `files` that are counted."""
    every = tuple(files)
    sample = FileSample.of(len(every))
    return tuple(file for file in every if sample.holds(file.path))

"""The files of a revision. Knows paths, oids and sizes; reads no contents."""

from __future__ import annotations

import os
from dataclasses import dataclass

from codetune_git.git.repository import Repository


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A regular file of a revision; `size` in bytes."""

    path: str
    oid: str
    size: int


def tree_files(repository: Repository, revision: str, suffixes: tuple[str, ...] = (".py",)) -> tuple[TreeFile, ...]:
    """The regular files of `revision` (a commit or tree) with one of `suffixes`; raises Unavailable."""
    listing = repository.git.run("ls-tree", "-r", "-z", "--long", "--full-tree", revision)
    found = []
    for entry in listing.split(b"\0"):
        head, tab, name = entry.partition(b"\t")
        path = os.fsdecode(name)
        if tab and path.endswith(suffixes):
            mode, _, oid, size = head.split()
            if mode.startswith(b"100") and size != b"-":
                found.append(TreeFile(path, oid.decode(), int(size)))
    return tuple(found)

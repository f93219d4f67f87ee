"""The files of a commit, without their contents. Knows trees; does not know which files are worth reading."""

from __future__ import annotations

import os
from dataclasses import dataclass

from codetune_git.git.repository import Repository


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A regular file of a commit; `size` in bytes."""

    path: str
    oid: str
    size: int


def tree_files(repository: Repository, revision: str, suffixes: tuple[str, ...] = ()) -> tuple[TreeFile, ...]:
    """The regular files of `revision` whose paths end in one of `suffixes` (without any: all), in git's order.

    Left out: symbolic links, submodules, and blobs that a partial clone has not got. Raises Unavailable where there is
    no such revision.
    """
    listing = repository.git.run("ls-tree", "-r", "-l", "-z", "--full-tree", revision)
    files = []
    for record in os.fsdecode(listing).split("\0")[:-1]:
        fields, _, path = record.partition("\t")
        mode, _, oid, size = fields.split()
        if mode.startswith("100") and size.isdigit() and (not suffixes or path.endswith(suffixes)):
            files.append(TreeFile(path, oid, int(size)))
    return tuple(files)

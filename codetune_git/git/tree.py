"""The files of a commit, and those that differ in two, without contents.

Knows trees; does not know which files are worth reading.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codetune_git.git.object_database import TreeEntry
from codetune_git.git.repository import Repository


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A regular file of a commit."""

    path: str
    oid: str


def _listed(repository: Repository, revision: str) -> Iterator[TreeEntry]:
    listing = repository.git.run("ls-tree", "-r", "-z", "--full-tree", revision)
    for record in os.fsdecode(listing).split("\0")[:-1]:
        fields, _, path = record.partition("\t")
        mode, _, oid = fields.split()
        yield TreeEntry(mode, oid, path)


def _entries(repository: Repository, revision: str) -> Iterable[TreeEntry]:
    entries = None if repository.objects is None else repository.objects.entries(revision)
    return _listed(repository, revision) if entries is None else entries


def tree_files(repository: Repository, revision: str, suffixes: tuple[str, ...] = ()) -> tuple[TreeFile, ...]:
    """The regular files of `revision` whose paths end in one of `suffixes` (without any: all), in git's order.

    Left out: symbolic links and submodules. Those whose content a partial clone has not got are listed, too. Raises
    Unavailable where there is no such revision.
    """
    return tuple(
        TreeFile(entry.path, entry.oid)
        for entry in _entries(repository, revision)
        if entry.mode.startswith("100") and (not suffixes or entry.path.endswith(suffixes))
    )


@dataclass(frozen=True, slots=True)
class TreeChange:
    """A path at which two commits differ: its blob in each, None where one has no regular file there."""

    path: str
    old_oid: str | None
    new_oid: str | None


def tree_changes(repository: Repository, old: str, new: str, suffixes: tuple[str, ...] = ()) -> tuple[TreeChange, ...]:
    """The regular files with `suffixes` whose contents differ between two commits, in git's order; no renames.

    Raises Unavailable where one of them is not there.
    """
    listing = repository.git.run("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", old, new)
    fields = os.fsdecode(listing).split("\0")[:-1]
    found = []
    for record, path in zip(fields[0::2], fields[1::2], strict=True):
        old_mode, new_mode, old_oid, new_oid, _ = record[1:].split(" ")
        before = old_oid if old_mode.startswith("100") else None
        after = new_oid if new_mode.startswith("100") else None
        if before != after and (not suffixes or path.endswith(suffixes)):
            found.append(TreeChange(path, before, after))
    return tuple(found)

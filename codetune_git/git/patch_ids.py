"""The patch ids of commits: git's name for what a commit changes, whatever it was built on.

Knows how to ask git for them. Does not know which commits were seen before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from codetune_git.git.repository import Repository

_BATCH = 100  # commits whose patches are in memory at once
_PATCH = (
    "-p",
    "-r",
    "--root",
    "--text",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
)


def _batches(oids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(oids)
    while batch := list(islice(left, _BATCH)):
        yield batch


def patch_ids(repository: Repository, oids: Iterable[str]) -> dict[str, str]:
    """The stable patch id of each commit of `oids`; merges, and commits without changes or not there, have none.

    The same change has the same id after a rebase, also where the rest of its files differs. Costs about as much as
    `git log -p` over these commits. Raises Unavailable where git fails.
    """
    found = {}
    for batch in _batches(oids):
        patches = repository.git.run(
            "diff-tree", "--stdin", *_PATCH, stdin="".join(f"{oid}\n" for oid in batch).encode()
        )
        for line in repository.git.run("patch-id", "--stable", stdin=patches).decode().splitlines():
            patch_id, oid = line.split()
            found[oid] = patch_id
    return found

"""What a partial clone has not fetched. Knows which blobs are here; does not know what is in them, and fetches nothing.

git ends a whole command at the first content that it cannot fetch. So what cannot be read is found out first, by
commands that read no contents, and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codetune_git.git.process import Git
from codetune_git.git.repository import Repository

_LISTING = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
_NO_CONTENT = ("--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
NOT_FETCHED = "its content was never fetched into this partial clone"


def is_partial(common_dir: Path) -> bool:
    """Whether something was fetched of which contents may be missing."""
    return any((common_dir / "objects" / "pack").glob("*.promisor"))


def present_blobs(git: Git) -> frozenset[str]:
    """The oids of all blobs that are here."""
    with git.stream(*_LISTING) as pipes:
        return frozenset(line[5:].strip().decode() for line in pipes.stdout if line.startswith(b"blob "))


def paths_not_fetched(repository: Repository, comparison: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The paths among the `patterns` of which a `comparison` (diff-tree, diff-index) would lack a content."""
    if not is_partial(repository.common_dir):
        return ()
    fields = repository.git.run(*comparison, *_NO_CONTENT, "--", *patterns).decode(errors="surrogateescape").split("\0")
    here = present_blobs(repository.git)
    found = []
    for record, path in zip(fields[0::2], fields[1::2], strict=False):
        old_mode, new_mode, old, new, _ = record.removeprefix(":").split(" ")
        sides = ((old_mode, old), (new_mode, new))
        if any(mode.startswith("10") and oid.strip("0") and oid not in here for mode, oid in sides):
            found.append(path)
    return tuple(found)

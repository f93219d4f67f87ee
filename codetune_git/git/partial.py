"""What a partial clone has not fetched. Knows which blobs are here; does not know what is in them, and fetches nothing.

git ends a whole command at the first content that it cannot fetch. So what cannot be read is found out first, by
commands that read no contents, and left out.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from pathlib import Path

from codetune_git.domain import Refusal
from codetune_git.git.process import Git
from codetune_git.git.repository import Repository

_LISTING = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
NO_CONTENT = ("--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
_BLOBS = ("10", "12")  # modes of files and symbolic links; a submodule has no content here
NOT_FETCHED = Refusal("its content was never fetched into this partial clone")
NOT_ALL_FETCHED = Refusal("not all that it changed was fetched into this partial clone")


def is_partial(common_dir: Path) -> bool:
    """Whether something was fetched of which contents may be missing."""
    return any((common_dir / "objects" / "pack").glob("*.promisor"))


def present_blobs(git: Git) -> frozenset[str]:
    """The oids of all blobs that are here."""
    with git.stream(*_LISTING) as pipes:
        return frozenset(line[5:].strip().decode() for line in pipes.stdout if line.startswith(b"blob "))


def lacks(record: str, here: Set[str]) -> bool:
    """Whether one of the contents that a raw `record` of git's compares is not among the blobs that are `here`."""
    old_mode, new_mode, old, new = record.removeprefix(":").split(" ")[:4]
    sides = ((old_mode, old), (new_mode, new))
    return any(mode.startswith(_BLOBS) and oid.strip("0") and oid not in here for mode, oid in sides)


def paths_not_fetched(repository: Repository, comparison: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    """The paths among the `patterns` of which a `comparison` (diff-tree, diff-index) would lack a content."""
    if not is_partial(repository.common_dir):
        return ()
    listing = repository.git.run(*comparison, *NO_CONTENT, "-z", "--", *patterns)
    fields = listing.decode(errors="surrogateescape").split("\0")
    here = present_blobs(repository.git)
    return tuple(path for record, path in zip(fields[0::2], fields[1::2], strict=False) if lacks(record, here))

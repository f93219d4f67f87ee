"""Which paths .gitattributes excludes: generated, vendored, or `-codetune`. Knows git's answers; parses no rules."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence

from codetune_git.git.repository import Repository

_REASONS = {
    ("linguist-generated", "set"): "marked generated in .gitattributes",
    ("linguist-generated", "true"): "marked generated in .gitattributes",
    ("linguist-vendored", "set"): "marked vendored in .gitattributes",
    ("linguist-vendored", "true"): "marked vendored in .gitattributes",
    ("codetune", "unset"): "excluded by -codetune in .gitattributes",
    ("codetune", "false"): "excluded by -codetune in .gitattributes",
}
_NAMES = ("linguist-generated", "linguist-vendored", "codetune")


def excluded(repository: Repository, paths: Sequence[str], tip: str) -> dict[str, str]:
    """The reason for each of `paths` that the attributes of `tip` (a commit or tree) exclude. Raises Unavailable."""
    if not paths:
        return {}
    with tempfile.TemporaryDirectory(prefix="codetune-") as folder:
        # `check-attr --source` came with git 2.40; an index read from the tree answers the same in every version.
        git = repository.git.with_environment(GIT_INDEX_FILE=os.path.join(folder, "index"))
        git.run("read-tree", tip)
        names = b"".join(os.fsencode(path) + b"\0" for path in paths)
        answer = git.run("check-attr", "--cached", "-z", "--stdin", *_NAMES, stdin=names)
    fields = answer.split(b"\0")
    found: dict[str, str] = {}
    for path, name, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        reason = _REASONS.get((name.decode(), value.decode(errors="replace")))
        if reason:
            found[os.fsdecode(path)] = reason
    return found

"""The object database, read in this process by libgit2: for those who read much. The only place that knows pygit2.

Knows objects by their full names, and when libgit2 reads what git would. Does not know what is made of them. git has
found and vetted the repository before; libgit2 is shown nothing but its folder of objects. What it cannot read (what is
not there, or damaged) is None here, and git is asked for it: all refusals have git's words.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from codetune_git.git.process import Git

if TYPE_CHECKING:
    from pygit2 import Odb

T = TypeVar("T")
_ELSEWHERE = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_SHA1_DIGITS, _SHA1_BYTES = 40, 20
_COMMIT, _TREE = 1, 2  # git's numbers of the kinds of objects
_FOLDER = "40000"
# Other modes are what a git of long ago wrote: today's is asked what it makes of them.
_MODES = {mode.encode(): mode for mode in ("100644", "100755", "120000", "160000", _FOLDER)}
_ROW = re.compile(rb"(%s) ([^\0]+)\0(.{%d})" % (b"|".join(_MODES), _SHA1_BYTES), re.DOTALL)


class TreeEntry(NamedTuple):
    """What a tree has at `path`; `mode` in octal digits."""

    mode: str
    oid: str
    path: str


class ObjectDatabase:
    """The objects of a repository and of its alternates."""

    def __init__(self, odb: Odb, errors: tuple[type[Exception], ...]) -> None:
        """`errors`: what `odb` raises for an object that it cannot read."""
        self._odb = odb
        self._errors = errors

    @classmethod
    def opened(cls, common_dir: Path, hash_name: str, git: Git) -> ObjectDatabase | None:
        """None where libgit2 is not installed, or is known to read otherwise than git.

        That is so for SHA-256, for objects that the environment has elsewhere, and for replaced ones, which libgit2
        hands out as they were.
        """
        if hash_name != "sha1" or any(git.environment.get(name) for name in _ELSEWHERE):
            return None
        replaced = git.attempt(
            "for-each-ref", "--count=1", git.environment.get("GIT_REPLACE_REF_BASE", "refs/replace/")
        )
        if replaced.returncode or replaced.stdout:
            return None
        try:
            import pygit2
        except ImportError:
            return None
        if not hasattr(pygit2.Odb, "read_header"):  # before 1.19.1
            return None
        # As `git cat-file`, which computes no hash of what it reads either.
        pygit2.option(pygit2.enums.Option.ENABLE_STRICT_HASH_VERIFICATION, False)
        try:
            return cls(pygit2.Odb(os.fspath(common_dir / "objects")), (KeyError, ValueError, pygit2.GitError))
        except pygit2.GitError:
            return None

    def size(self, oid: str) -> int | None:
        """How many bytes an object has; it is not read."""
        header = self._asked(self._odb.read_header, oid)
        return None if header is None else header[1]

    def content(self, oid: str) -> bytes | None:
        found = self._asked(self._odb.read, oid)
        return None if found is None else found[1]

    def entries(self, commit: str) -> list[TreeEntry] | None:
        """All that a commit has but its folders, in git's order; None where a folder cannot be read."""
        found = self._asked(self._odb.read, commit)
        if found is None or found[0] != _COMMIT:
            return None
        entries: list[TreeEntry] = []
        left = [TreeEntry(_FOLDER, found[1][len("tree ") : len("tree ") + _SHA1_DIGITS].decode(), "")]
        while left:
            entry = left.pop()
            if entry.mode != _FOLDER:
                entries.append(entry)
            elif (inside := self._inside(entry)) is not None:
                left += reversed(inside)
            else:
                return None
        return entries

    def _inside(self, folder: TreeEntry) -> list[TreeEntry] | None:
        """What a folder has; None where it cannot be read, or has what today's git would not write."""
        found = self._asked(self._odb.read, folder.oid)
        if found is None or found[0] != _TREE:
            return None
        rows = _ROW.findall(found[1])
        if sum(map(len, chain.from_iterable(rows))) + len(rows) * len(b" \0") != len(found[1]):
            return None
        above = f"{folder.path}/" if folder.path else ""
        return [TreeEntry(_MODES[mode], oid.hex(), above + os.fsdecode(name)) for mode, name, oid in rows]

    def _asked(self, question: Callable[[str], T], oid: str) -> T | None:
        if len(oid) != _SHA1_DIGITS:  # the beginning of a name is for git to complete
            return None
        try:
            return question(oid)
        except self._errors:
            return None

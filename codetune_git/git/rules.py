"""The rule files of a commit (.gitignore, .gitattributes, .codetuneignore), laid out in a folder for git to read.

Knows trees and temporary folders. Does not know what the rules mean: git itself applies them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeFile, tree_files


def stays_below(path: str) -> bool:
    """Whether a path, which anybody may have written into a tree, stays below its folder and out of `.git`."""
    return not any(part.lower() in ("", ".", "..", ".git") for part in path.split("/"))


def _named(repository: Repository, tip: str | None, name: str) -> tuple[TreeFile, ...]:
    if tip is None:
        return ()
    files = tree_files(repository, tip, (name,))
    return tuple(file for file in files if os.path.basename(file.path) == name and stays_below(file.path))


def _write(repository: Repository, files: tuple[TreeFile, ...], folder: Path) -> None:
    with BlobReader(repository) as reader:
        contents = reader.read([file.oid for file in files])
    for file in files:
        content = contents[file.oid]
        if isinstance(content, bytes):
            place = folder / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


@contextmanager
def rule_files(repository: Repository, tip: str | None, name: str) -> Iterator[Path | None]:
    """A temporary folder with the files called `name` that `tip` holds, at their places; None where it has none."""
    files = _named(repository, tip, name)
    if not files:
        yield None
        return
    with TemporaryDirectory(prefix="codetune-") as folder:
        _write(repository, files, Path(folder))
        yield Path(folder)

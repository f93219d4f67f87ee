"""Which paths git ignores, today, by .gitignore and .codetuneignore. Knows git's own engine; has no rules of its own.

Neither libgit2 nor pathspec agrees with git in every case. git itself answers for paths of any age: entries of a
temporary index, of which it lists the ones that the exclude rules cover (`ls-files -ci`). Today's rules hold for all of
history: who ignores a file of secrets later means it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from codetune_git.git.objects import BlobReader
from codetune_git.git.process import Git
from codetune_git.git.repository import Repository

CODETUNE_IGNORE = ".codetuneignore"
GIT_IGNORE = ".gitignore"


def _listed(git: Git, *arguments: str) -> set[str]:
    return {os.fsdecode(name) for name in git.run("ls-files", "-z", *arguments).split(b"\0") if name}


def _names_rules(name: bytes) -> bool:
    """Whether `name` is that of an ignore file, and a name that may be written below a folder."""
    *folders, last = name.split(b"/")
    return last in (GIT_IGNORE.encode(), CODETUNE_IGNORE.encode()) and not {b"", b".", b".."} & set(folders)


def _rules(repository: Repository, tip: str) -> dict[str, bytes]:
    """The ignore files of `tip`, by path."""
    listing = repository.git.run("ls-tree", "-r", "-z", "--full-tree", tip)
    entries = (entry.partition(b"\t") for entry in listing.split(b"\0"))
    found = {
        os.fsdecode(name): head.split()[2].decode()
        for head, _, name in entries
        if head.startswith(b"100") and _names_rules(name)
    }
    with BlobReader(repository) as blobs:
        contents = blobs.read(list(found.values()))
    return {path: text for path, oid in found.items() if isinstance(text := contents[oid], bytes)}


@contextmanager
def _engine(repository: Repository, tip: str, paths: Sequence[str]) -> Iterator[Git]:
    """git with `paths` in a temporary index, above a temporary work tree that holds the ignore files of `tip` alone."""
    with tempfile.TemporaryDirectory(prefix="codetune-") as folder:
        top = Path(folder, "tree")
        top.mkdir()
        for path, text in _rules(repository, tip).items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(text)
        git = Git(top, repository.git.environment).with_environment(
            GIT_INDEX_FILE=os.path.join(folder, "index"), GIT_WORK_TREE=os.fspath(top)
        )
        entry = f"100644 {repository.empty_blob}\t".encode()
        git.run("update-index", "-z", "--index-info", stdin=b"".join(entry + name for name in _split(paths)))
        yield git


def _split(paths: Sequence[str]) -> list[bytes]:
    return [os.fsencode(path) + b"\0" for path in dict.fromkeys(paths)]


def ignored(repository: Repository, paths: Sequence[str], tip: str) -> dict[str, str]:
    """The reason for each of `paths` that the rules of `tip` (a commit or tree) leave out. Raises Unavailable.

    .gitignore, .git/info/exclude and the user's own excludes leave out what is not tracked at `tip`; .codetuneignore
    leaves out tracked files too. Nothing of the repository is written.
    """
    if not paths:
        return {}
    with _engine(repository, tip, paths) as git:
        by_git = _listed(git, "-c", "-i", "--exclude-standard")
        by_codetune = _listed(git, "-c", "-i", f"--exclude-per-directory={CODETUNE_IGNORE}")
    tracked: set[str] = set()
    if by_git:
        listing = repository.git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", tip)
        tracked = {os.fsdecode(name) for name in listing.split(b"\0")}
    reasons = dict.fromkeys(by_git - tracked, "ignored by git")
    return reasons | dict.fromkeys(by_codetune, f"ignored by {CODETUNE_IGNORE}")

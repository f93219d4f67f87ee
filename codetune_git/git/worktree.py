"""Texts that are not staged, as the index would hold them: the work tree, or a file that an editor has in memory.

Knows private copies of the index and an object store of their own, so that nothing of the user's is written. Filters,
line ends, encodings and ignore rules are git's. Does not know what a text is compared with.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from codetune_git.domain import Refusal
from codetune_git.errors import DataRefused
from codetune_git.git.contents import quarantined, rewritten
from codetune_git.git.index import add, index_file
from codetune_git.git.process import last_line
from codetune_git.git.repository import Repository
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.text.line_edits import LineEdit


@contextmanager
def private_index(repository: Repository) -> Iterator[Repository]:
    """The repository with a copy of its index, and with objects of its own beside the user's, while the block runs."""
    with TemporaryDirectory(prefix="codetune-") as folder:
        copy = Path(folder) / "index"
        with suppress(FileNotFoundError):  # before anything was ever staged
            shutil.copy2(index_file(repository), copy)
        git = repository.git.with_environment(GIT_INDEX_FILE=os.fspath(copy))
        yield replace(repository, git=quarantined(repository, git, Path(folder) / "objects"))


def add_worktree(private: Repository, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Add the files with `suffixes` that differ from the index and those that are new and not ignored.

    What somebody marked assume-unchanged or skip-worktree counts as unchanged. Raises DataRefused where a filter fails.
    """
    patterns = [f"*{suffix}" for suffix in suffixes]
    listed = private.git.attempt("ls-files", "-z", "--modified", "--others", "--exclude-standard", "--", *patterns)
    if listed.returncode:  # files of the index's own age are read to be compared
        raise DataRefused(f"git cannot read the work tree: {last_line(listed.stderr)}")
    if paths := sorted(set(os.fsdecode(listed.stdout).split("\0")[:-1])):
        add(private.git, paths)


def add_text(private: Repository, path: str, content: bytes) -> str | Refusal:
    """Add `content` as the file at `path`, through the filters of that path; its oid."""
    done = private.git.attempt("hash-object", "-w", "--stdin", f"--path={path}", stdin=content)
    if done.returncode:
        return Refusal(last_line(done.stderr))
    oid = done.stdout.decode().strip()
    private.git.run("update-index", "--no-split-index", "--add", "--replace", "--cacheinfo", f"100644,{oid},{path}")
    return oid


def add_patch(private: Repository, patch: bytes) -> tuple[str, ...] | Refusal:
    """Apply a unified diff to what the private index holds; the paths that it changes.

    Its hunks are counted anew: whoever writes a diff by hand or by a model counts wrong.
    """
    listed = private.git.attempt("apply", "--recount", "--numstat", "-z", "-", stdin=patch)
    done = private.git.attempt("apply", "--recount", "--cached", "--whitespace=nowarn", "-", stdin=patch)
    if listed.returncode or done.returncode:
        return Refusal(last_line(listed.stderr or done.stderr))
    return tuple(record.split("\t", 2)[2] for record in os.fsdecode(listed.stdout).split("\0")[:-1])


def rewritten_text(repository: Repository, path: str, text: bytes, wanted: Sequence[LineEdit]) -> bytes | None:
    """`text`, of which git makes the content of the file at `path`, with that content's changes made.

    None where its filters or line ends do not lead back to the text.
    """
    with private_index(repository) as private:
        oid = add_text(private, path, text)
        return None if isinstance(oid, Refusal) else rewritten(private.git, path, text, clean_oid=oid, wanted=wanted)

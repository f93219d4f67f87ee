"""Contents between the work tree and the object store: what git makes of a file on the way in and out.

Knows blobs, filters, line ends and encodings, by asking git. Does not know suggestions. What is only tried goes into an
object store of its own, with the repository's behind it: nothing of the user's unstaged text is left in theirs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from codetune_git.git.process import Git
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import LineEdit, apply_line_edits, ending, lines_of

_DURABLE = ("-c", "core.fsync=loose-object", "-c", "core.fsyncObjectFiles=true")  # the latter before git 2.36


def quarantined(repository: Repository, git: Git, folder: Path) -> Git:
    """`git`, writing its objects below `folder`."""
    theirs = os.fspath(repository.object_dir)
    if os.pathsep in theirs:  # of a list; git takes C's quotes
        theirs = '"' + theirs.replace("\\", "\\\\").replace('"', '\\"') + '"'
    known = git.environment.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    folder.mkdir()
    return git.with_environment(
        GIT_OBJECT_DIRECTORY=os.fspath(folder),
        GIT_ALTERNATE_OBJECT_DIRECTORIES=os.pathsep.join([theirs, known] if known else [theirs]),
    )


def stored(git: Git, content: bytes) -> str:
    """The oid of `content`, written as a blob, as it is, durably: an index that is synced must not name what is not."""
    return (
        git.run(*_DURABLE, "hash-object", "-w", "-t", "blob", "--no-filters", "--stdin", stdin=content).decode().strip()
    )


def blob(git: Git, oid: str) -> bytes:
    return git.run("cat-file", "blob", oid)


def checked_out(git: Git, path: str, oid: str) -> bytes | None:
    """What git would write to the work tree for a blob at `path`; None where a filter fails."""
    done = git.attempt("cat-file", "--filters", f"--path={path}", oid)
    return done.stdout if done.returncode == 0 else None


def _spliced(work: bytes, clean: Sequence[str], wanted: Sequence[LineEdit]) -> bytes | None:
    """The changes in the raw lines, with the line ends there; None where those lines are not the clean ones."""
    raw = lines_of(work)
    if len(raw) != len(clean) or any(a.rstrip("\r\n") != b.rstrip("\r\n") for a, b in zip(raw, clean, strict=True)):
        return None
    local = []
    for edit in wanted:
        around = [ending(line) for line in (*raw[edit.start : edit.start + 1], *raw[: edit.start][-1:])]
        end = next(filter(None, around), "\n")
        new = tuple(line.rstrip("\r\n") + (end if line.endswith("\n") else "") for line in edit.new)
        local.append(LineEdit(edit.start, edit.end, new))
    return apply_line_edits(raw, local)


def rewritten(git: Git, path: str, work: bytes, *, clean_oid: str, wanted: Sequence[LineEdit]) -> bytes | None:
    """The work-tree file `work`, of which git makes the blob `clean_oid`, with the changes of that blob made.

    Through git's own way out where that gives `work` again, else in its raw lines; None where neither is certain.
    """
    clean = lines_of(blob(git, clean_oid))
    if checked_out(git, path, clean_oid) == work:
        new = apply_line_edits(clean, wanted)
        return checked_out(git, path, stored(git, new))
    return _spliced(work, clean, wanted)

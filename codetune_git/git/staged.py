"""What is staged, or what a range changed: files with their contents and the lines that came in.

Knows the index that git's environment names and the comparison of trees. Does not know the work tree.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from codetune_git.domain import Skipped, StagedFile
from codetune_git.errors import UsageError
from codetune_git.git.objects import BlobReader
from codetune_git.git.patch import FileDiff, read_entries
from codetune_git.git.process import DIFF_OPTIONS
from codetune_git.git.repository import Repository

_BINARY_PROBE = 8000  # bytes in which git itself looks for a NUL

Found = tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]


def _refusal(file: FileDiff, suffixes: tuple[str, ...]) -> str | None:
    """Why a changed path is not looked at, as far as its modes tell."""
    if file.status == "U":
        return "merge conflict"
    if file.status == "D":
        return "deleted"
    if file.is_submodule:
        return "submodule"
    if file.new_is_symlink:
        return "symbolic link"
    if not file.path.endswith(suffixes):
        return f"not {' or '.join(suffixes)}"
    if file.old_oid == file.new_oid:
        return "no lines changed"
    return None


def _diff(repository: Repository, *arguments: str) -> list[FileDiff]:
    output = repository.git.run(*arguments)
    return [file for entry in read_entries(iter(output.splitlines(keepends=True))) for file in entry.files]


def _read(repository: Repository, files: Sequence[FileDiff]) -> Found:
    """The contents of both sides of each file."""
    oids = [oid for file in files for oid in (file.new_oid, file.old_oid) if oid.strip("0")]
    with BlobReader(repository) as reader:
        contents = reader.read(list(dict.fromkeys(oids)))
    found, skipped = [], []
    for file in files:
        content = contents[file.new_oid]
        head = contents.get(file.old_oid)
        if not isinstance(content, bytes):
            skipped.append(Skipped(file.path, str(content)))
        elif b"\0" in content[:_BINARY_PROBE]:
            skipped.append(Skipped(file.path, "binary (NUL bytes)"))
        else:
            old = head if isinstance(head, bytes) else None
            found.append(StagedFile(file.path, file.new_oid, content, old, file.added))
    return tuple(found), tuple(skipped)


def _sorted_out(repository: Repository, files: Iterable[FileDiff], suffixes: tuple[str, ...]) -> Found:
    kept, skipped = [], []
    for file in files:
        reason = _refusal(file, suffixes)
        if reason is None:
            kept.append(file)
        else:
            skipped.append(Skipped(file.path, reason))
    if not kept:
        return (), tuple(skipped)
    found, unread = _read(repository, kept)
    return found, (*skipped, *unread)


def _intended(repository: Repository) -> tuple[Skipped, ...]:
    """Files that `git add --intent-to-add` announced: their content is not staged."""
    if repository.worktree is None:
        return ()
    listing = repository.git.run("diff-files", "--name-only", "--diff-filter=A", "-z")
    return tuple(Skipped(os.fsdecode(name), "only intended to be added") for name in listing.split(b"\0") if name)


def staged(repository: Repository, suffixes: tuple[str, ...] = (".py",)) -> Found:
    """The staged files with one of `suffixes` and what they hold, and why the others are left out.

    The index is the one of git's environment, as a hook of `git commit -a` needs it. Without a commit, everything
    staged is new. Raises Unavailable.
    """
    against = repository.head() or repository.empty_tree
    files = _diff(repository, "diff-index", "--cached", *DIFF_OPTIONS, against)
    found, skipped = _sorted_out(repository, files, suffixes)
    return found, (*skipped, *_intended(repository))


def changed(repository: Repository, base: str, tip: str, suffixes: tuple[str, ...] = (".py",)) -> Found:
    """The files that `tip` has otherwise than its merge base with `base`, as `tip` has them. Raises UsageError."""
    commits = []
    for revision in (base, tip):
        oid = repository.resolve(revision)
        if oid is None:
            raise UsageError(f"{revision!r} names no commit here: fetch it, or check the range")
        commits.append(oid)
    start = repository.merge_base(*commits) or commits[0]
    files = _diff(repository, "diff-tree", "-r", "--no-commit-id", *DIFF_OPTIONS, start, commits[1])
    return _sorted_out(repository, files, suffixes)

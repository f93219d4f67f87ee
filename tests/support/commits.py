"""Commits as values, without a repository: `git` hands them on like this."""

from __future__ import annotations

from difflib import SequenceMatcher

from codetune_git.domain import Commit, FileChange, LineRange


def change(path: str, old: str | None, new: str | None) -> FileChange:
    """A change of one file; what it added is found by difflib."""
    before, after = (text.splitlines() if text else [] for text in (old, new))
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    added = tuple(LineRange(j1 + 1, j2) for tag, _, _, j1, j2 in opcodes if tag in ("replace", "insert"))
    encoded = [None if text is None else text.encode() for text in (old, new)]
    return FileChange(path, path, f"old {path}", f"new {path}", encoded[0], encoded[1], added)


def commit(oid: str, *changes: FileChange, author: str = "A. Author <a@example.org>", time: int = 0) -> Commit:
    return Commit(oid, f"fingerprint {oid}", author, time, f"Subject of {oid}", changes)

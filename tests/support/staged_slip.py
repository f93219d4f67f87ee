"""A repository with one slip staged, and its mend: what every test of writing starts from."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from codetune_git.git.apply import EVERYWHERE, FileEdits, Targets, undo, write
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import LineEdit
from support.flow_command import state_of
from support.repo_builder import RepoBuilder

PATH = "pkg/mod.py"
SLIP, MEND = "    total=first + second\n", "    total = first + second\n"
HEAD = "".join(f"def before_{i}(value):\n    return value + {i}\n\n\n" for i in range(6))
BODY = "def add(first, second):\n    # the sum\n" + SLIP + "    # is handed back\n    return total\n"
TAIL = "".join(f"\n\ndef after_{i}(value):\n    return value - {i}\n" for i in range(6))
STAGED = HEAD + BODY + TAIL
MENDED = STAGED.replace(SLIP, MEND)
LINE = STAGED.splitlines(keepends=True).index(SLIP)


@dataclass
class Slip:
    """A repository in which `path` is staged with the slip, and what its work-tree file should become."""

    repo: RepoBuilder
    path: str = PATH
    change: LineEdit = field(default_factory=lambda: LineEdit(LINE, LINE + 1, (MEND,)))
    start: Path | None = None
    """Where the tool is called, if not at the top."""

    @property
    def repository(self) -> Repository:
        return Repository.open(self.start or self.repo.path)

    @property
    def place(self) -> Path:
        return (self.start or self.repo.path) / self.path

    def oid(self) -> str:
        git = self.repository.git.with_environment(GIT_LITERAL_PATHSPECS="1")
        listed = git.run("ls-files", "--stage", "--", self.path)
        return listed.split()[1].decode()

    def staged(self) -> bytes:
        return self.repository.git.run("cat-file", "blob", self.oid())

    def flags(self) -> str:
        """All entries of the index with their marks, but for the oid of the path."""
        listed = os.fsdecode(self.repository.git.run("ls-files", "-z", "-v", "--stage"))
        return listed.replace(self.oid(), "OID")

    def state(self) -> dict[str, str]:
        """Every file but git's objects and the tool's own; the index is one of them."""
        found = state_of(self.repo.path, without=("codetune", "objects"))
        return {path: digest for path, digest in found.items() if "/codetune" not in path}

    def rewrite(self, oid: str | None = None) -> FileEdits:
        return FileEdits(self.path, oid or self.oid(), (self.change,))

    def write(self, targets: Targets = EVERYWHERE, *, dry_run: bool = False) -> None:
        write(self.repository, [self.rewrite()], targets, dry_run=dry_run)

    def undo(self) -> tuple[str, ...]:
        return undo(self.repository)


def slip(repo: RepoBuilder, staged: str | bytes = STAGED, *, path: str = PATH, committed: str | bytes = HEAD) -> Slip:
    """A commit with `committed` at `path` and another file, then `staged` staged there."""
    repo.commit("First", {path: committed, "other.py": "x = 1\n"})
    repo.write(path, staged)
    repo.stage(path)
    return Slip(repo, path)

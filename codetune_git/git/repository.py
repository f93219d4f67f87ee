"""A repository as this process sees it: where it lies, what HEAD is, what is configured, what is under way.

Knows discovery (the environment of a hook included) and single questions to git. Does not know commits, files or rules.

Discovery is one `git rev-parse`: as exact as git is, in linked work trees, in SHA-256, reftable and split-index
repositories, which libgit2 cannot open, and thirty times faster than importing a library for it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from codetune_git.errors import Unavailable
from codetune_git.git.object_database import ObjectDatabase
from codetune_git.git.process import Git, fixed_environment, last_line

_QUESTIONS = (
    *("--git-dir", "--git-common-dir", "--is-bare-repository", "--is-shallow-repository"),
    *("--git-path", "objects"),
)
_ANSWERS = 5  # to these questions
_IN_PROGRESS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
    ("BISECT_LOG", "bisect"),
)


@dataclass(frozen=True, slots=True)
class ConfigValue:
    """A configured value; `scope` is git's (system, global, local, worktree, command), `origin` says which file."""

    value: str
    scope: str
    origin: str


@dataclass(frozen=True, slots=True)
class Repository:
    """`worktree` is None where there is none: in a bare repository and inside a `.git` folder. Paths are absolute.

    `object_dir` is where git keeps objects. `objects`: where they are read first; None where git's processes read them
    all.
    """

    git_dir: Path
    common_dir: Path
    worktree: Path | None
    bare: bool
    shallow: bool
    object_dir: Path
    hash_name: str
    git: Git = field(repr=False, compare=False)
    objects: ObjectDatabase | None = field(default=None, repr=False, compare=False)

    @classmethod
    def open(cls, start: Path | None = None) -> Repository:
        """The repository around `start` (default: the current folder), GIT_DIR and GIT_INDEX_FILE honoured as git does.

        Raises Unavailable, with a remedy, where there is none or where it belongs to somebody else.
        """
        return _discover(Path.cwd() if start is None else start.absolute())

    def with_object_database(self) -> Repository:
        """This repository for reading much of it: loading libgit2 takes as long as thirty calls of git."""
        return replace(self, objects=ObjectDatabase.opened(self.common_dir, self.hash_name, self.git))

    @property
    def codetune_dir(self) -> Path:
        """Where this tool keeps what it knows about the repository; shared by all its work trees. May not exist."""
        return self.common_dir / "codetune"

    @property
    def empty_tree(self) -> str:
        """The oid of a tree without files: what comes before the first commit."""
        if self.hash_name == "sha256":
            return "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321"
        return "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

    @property
    def empty_blob(self) -> str:
        """The oid of a file without bytes."""
        if self.hash_name == "sha256":
            return "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813"
        return "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"

    def head(self) -> str | None:
        """The oid of the commit that HEAD names; None on an unborn branch."""
        return self.resolve("HEAD")

    def resolve(self, revision: str) -> str | None:
        """The oid of the commit that `revision` names; None where it names none."""
        if not revision or revision.startswith("-"):
            return None
        done = self.git.attempt("rev-parse", "--quiet", "--verify", f"{revision}^{{commit}}")
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def version(self) -> str:
        """What git says of its own version."""
        return os.fsdecode(self.git.run("version")).strip()

    def hooks(self) -> Path:
        """Where git looks for hooks, core.hooksPath included. May not exist."""
        answer = os.fsdecode(self.git.run("rev-parse", "--git-path", "hooks")).removesuffix("\n")
        return Path(os.path.join(self.git.folder, answer))

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that both were built on; None where there is none (other histories, or a shallow clone)."""
        done = self.git.attempt("merge-base", one, other)
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def config(self, prefix: str) -> dict[str, ConfigValue]:
        """What holds for the keys that start with `prefix`, as git spells them: section and name in lower case."""
        listing = self.git.run("config", "--list", "--null", "--show-scope", "--show-origin")
        fields = os.fsdecode(listing).split("\0")
        found = {}
        for scope, origin, entry in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
            key, equals, value = entry.partition("\n")
            if key.startswith(prefix):
                found[key] = ConfigValue(value if equals else "true", scope, origin)
        return found

    def state(self) -> str | None:
        """What is under way in this work tree: merge, rebase, cherry-pick, revert, bisect; None where nothing is."""
        return next((state for name, state in _IN_PROGRESS if (self.git_dir / name).exists()), None)

    def takes_over(self) -> bool:
        """Whether what is under way takes over lines that were written before, as all but bisect do."""
        return self.state() not in (None, "bisect")


def _unavailable(start: Path, stderr: bytes) -> Unavailable:
    message = os.fsdecode(stderr)
    if "not a git repository" in message:
        return Unavailable(f"not a git repository: {start}; go into one, or make one with `git init`")
    if "dubious ownership" in message:
        remedy = "if you trust it: git config --global --add safe.directory <folder>"
        return Unavailable(f"the repository at {start} belongs to another user; {remedy}")
    return Unavailable(f"git cannot open the repository at {start}: {last_line(stderr)}")


def _absolute(start: Path, answer: str) -> Path:
    return Path(os.path.abspath(os.path.join(start, answer)))


def _settled(git: Git, git_dir: Path, worktree: Path | None) -> Git:
    """git with the answers of discovery fixed: no call searches again, and relative paths keep their meaning."""
    folder = worktree or git_dir
    changes = {"GIT_DIR": os.fspath(git_dir)}
    if worktree is not None:
        changes["GIT_WORK_TREE"] = os.fspath(worktree)
    if index := git.environment.get("GIT_INDEX_FILE"):
        changes["GIT_INDEX_FILE"] = os.path.join(folder, index)  # git reads it from the top of the work tree
    return Git(folder, git.environment).with_environment(**changes)


def _answers(start: Path, lines: Sequence[str], failed: bool) -> tuple[str, ...]:
    expected = _ANSWERS + (1 if failed else 2)
    if len(lines) != expected:
        raise Unavailable(f"git cannot open the repository at {start}: a line break in its path; rename the folder")
    return tuple(lines)


def _discover(start: Path) -> Repository:
    git = Git(start, fixed_environment())
    done = git.attempt("rev-parse", *_QUESTIONS, "--show-object-format", "--show-toplevel")
    failed = done.returncode != 0  # --show-toplevel, the last question, fails where there is no work tree
    if failed and not done.stdout:
        raise _unavailable(start, done.stderr)
    answers = _answers(start, os.fsdecode(done.stdout).splitlines(), failed)
    git_dir = _absolute(start, answers[0])
    worktree = None if failed else _absolute(start, answers[6])
    return Repository(
        git_dir=git_dir,
        common_dir=_absolute(start, answers[1]),
        worktree=worktree,
        bare=answers[2] == "true",
        shallow=answers[3] == "true",
        object_dir=_absolute(start, answers[4]),
        hash_name=answers[5],
        git=_settled(git, git_dir, worktree),
    )

"""Folders of files under refs of a remote, by way of a bare repository of our own.

Knows blobs, trees and refs; does not know adapters. The user's objects, refs and gc stay untouched: adapters in their
object store would cost every gc seconds, and leak through mirror pushes.

    <git common dir>/codetune/store.git     refs/codetune/adapters/<name>
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from codetune_git.domain import Refusal
from codetune_git.errors import DataRefused, Unavailable, UsageError
from codetune_git.git.objects import BlobReader
from codetune_git.git.process import Git, last_line
from codetune_git.git.repository import Repository

MAX_FILE = 4 << 30  # bytes; hosts refuse far less
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# At most one folder deep, no hidden names: what is written where a remote says so must stay where it belongs.
_PATH = re.compile(r"(?:\w[\w.-]*/)?\w[\w.-]*", re.ASCII)
_SETTINGS = {"core.compression": "0", "core.bigFileThreshold": "1m", "transfer.fsckObjects": "true", "gc.auto": "0"}
_IDENTITY = {
    f"GIT_{role}_{field}": value
    for role in ("AUTHOR", "COMMITTER")
    for field, value in (("NAME", "codetune"), ("EMAIL", "codetune@localhost"))
}


def ref_of(name: str) -> str:
    """Raises UsageError for what is no name."""
    if not _NAME.fullmatch(name) or name.endswith((".lock", ".")) or ".." in name:
        raise UsageError(f"{name!r} is no name for shared adapters: letters, digits, dots, dashes and underscores")
    return f"refs/codetune/adapters/{name}"


def address(repository: Repository, remote: str, *, push: bool = False) -> str:
    """The URL of a remote of the user's; raises UsageError where there is no such remote."""
    done = repository.git.attempt("remote", "get-url", *(["--push"] if push else []), "--", remote)
    if done.returncode:
        raise UsageError(f"there is no remote {remote!r} here: see git remote -v")
    return os.fsdecode(done.stdout).splitlines()[0]


class AdapterRepository:
    """The bare repository, made when first needed."""

    def __init__(self, repository: Repository) -> None:
        self.folder = repository.codetune_dir / "store.git"
        kept = {k: v for k, v in repository.git.environment.items() if k not in ("GIT_WORK_TREE", "GIT_INDEX_FILE")}
        # A relative URL means what it means to the user's repository: git runs in the same folder.
        self._git = Git(repository.git.folder, kept).with_environment(
            GIT_DIR=os.fspath(self.folder), GIT_TERMINAL_PROMPT="1", **_IDENTITY
        )
        self._repository = repository

    def _made(self) -> Git:
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            kind = ("--object-format=sha256",) if self._repository.hash_name == "sha256" else ()
            self._git.run("init", "--quiet", "--bare", *kind)
            for name, value in _SETTINGS.items():
                self._git.run("config", name, value)
        return self._git

    def fetch(self, url: str, name: str) -> bool:
        """Bring what the remote has under `name`; False where it has nothing. Raises Unavailable."""
        ref, git = ref_of(name), self._made()
        listed = git.attempt("ls-remote", "--", url, ref)
        if listed.returncode:
            raise Unavailable(f"{url} cannot be read: {last_line(listed.stderr)}")
        if not listed.stdout.strip():
            return False
        options = ("--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head", "--no-recurse-submodules")
        done = git.attempt("fetch", *options, "--", url, f"+{ref}:{ref}")
        if done.returncode:
            raise Unavailable(f"{url} cannot be read: {last_line(done.stderr)}")
        return True

    def push(self, url: str, name: str) -> None:
        """Send what is under `name`. Raises Unavailable where the remote refuses."""
        ref = ref_of(name)
        done = self._made().attempt("push", "--quiet", "--", url, f"{ref}:{ref}")
        if done.returncode:
            raise Unavailable(f"{url} refuses {ref}: {last_line(done.stderr)}")

    def put(self, files: Mapping[str, Path], name: str, subject: str) -> None:
        """Put `files`, by path, under `name`, on top of what is there."""
        git, ref = self._made(), ref_of(name)
        order = sorted(files)
        names = "".join(f"{files[path].absolute()}\n" for path in order)
        oids = git.run("hash-object", "-w", "--no-filters", "--stdin-paths", stdin=os.fsencode(names)).decode().split()
        index = git.with_environment(GIT_INDEX_FILE=os.fspath(self.folder / "codetune-index"))
        (self.folder / "codetune-index").unlink(missing_ok=True)
        records = "".join(f"100644 {oid}\t{path}\n" for path, oid in zip(order, oids, strict=True))
        index.run("update-index", "--add", "--index-info", stdin=records.encode())
        tree = index.run("write-tree").decode().strip()
        there = git.attempt("rev-parse", "--quiet", "--verify", f"{ref}^{{commit}}")
        parent = ("-p", there.stdout.decode().strip()) if there.returncode == 0 else ()
        made = git.run("commit-tree", *parent, "-m", subject, tree).decode().strip()
        git.run("update-ref", ref, made)

    def take(self, name: str, folder: Path) -> None:
        """Write what is under `name` into `folder`. Raises DataRefused for anything there but plain files."""
        git = self._made()
        listing = os.fsdecode(git.run("ls-tree", "-r", "-l", "-z", ref_of(name)))
        oids: dict[str, str] = {}
        for record in listing.split("\0")[:-1]:
            fields, _, path = record.partition("\t")
            mode, kind, oid, size = fields.split()
            if mode != "100644" or kind != "blob" or not _PATH.fullmatch(path) or int(size) > MAX_FILE:
                raise DataRefused(f"{path!r} under {ref_of(name)} is nothing that an adapter may hold: not taken")
            oids[path] = oid
        with BlobReader(git, max_size=MAX_FILE) as reader:
            for path, oid in oids.items():
                content = reader.read([oid])[oid]
                if isinstance(content, Refusal):
                    raise DataRefused(f"{path} under {ref_of(name)}: {content}")
                (folder / path).parent.mkdir(exist_ok=True)
                (folder / path).write_bytes(content)

"""Real repositories for tests: made by the git executable, the same on every machine and untouched by its settings."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

FIRST_TIME = 1_600_000_000
_STEP = 60  # seconds between commits


def isolated_environment() -> dict[str, str]:
    """This environment without any GIT_ variable of the caller's, and without the machine's git configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def isolate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process, too, see git as a builder does."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in isolated_environment().items():
        monkeypatch.setenv(name, value)


class RepoBuilder:
    """A repository in `path`. Authors and dates are fixed, so the same calls give the same oids."""

    def __init__(self, path: Path, *, bare: bool = False, object_format: str = "sha1") -> None:
        self.path = path
        self.time = FIRST_TIME - _STEP
        path.mkdir(parents=True, exist_ok=True)
        kind = ["--bare"] if bare else []
        self.git("init", "--quiet", "--initial-branch=main", f"--object-format={object_format}", *kind)

    def git(
        self,
        *arguments: str | os.PathLike[str],
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        check: bool = True,
    ) -> str:
        """What git prints, less the last line feed; bytes that are no UTF-8 as in file names."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env=isolated_environment() | self._identity() | dict(environment or {}),
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"git {arguments[0]}: {os.fsdecode(done.stderr)}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def write(self, path: str, content: bytes | str) -> Path:
        place = self.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
        return place

    def stage(self, *paths: str) -> None:
        """Stage `paths`, all where there are none: deletions too."""
        self.git("add", "--all", "--force", "--", *(f":(literal){path}" for path in paths))

    def commit(
        self,
        message: str = "Change",
        files: Mapping[str, bytes | str | None] | None = None,
        *,
        time: int | None = None,
        author: str = "Ada Lovelace <ada@example.org>",
    ) -> str:
        """Commit what is staged and `files` (None deletes one); returns the oid. `time` in seconds since the epoch."""
        for path, content in (files or {}).items():
            if content is None:
                (self.path / path).unlink()
            else:
                self.write(path, content)
        if files:
            self.stage(*files)
        self.time = self.time + _STEP if time is None else time
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", f"--author={author}", "-m", message)
        return self.git("rev-parse", "HEAD")

    def hook(self, name: str, script: str) -> None:
        """Install a shell script as a hook."""
        place = self.path / ".git" / "hooks" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)

    def _identity(self) -> dict[str, str]:
        date = f"{self.time} +0000"
        return {
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
            "GIT_AUTHOR_NAME": "Ada Lovelace",
            "GIT_AUTHOR_EMAIL": "ada@example.org",
            "GIT_COMMITTER_NAME": "Charles Babbage",
            "GIT_COMMITTER_EMAIL": "charles@example.org",
            "GIT_ALLOW_PROTOCOL": "file",
        }

"""Real git in a folder of a test, free of the configuration of whoever runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

FIXED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.invalid",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.invalid",
}


def environment(**changes: str) -> dict[str, str]:
    """The environment without what a hook or a user's settings would add."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CODETUNE_"))}
    return {**inherited, **FIXED, **changes}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    command = ["git", *map(os.fsencode, arguments)]
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, env=environment(), check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def commit(folder: Path, files: Mapping[str, str], subject: str = "Change") -> str:
    """Write and commit `files`; the commit's oid."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject)
    return git(folder, "rev-parse", "HEAD").decode().strip()

"""The command line as a user calls it: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from support.real_git import environment


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


def codetune(folder: Path, *arguments: str, **variables: str) -> Outcome:
    """`git codetune ARGUMENTS` in `folder` with environment `variables`."""
    done = subprocess.run(
        [sys.executable, "-m", "codetune_git", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=environment(**variables),
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)

"""Starts this program once more, in the background: a session of its own, niced, that writes what it says to a log.

Knows processes. Does not know what the program does there.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_START = """
import os, sys
from codetune_git.cli import main
if hasattr(os, "nice"):
    os.nice(19)
sys.argv = ["git-codetune", *sys.argv[1:]]
main()
"""


def start_in_background(arguments: Sequence[str], *, folder: Path, log: Path) -> None:
    """Run `git codetune` with `arguments` in `folder`, and return at once."""
    # In a hook git names its own index and folder: whoever runs in the background finds the repository by itself.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    with open(log, "wb") as stream:
        subprocess.Popen(
            [sys.executable, "-P", "-c", _START, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

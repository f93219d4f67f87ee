"""`git codetune train --background`: a training of its own session, niced, that writes what it says to a log.

Knows processes. One at a time is the store's lock's business: a second one ends at once and says so in the log.
"""

from __future__ import annotations

import os
import subprocess
import sys

from codetune_git.calls import TrainSettings
from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.model.launch import launch

_START = """
import os, sys
from codetune_git.cli import main
if hasattr(os, "nice"):
    os.nice(19)
sys.argv = ["git-codetune", *sys.argv[1:]]
main()
"""


def run(settings: TrainSettings) -> int:
    """Start it and return at once. Raises Unavailable where there is no repository, UsageError under a launcher."""
    if launch():
        raise UsageError("--background trains in one process alone: start the launcher itself in the background")
    repository = Repository.open(settings.start)
    folder = repository.codetune_dir
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["train", "--budget", f"{settings.options.budget:g}s", "--at-least", str(settings.at_least)]
    arguments += ["--precision", settings.options.precision]
    if settings.options.base:
        arguments += ["--base", settings.options.base]
    if settings.options.base_revision:
        arguments += ["--base-revision", settings.options.base_revision]
    # In a hook git names its own index and folder: a training reads commits, and finds the repository by itself.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    with open(folder / "train.log", "wb") as log:
        subprocess.Popen(
            [sys.executable, "-P", "-c", _START, *arguments],
            cwd=repository.worktree or repository.git_dir,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return 0

"""`git codetune train --background`: a training that goes on when this process has ended.

One at a time is the store's lock's business: a second one ends at once and says so in the log.
"""

from __future__ import annotations

from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.model.training.distributed import launched
from codetune_git.process.background import start_in_background
from codetune_git.requests import TrainRequest


def run(request: TrainRequest) -> int:
    """Start it and return at once. Raises Unavailable where there is no repository, UsageError under a launcher."""
    if launched():
        raise UsageError("--background trains in one process alone: start the launcher itself in the background")
    repository = Repository.open(request.start)
    folder = repository.codetune_dir
    folder.mkdir(parents=True, exist_ok=True)
    arguments = ["train", "--budget", f"{request.options.budget:g}s", "--at-least", str(request.at_least)]
    arguments += ["--precision", request.options.precision]
    if request.options.base:
        arguments += ["--base", request.options.base]
    if request.options.base_revision:
        arguments += ["--base-revision", request.options.base_revision]
    start_in_background(arguments, folder=repository.worktree or repository.git_dir, log=folder / "train.log")
    return 0

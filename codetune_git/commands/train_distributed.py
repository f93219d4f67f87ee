"""`git codetune train` in the processes that a launcher started: the first coordinates, the others are its workers.

Knows which process has which role. Does not know launchers (model/training/distributed does) or training.
"""

from __future__ import annotations

import signal

from codetune_git.model.training.distributed import coordinating, hide_launcher, launched, run_worker
from codetune_git.requests import TrainRequest


def is_worker() -> bool:
    """Whether this process is not the first one of a launcher."""
    process = launched()
    return process is not None and process.index > 0


def run_as_worker() -> int:
    """Compute for the first process until it ends. Prints nothing and reads nothing of the repository."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides when a training stops
    if process := launched():
        run_worker(process)
    return 0


def run(request: TrainRequest) -> int:
    """The training as the first or only process runs it; raises CodetuneError."""
    from codetune_git.commands import train

    process = launched()
    if process is None:
        hide_launcher()
    if process is None or request.dry_run:
        return train.run(request)
    with coordinating(process) as run_distributed:
        return train.run(request, run_distributed)

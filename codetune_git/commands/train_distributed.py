"""`git codetune train` in the processes that a launcher started: the first trains, the others lend it their devices.

Knows which process does what. Does not know launchers (model/training/distributed does) or training.
"""

from __future__ import annotations

import signal

from codetune_git.calls import TrainSettings
from codetune_git.model.training.distributed import launch, leading, lend, stay_alone


def lends() -> bool:
    """Whether this process is one of the others."""
    found = launch()
    return found is not None and found.index > 0


def lend_device() -> int:
    """Until the first process has no more use for it; says nothing, reads nothing of the repository."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides when a training stops
    if found := launch():
        lend(found)
    return 0


def run(settings: TrainSettings) -> int:
    """The training as the first or only process does it; raises CodetuneError."""
    from codetune_git.commands import train

    found = launch()
    if found is None:
        stay_alone()
    if found is None or settings.dry_run:
        return train.run(settings)
    with leading(found) as together:
        return train.run(settings, together)

"""`git codetune train --estimate`: what a training takes, before anything is loaded.

Does not measure: how fast this machine learns is only known once a training has begun.
"""

from __future__ import annotations

from dataclasses import asdict

from codetune_git.calls import TrainSettings
from codetune_git.commands.starting import Start, start_of
from codetune_git.commands.train import RESERVE
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.model.loading import require_training
from codetune_git.store import Store

_LIBRARIES_GB = 0.4  # torch, transformers and peft, imported on a processor


def _print_memory(settings: TrainSettings, start: Start) -> None:
    from codetune_git.model.devices import free_memory
    from codetune_git.model.fitting import FitSettings
    from codetune_git.model.loading import can_quantise
    from codetune_git.model.memory import estimate, plan_memory
    from codetune_git.model.shape import shape_of

    shape, free = shape_of(start.base.folder), free_memory()
    asked = FitSettings(settings.options.budget, precision=settings.options.precision)
    longest, quantising = start.base.budget.total, can_quantise()
    plan = plan_memory(shape, free.bytes, asked, longest=longest, quantising=quantising, on_cpu=free.on_cpu)
    found = estimate(shape, plan, rank=asked.rank)
    print(f"Base: {start.base.folder}, {shape.parameters / 1e6:.1f} million weights")
    print(f"Plan: {plan}")
    print(f"Memory: {found.total / 1e9:.2f} GB of {free.bytes / 1e9:.2f} GB free on {free.device}, made up of")
    for name, size in asdict(found).items():
        print(f"  {size / 1e6:8.0f} MB {name}")
    print(f"  and about {_LIBRARIES_GB} GB for the libraries themselves")


def _print_time(settings: TrainSettings, commits: int) -> None:
    budget = settings.options.budget
    print(f"Time: {budget:.0f} s at most (--budget), {(1 - RESERVE) * budget:.0f} s of it for lessons and training")
    print(f"New: {commits} commits; how many of them fit into that time is measured when the training begins")


def run(settings: TrainSettings) -> int:
    """Print the estimate; raises CodetuneError. Changes nothing."""
    require_training()
    repository = Repository.open(settings.start)
    start = start_of(settings.options, Store(repository.codetune_dir))
    tip = repository.head()
    commits = len(commit_oids(repository, tip, exclude=start.cursor.tips)) if tip else 0
    _print_memory(settings, start)
    _print_time(settings, commits)
    return 0

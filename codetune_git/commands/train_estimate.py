"""`git codetune train --estimate`: what memory and time a training takes, before anything is loaded.

Commits are read and some files counted, which says how fast this machine is; how fast it learns follows from that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import asdict

from codetune_git.git.objects import BlobReader, sizes
from codetune_git.git.repository import Repository
from codetune_git.model.base.loading import require_training
from codetune_git.pipelines.budget import Budget
from codetune_git.pipelines.commits import MinedCommits, mine_commits
from codetune_git.pipelines.forecast import USUAL_RATE, Work, forecast
from codetune_git.pipelines.resume_point import ResumePoint, resume_point
from codetune_git.pipelines.style_counts import Content, cached_readings, counted_files, reading_of
from codetune_git.requests import TrainRequest
from codetune_git.store import Store

_LIBRARIES_GB = 0.4  # torch, transformers and peft, imported on a processor
_MEASURED, _FEWEST = 100_000, 20_000  # bytes that are counted to see how fast this machine is, and too few for that


def _print_memory(request: TrainRequest, start: ResumePoint) -> None:
    from codetune_git.model.base.dimensions import dimensions_of
    from codetune_git.model.base.loading import can_quantise
    from codetune_git.model.training.config import TrainingConfig
    from codetune_git.model.training.devices import free_memory
    from codetune_git.model.training.memory import estimate, plan_memory

    dimensions, free = dimensions_of(start.base.folder), free_memory()
    asked = TrainingConfig(request.options.budget, precision=request.options.precision)
    longest, quantising = start.base.budget.total, can_quantise()
    plan = plan_memory(dimensions, free.bytes, asked, longest=longest, quantising=quantising, on_cpu=free.on_cpu)
    memory = estimate(dimensions, plan, rank=asked.rank)
    print(f"Base: {start.base.folder}, {dimensions.parameters / 1e6:.1f} million weights")
    print(f"Plan: {plan}")
    print(f"Memory: {memory.total / 1e9:.2f} GB of {free.bytes / 1e9:.2f} GB free on {free.device}, made up of")
    for name, size in asdict(memory).items():
        print(f"  {size / 1e6:8.0f} MB {name}")
    print(f"  and about {_LIBRARIES_GB} GB for the libraries themselves")


def _uncounted(store: Store, size: Mapping[str, int], paths: Mapping[str, str]) -> int:
    """The bytes of the blobs without a cached reading. `paths`: by oid one path of each."""
    readings = cached_readings(store, paths)
    return sum(bytes_ for oid, bytes_ in size.items() if oid not in readings)


def _rate(repository: Repository, size: Mapping[str, int], paths: Mapping[str, str]) -> float:
    """Processor seconds for counting a megabyte, measured on the largest of the blobs with known sizes.

    `paths`: by oid one path of each.
    """
    with BlobReader(repository) as reader:
        blobs = reader.read(sorted(size, key=lambda oid: (-size[oid], oid))[:20])
    done, started = 0, time.process_time()
    for content in (Content(paths[oid], blob) for oid, blob in blobs.items() if isinstance(blob, bytes)):
        reading_of(content)
        done += len(content.blob)
        if done >= _MEASURED:
            break
    return (time.process_time() - started) / done * 1e6 if done >= _FEWEST else USUAL_RATE


def _work(mined: MinedCommits, start: ResumePoint, uncounted: int) -> Work:
    from codetune_git.model.base.dimensions import dimensions_of

    changed = sum(len(change.new or b"") for commit in mined.commits for change in commit.changes)
    weights = dimensions_of(start.base.folder).parameters
    return Work(uncounted, changed, weights, evaluations=2 if start.active else 1)


def _print_time(request: TrainRequest, repository: Repository, start: ResumePoint, tip: str) -> None:
    budget = Budget(request.options.budget, time.monotonic())
    mined = mine_commits(repository, tip, start.cursor)
    reading = time.monotonic() - budget.began
    paths = {file.oid: file.path for file in counted_files(repository, tip)}
    size = sizes(repository, paths.keys())
    uncounted = _uncounted(Store(repository.codetune_dir), size, paths)
    rate = _rate(repository, size, paths)
    cores = request.options.threads or os.cpu_count() or 1
    times = forecast(_work(mined, start, uncounted), budget, reading=reading, rate=rate, cores=cores)
    print(f"New: {mined.read} commits, of which {len(mined.commits)} can be learned from")
    print(f"Time: about {times.total:.0f} s of {budget.seconds:.0f} s (--budget) where nothing else runs, made up of")
    for name, seconds in asdict(times).items():
        print(f"  {seconds:8.0f} s {name}")


def run(request: TrainRequest) -> int:
    """Print the estimate; raises CodetuneError. Changes nothing."""
    require_training()
    repository = Repository.open(request.start).with_object_database()
    start = resume_point(request.options, Store(repository.codetune_dir))
    _print_memory(request, start)
    if tip := repository.head():
        _print_time(request, repository, start, tip)
    return 0

"""`git codetune status`: the active adapter, its evaluations, and what is new. Changes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from codetune_git.errors import DataRefused
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.model.training.memorisation import memorised_in, other_metrics
from codetune_git.pipelines.admission import UNSUPPORTED, unsupported
from codetune_git.pipelines.profile_cache import profile_summary
from codetune_git.process.terminal import warn
from codetune_git.report.text import counted
from codetune_git.requests import StatusRequest
from codetune_git.store import Adapter, Cursor, EvaluationRecord, Store

_BARS = "▁▂▃▄▅▆▇█"
_MOST_EVALUATIONS = 40
_STEPS = ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute"))


def ago(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    for length, unit in _STEPS:
        if seconds >= length:
            number = int(seconds / length)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def curve(values: Sequence[float]) -> str:
    """The values as bars between their least and their largest; all of them in the middle where they are equal."""
    low, high = min(values), max(values)
    scale = (len(_BARS) - 1) / (high - low) if high > low else 0.0
    return "".join(_BARS[round((value - low) * scale)] if scale else _BARS[3] for value in values)


def _adapter_lines(adapter: Adapter, now: float) -> Iterator[tuple[str, str]]:
    manifest = adapter.manifest
    yield "adapter", f"{adapter.id} ({manifest.name}), {ago(now - manifest.created)}"
    yield "base", f"{manifest.base} ({manifest.family})"
    parent = f", from {manifest.parent}" if manifest.parent else ""
    yield "learned", f"{adapter.training_summary}{parent}"
    if others := other_metrics(manifest.metrics):
        yield "held out", _metrics(others)
    if memorised := memorised_in(manifest.metrics):
        yield "memorised", str(memorised).removeprefix("memorised: ")


def _metrics(metrics: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in metrics.items())


def _evaluation_lines(records: Sequence[EvaluationRecord]) -> Iterator[tuple[str, str]]:
    """For each metric its curve over the last evaluations, each of them on commits that were new to the adapter."""
    if not records:
        return
    yield "evaluated", f"{counted(len(records), 'time')}, last: {_metrics(records[-1].metrics)}"
    for name in records[-1].metrics:
        values = [record.metrics[name] for record in records[-_MOST_EVALUATIONS:] if name in record.metrics]
        if len(values) > 1:
            yield "", f"{name} {curve(values)} {values[0]:.3g} to {values[-1]:.3g}"


def _news(repository: Repository, cursor: Cursor) -> str:
    head = repository.head()
    if head is None:
        return "no commits yet"
    if unsupported(repository, head):
        return UNSUPPORTED
    number = len(commit_oids(repository, head, exclude=cursor.tips))
    left = len(cursor.left_out)
    over = f" (the last budget had no room for {counted(left, 'older commit')})" if left else ""
    return f"{counted(number, 'commit')}: run `git codetune train`{over}" if number else f"nothing new{over}"


def _judges(repository: Repository, store: Store, adapter: Adapter | None, rate: float) -> str:
    try:
        return profile_summary(repository, store, adapter, rate).words
    except DataRefused as error:
        return str(error)


def run(request: StatusRequest) -> int:
    """Print the state of things; raises DataRefused and Unavailable."""
    repository = Repository.open(request.start)
    store = Store(repository.codetune_dir)
    adapter = store.active()
    lines = list(_adapter_lines(adapter, time.time())) if adapter else [("adapter", "none yet")]
    lines += _evaluation_lines(store.evaluations())
    rate = request.options.false_positive_rate
    lines.append(("judges", _judges(repository, store, adapter, rate)))
    lines.append(("to learn", _news(repository, store.cursor())))
    print("\n".join(f"{name:<9} {text}" for name, text in lines))
    warn(store.warnings)
    return 0

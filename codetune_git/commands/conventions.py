"""`git codetune conventions`: how the repository writes, by counting. Joins git, the store and the catalogue."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from codetune_git.errors import Unavailable
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.languages.table import CATALOGUE
from codetune_git.pipelines.kinds import wanted
from codetune_git.pipelines.style_counts import Readings, readings_at
from codetune_git.process.terminal import Stages, warn
from codetune_git.report.habits import Habit, render_habits
from codetune_git.requests import ConventionsRequest
from codetune_git.store import Store

POINTS = 6


def _past(repository: Repository, tip: str) -> list[str]:
    """Revisions evenly spread over the history, oldest first, the tip excluded."""
    oids = commit_oids(repository, tip)
    step = len(oids) / POINTS
    return [oids[int(i * step)] for i in range(POINTS)] if len(oids) > POINTS else list(oids[:-1])


def _share(counts: Mapping[str, int], variant: str) -> float | None:
    total = sum(counts.values())
    return counts.get(variant, 0) / total if total else None


def _example(readings: Readings, name: str, variant: str) -> str:
    for path, examples in readings.examples:
        for example in examples:
            if (example.convention, example.variant) == (name, variant):
                return f"{path}:{example.line}  {example.text}"
    return ""


def _habits(today: Readings, past: Sequence[Readings], kinds: frozenset[str]) -> list[Habit]:
    table = today.counts.table
    older = [readings.counts.table for readings in past]
    habits = []
    for convention in CATALOGUE:
        counts = table.get((convention.name, ()), {})
        if not counts or convention.name not in kinds:
            continue
        usual = max(counts, key=lambda variant: counts[variant])
        shares = (_share(then.get((convention.name, ()), {}), usual) for then in [*older, table])
        drift = tuple(share for share in shares if share is not None) if older else ()
        example = _example(today, convention.name, usual)
        habits.append(Habit(convention.name, convention.title, counts, example, drift))
    return habits


def run(request: ConventionsRequest) -> int:
    """Print the habits; raises CodetuneError."""
    kinds = wanted(request.options.kinds)
    repository = Repository.open(request.start)
    tip = repository.head()
    if tip is None:
        raise Unavailable("this branch has no commits yet: there is nothing to count")
    store, stages = Store(repository.codetune_dir), Stages()
    revisions = [*(_past(repository, tip) if request.drift else []), tip]
    with stages.stage("Counting conventions") as advance:
        *past, today = [
            readings_at(repository, store, revision, lambda done, all_: advance(done, all_, "files"))
            for revision in revisions
        ]
    sys.stdout.write(render_habits(_habits(today, past, kinds)))
    warn([*store.warnings, *([str(today.sample)] if today.sample.share < 1 else [])])
    return 0

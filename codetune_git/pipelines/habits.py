"""How a repository writes at one commit, and how it did before, as habits. Joins counts, catalogue and excerpts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codetune_git.domain import Excerpt
from codetune_git.errors import Unavailable
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.languages.table import CATALOGUE
from codetune_git.pipelines.excerpts import excerpts
from codetune_git.pipelines.style_counts import Readings, readings_at
from codetune_git.process.terminal import Stages
from codetune_git.report.habits import Habit, Written
from codetune_git.store import Store

POINTS = 6


@dataclass(frozen=True, slots=True)
class CountedHabits:
    """The habits of the commit `tip`, in the order of the catalogue, and the readings that they are counted in."""

    habits: tuple[Habit, ...]
    tip: str
    today: Readings


def _past(repository: Repository, tip: str) -> list[str]:
    """Revisions evenly spread over the history, oldest first, the tip excluded."""
    oids = commit_oids(repository, tip)
    step = len(oids) / POINTS
    return [oids[int(i * step)] for i in range(POINTS)] if len(oids) > POINTS else list(oids[:-1])


def _share(counts: Mapping[str, int], variant: str) -> float | None:
    total = sum(counts.values())
    return counts.get(variant, 0) / total if total else None


def _habits(
    today: Readings, past: Sequence[Readings], kinds: frozenset[str], shown: Mapping[tuple[str, str], Excerpt]
) -> tuple[Habit, ...]:
    table = today.counts.table
    older = [readings.counts.table for readings in past]
    habits = []
    for convention in CATALOGUE:
        name, counts = convention.name, table.get((convention.name, ()), {})
        if not counts or name not in kinds:
            continue
        ranked = sorted(counts, key=lambda variant: -counts[variant])
        written = tuple(Written(one, convention.phrase(one), counts[one], shown.get((name, one))) for one in ranked)
        shares = (_share(then.get((name, ()), {}), ranked[0]) for then in [*older, table])
        drift = tuple(share for share in shares if share is not None) if older else ()
        habits.append(Habit(name, convention.title, written, drift))
    return tuple(habits)


def habits_below(counted: CountedHabits, folder: str, kinds: frozenset[str]) -> tuple[Habit, ...]:
    """The habits of the files below `folder` ("" for all), without examples."""
    files = tuple((file, reading) for file, reading in counted.today.files if file.path.startswith(folder))
    return _habits(replace(counted.today, files=files), (), kinds, {})


def counted_habits(
    repository: Repository, store: Store, kinds: frozenset[str], *, drift: bool = False, quiet: bool = False
) -> CountedHabits:
    """The habits of HEAD; `drift`: with their shares at earlier commits. Raises Unavailable before the first commit."""
    tip = repository.head()
    if tip is None:
        raise Unavailable("this branch has no commits yet: there is nothing to count")
    revisions = [*(_past(repository, tip) if drift else []), tip]
    with Stages(quiet=quiet).stage("Counting conventions") as advance:
        *past, today = [
            readings_at(repository, store, revision, lambda done, all_: advance(done, all_, "files"))
            for revision in revisions
        ]
    return CountedHabits(_habits(today, past, kinds, excerpts(repository, tip, today)), tip, today)

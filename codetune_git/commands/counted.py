"""The judgement by counts alone: what a repository's files say, and how far that may be trusted. Joins git and counting.

1 how each file of a commit is written, from the cache or read now
2 which of its lines are how new, by a few earlier commits
3 settled hunks judged by what is older, and the calibration that this gives
4 kept for the commit: the next run has nothing to work out

Knows no model and needs none. A commit in every STEP has a calibration of its own; those between take its, with counts
of their own, so that what is said depends on the commits alone and not on who looked when.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codetune_git import __version__
from codetune_git.commands.habits import Readings, readings_at
from codetune_git.conventions import VERSION
from codetune_git.errors import DataRefused
from codetune_git.git.lines import first_parents, lines_since
from codetune_git.git.repository import Repository
from codetune_git.store import Store
from codetune_git.suggesting import record
from codetune_git.suggesting.calibration import SILENT, Calibration
from codetune_git.suggesting.counted import CountedExam, examined_by_counts
from codetune_git.suggesting.judgement import Judgement
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.strata import DatedFile
from codetune_git.suggesting.thresholds import calibrated

STEP = 50  # commits
NEWEST = 100  # commits that `status` speaks of
FEWEST_HUNKS = 30
SEED = 20
_LATEST, _PARTS = (25, NEWEST), (8, 4, 2)  # strata end so many commits back, and at these parts of the history

Advance = Callable[[float, float, str], None]


def _earlier(parents: Sequence[str]) -> tuple[list[str], int]:
    """The commits at which strata end, the latest first, and how many strata the last NEWEST commits make up."""
    last = len(parents) - 1
    ends = sorted({min(last, back) for back in (*_LATEST, *(last // part for part in _PARTS), 3 * last // 4)} - {0})
    return [parents[back] for back in ends], sum(back <= NEWEST for back in ends)


def dated_files(repository: Repository, readings: Readings, tip: str) -> tuple[tuple[DatedFile, ...], int]:
    """Step 2: the files, and how many strata the last commits make up."""
    commits, newest = _earlier(first_parents(repository, tip))
    since = [lines_since(repository, commit, tip) for commit in commits]
    files = tuple(
        DatedFile(file.path, reading, tuple(lines.get(file.path, ()) for lines in since))
        for file, reading in readings.files
    )
    return files, newest


def counted_exam(repository: Repository, readings: Readings, tip: str) -> CountedExam:
    """Step 3, as far as the settled hunks of the commit `tip`."""
    files, newest = dated_files(repository, readings, tip)
    return examined_by_counts(files, seed=SEED, newest=newest)


def calibration_of(exam: CountedExam, rate: float) -> Calibration:
    """Step 3: silence where there are too few hunks."""
    if exam.clean < FEWEST_HUNKS:
        return SILENT
    return calibrated(exam.rows, exam.seen, clean=exam.clean, rate=rate, newest=exam.newest)


def judgement_of(readings: Readings, calibration: Calibration, tip: str) -> Judgement:
    """What is known of the commit `tip`."""
    return Judgement(readings.counts, calibration, Precedents.of(readings.examples, tip))


@dataclass(frozen=True, slots=True)
class CountedJudgement:
    """A judgement by counts, and the commit that it was worked out for."""

    judgement: Judgement
    commit: str


def nothing_counted() -> Judgement:
    """The judgement before the first commit: nothing is known, so nothing is said."""
    return judgement_of(Readings(()), SILENT, "")


def anchor_of(repository: Repository, at: str) -> str:
    """The commit whose calibration `at` takes: itself or one of its latest first parents."""
    parents = first_parents(repository, at)
    return parents[len(parents) % max(1, min(STEP, len(parents) // 10))]


def _kept(store: Store, key: str, commit: str) -> Judgement | None:
    payload = store.verdict(key)
    if payload is None:
        return None
    try:
        found = json.loads(payload)
        return record.from_json(found["record"]) if found["commit"] == commit else None
    except (ValueError, KeyError, TypeError, DataRefused):
        return None


def counted_judgement(
    repository: Repository, store: Store, at: str, *, rate: float, advance: Callable[[], Advance]
) -> CountedJudgement:
    """Steps 1 to 4 for the commit whose calibration `at` takes. `advance` is only called where something is to do."""
    commit = anchor_of(repository, at)
    key = f"counted {__version__} {VERSION} {rate}"
    known = _kept(store, key, commit)
    if known is None:
        show = advance()
        readings = readings_at(repository, store, commit, lambda done, all_: show(done, all_, "files"))
        known = judgement_of(readings, calibration_of(counted_exam(repository, readings, commit), rate), commit)
        store.remember_verdict(key, json.dumps({"commit": commit, "record": record.to_json(known)}))
    return CountedJudgement(known, commit)

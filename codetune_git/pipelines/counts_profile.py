"""The profile by counts alone, and its calibration. Joins git and counting; knows no model.

1 the reading of each file of a commit, from the cache or read now
2 the age of its lines, in strata that end at a few earlier commits
3 settled hunks judged by older ones, the prevalence of mended lines, and the calibration fitted on both

Where it is cached stands in profile_cache.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from codetune_git.git.history import diffs, not_fetched
from codetune_git.git.lines import first_parents, lines_since
from codetune_git.git.partial import NOT_FETCHED
from codetune_git.git.repository import Repository
from codetune_git.pipelines.admission import eligible
from codetune_git.pipelines.profile_cache import NEWEST, CountsProfile, anchor_of, cache_profile
from codetune_git.pipelines.style_counts import Readings, readings_at
from codetune_git.process.terminal import Stages
from codetune_git.report.text import counted
from codetune_git.store import Store
from codetune_git.suggesting.calibration import FEWEST_HUNKS, SILENT, Calibration
from codetune_git.suggesting.evaluation.by_counts import evaluated_by_counts
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.prevalence import Mended
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.strata import DatedFile
from codetune_git.suggesting.thresholds import calibrated

SEED = 20
SEARCHED = 1500  # commits that may have mended something
_LATEST, _PARTS = (25, NEWEST), (8, 4, 2)  # strata end so many commits back, and at these parts of the history


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


def mended_before(repository: Repository, tip: str) -> Mended:
    """Step 3: the hunks of the last commits before `tip`, in files that are learned from."""
    commits = [[file for file in files if file.new_is_file] for files in diffs(repository, tip, limit=SEARCHED)]
    refused = eligible(repository, sorted({file.path for files in commits for file in files}), tip)
    kept = ([file for file in files if refused[file.path] is None] for files in commits)
    return Mended.by([hunk for file in files for hunk in file.hunks] for files in kept)


def counts_evaluation(repository: Repository, readings: Readings, tip: str) -> CountsEvaluation:
    """Step 3: the settled hunks of the commit `tip`, judged by counts."""
    files, newest = dated_files(repository, readings, tip)
    return evaluated_by_counts(files, seed=SEED, newest=newest, mended=mended_before(repository, tip))


def calibration_of(evaluation: CountsEvaluation, rate: float) -> Calibration:
    """Step 3: the calibration; a silent one where there are too few hunks."""
    return SILENT if evaluation.clean < FEWEST_HUNKS else calibrated(evaluation, rate)


def profile_of(readings: Readings, calibration: Calibration, tip: str) -> StyleProfile:
    """The profile with the counts and precedents of the commit `tip`."""
    return StyleProfile(readings.counts, calibration, Precedents.of(readings.examples, tip))


def _say_left_out(stages: Stages, repository: Repository, readings: Readings, commit: str) -> None:
    """Print what a partial clone lacks; nothing where it lacks nothing."""
    files = sum(one.reason == NOT_FETCHED for one in readings.skipped)
    commits = len(not_fetched(repository, commit, limit=SEARCHED))
    numbers = ((files, "file"), (commits, "commit"))
    if left := " and ".join(counted(number, noun) for number, noun in numbers if number):
        stages.say(f"Left out: {left} of which not all was fetched into this partial clone")


def make_counts_profile(repository: Repository, store: Store, at: str, *, rate: float, stages: Stages) -> CountsProfile:
    """Steps 1 to 3 for the commit whose calibration `at` takes; the result is cached."""
    commit = anchor_of(repository, at)
    with stages.stage("Counting how this repository writes") as advance:
        readings = readings_at(repository, store, commit, lambda done, all_: advance(done, all_, "files"))
        profile = profile_of(readings, calibration_of(counts_evaluation(repository, readings, commit), rate), commit)
    _say_left_out(stages, repository, readings, commit)
    found = CountsProfile(profile, commit)
    cache_profile(store, found, rate=rate)
    return found

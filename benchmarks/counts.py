"""The profile by counts alone: how long it takes, whether a busy machine changes it, where it is silent.

    python -m benchmarks.counts REPOSITORY ...

Each repository is cloned and judged at its HEAD twice: by itself, and beside four processes that never rest. Printed
are the seconds, what the calibration rests on, whether both are the same to the last digit, and, of all settled sites
at which at least 50 places agree and none differs, how many it would not mend if they were written otherwise.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from codetune_git.git.repository import Repository
from codetune_git.pipelines.counts_profile import calibration_of, counts_evaluation, dated_files
from codetune_git.pipelines.style_counts import Readings, readings_at
from codetune_git.store import Store
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evidence import Habits, Neighbours, features_of
from codetune_git.suggesting.strata import Older, settled_hunks

RATE, AGREE = 0.01, 50
BUSY = "while True: pass"


@contextmanager
def _busy(number: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(number):
            process = subprocess.Popen([sys.executable, "-c", BUSY])
            stack.callback(process.wait)
            stack.callback(process.kill)
        yield


def _judged(folder: Path, clone: Path) -> tuple[Readings, Calibration, float]:
    """The clone's readings, its calibration, and how many seconds both took, with nothing in a cache."""
    subprocess.run(["git", "clone", "-q", "--shared", folder, clone], check=True)
    repository = Repository.open(clone)
    tip, begun = repository.head(), time.monotonic()
    assert tip is not None
    readings = readings_at(repository, Store(repository.codetune_dir), tip, lambda done, all_: None)
    calibration = calibration_of(counts_evaluation(repository, readings, tip), RATE)
    return readings, calibration, time.monotonic() - begun


def _silence(clone: Path, readings: Readings, calibration: Calibration) -> tuple[Counter[str], Counter[str]]:
    """By convention: sites at which AGREE places agree and none differs, and those that would not be mended."""
    repository = Repository.open(clone)
    files, _ = dated_files(repository, readings, repository.head() or "")
    older, all_, silent = Older.of(files), Counter[str](), Counter[str]()
    for hunk in settled_hunks(files):
        habits = Habits(older.repository(hunk), older.file(hunk))
        here = Counter((site.convention, site.variant) for site in hunk.sites)
        for site in dict.fromkeys(hunk.sites):
            seen, file = habits.repository.at(site, 0), habits.file.at(site, 0)
            for staged in site.others:
                others = here[site.convention, staged] + seen.get(staged, 0) + file.get(staged, 0)
                if seen.get(site.variant, 0) < AGREE or sum(seen.values()) > seen[site.variant] or others:
                    continue
                around = Neighbours(here[site.convention, site.variant] - 1, 0)
                features = features_of(site, staged, site.variant, habits=habits, around=around)
                all_[site.convention] += 1
                said = calibration.passes_threshold(site.convention, calibration.confidence(site.convention, features))
                silent[site.convention] += not said
    return all_, silent


def _report(folder: Path, place: Path) -> None:
    readings, alone, seconds = _judged(folder, place / "idle")
    with _busy(4):
        _, beside, longer = _judged(folder, place / "busy")
    basis = alone.basis
    print(f"{folder.name}: {seconds:.1f} s, beside four busy processes {longer:.1f} s; the same: {alone == beside}")
    print(f"  {basis.flagged} of {basis.clean} clean hunks flagged ({basis.lone} for a form that stands alone)")
    print(f"  {basis.restored} of {basis.broken} broken ones restored")
    all_, silent = _silence(place / "idle", readings, alone)
    print(f"  at least {AGREE} agree and none differs: silent about {silent.total()} of {all_.total()} broken sites")
    for kind, number in silent.most_common():
        if number:
            print(f"    {kind:<28} {number:>6} of {all_[kind]}")


def main() -> None:
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as place:
            _report(Path(name).resolve(), Path(place))


if __name__ == "__main__":
    main()

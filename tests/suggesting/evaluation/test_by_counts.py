"""Settled code is judged by counts alone: what it follows comes back when broken; no deviation proves itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from support.flow_repository import module
from support.house import parsed

from codetune_git.domain import LineRange
from codetune_git.languages.table import sites
from codetune_git.style.reading import read
from codetune_git.suggesting.calibration import FEWEST_HUNKS
from codetune_git.suggesting.evaluation.by_counts import BROKEN_EACH, evaluated_by_counts
from codetune_git.suggesting.strata import DatedFile
from codetune_git.suggesting.thresholds import calibrated


def files(count: int, *, odd: int | None = None) -> list[DatedFile]:
    """Modules of one house, the last third new; the one numbered `odd` has a string that nobody else would write so."""
    found = []
    for number in range(count):
        text = module(Random(number), 2)
        if number == odd:
            text = text.replace("'''Works", '"""Works', 1).replace("over.'''", 'over."""', 1)
        source = parsed(text)
        lines = LineRange(1, text.count("\n"))
        found.append(
            DatedFile(f"{number}.py", read(source, sites(source)), ((lines,) if 3 * number >= 2 * count else (),))
        )
    return found


def test_what_the_house_follows_comes_back() -> None:
    evaluation = evaluated_by_counts(files(40), seed=1)
    found = calibrated(evaluation, 0.01)
    assert evaluation.clean > 30
    assert found.basis.restored > 0.7 * found.basis.broken
    assert found.basis.flagged == 0
    assert {"quotes", "comma_spacing", "none_comparison"} <= found.thresholds.keys()


def test_a_little_more_history_is_not_less_to_judge() -> None:
    once = files(20)
    alone = evaluated_by_counts([replace(file, newer=()) for file in once], seed=1)
    few = evaluated_by_counts(
        [replace(file, newer=((LineRange(1, 1),) if file is once[0] else (),)) for file in once], seed=1
    )
    assert alone.clean > FEWEST_HUNKS
    assert few.clean >= alone.clean


def test_conventions_are_broken_alike_often_however_rare_they_are() -> None:
    evaluation = evaluated_by_counts(files(40), seed=1)
    broken = {kind: sum(r.right for r in evaluation.rows if r.kind == kind) for kind in evaluation.seen}
    assert max(broken.values()) <= BROKEN_EACH
    assert broken["quotes"] > 100
    assert broken["object_base"] > 10


def test_a_deviation_does_not_speak_for_itself() -> None:
    evaluation = evaluated_by_counts(files(40, odd=39), seed=1)
    (lone,) = [r for r in evaluation.rows if r.clean and r.kind == "docstring_quotes" and r.features.counted > 3]
    assert not lone.right


def test_the_same_files_and_seed_give_the_same_exam() -> None:
    assert evaluated_by_counts(files(12), seed=1) == evaluated_by_counts(files(12), seed=1)
    assert evaluated_by_counts(files(12), seed=1) != evaluated_by_counts(files(12), seed=2)


def test_nothing_to_judge() -> None:
    evaluation = evaluated_by_counts([], seed=1)
    assert (evaluation.rows, evaluation.clean, evaluation.newest) == ((), 0, 0)

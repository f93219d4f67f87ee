"""Of many files a fixed part is counted."""

from __future__ import annotations

import pytest

from codetune_git.git.tree import TreeFile
from codetune_git.pipelines.file_sample import MOST_FILES, FileSample, sampled


def paths(number: int) -> list[str]:
    return [f"package/module_{n}.py" for n in range(number)]


def test_few_files_are_all_counted() -> None:
    assert FileSample.of(MOST_FILES).share == 1.0
    assert all(map(FileSample.of(MOST_FILES).holds, paths(MOST_FILES)))


@pytest.mark.parametrize("number", [MOST_FILES + 1, 1603, 20_000])
def test_of_many_files_a_part_is(number: int) -> None:
    counted = sampled(TreeFile(path, "0" * 40) for path in paths(number))
    assert MOST_FILES * 0.4 < len(counted) < MOST_FILES * 1.2


def test_the_part_is_said() -> None:
    assert str(FileSample.of(1603)) == "one file in 4 is counted, drawn by path"
    assert str(FileSample.of(7)) == "every file is counted"


def test_what_is_drawn_stays_drawn_when_fewer_are() -> None:
    half, quarter = FileSample(0.5), FileSample(0.25)
    assert {path for path in paths(400) if quarter.holds(path)} < {path for path in paths(400) if half.holds(path)}

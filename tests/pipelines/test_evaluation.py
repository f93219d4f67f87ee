"""Making the cases of an evaluation: the newest hunks, as many as are wanted, with progress."""

from __future__ import annotations

from random import Random

from support.flow_repository import module

from codetune_git.domain import LineRange
from codetune_git.pipelines.evaluation import drawn_cases
from codetune_git.style.counting import Counts
from codetune_git.suggesting.evaluation.cases import CommittedFile


def _committed(number: int) -> CommittedFile:
    text = module(Random(number), 1).encode()
    lines = text.split(b"\n")
    return CommittedFile(f"{number}.py", text, (LineRange(1, len(lines) - 1),), frozenset(lines), number)


def test_it_ends_with_enough_hunks_and_says_how_far_it_is() -> None:
    """A file that no hunk is wanted of any more is not begun."""
    files, said = [_committed(number) for number in range(6)], list[tuple[float, float, str]]()
    all_ = drawn_cases(files, Counts.of([]), most_hunks=1000, advance=lambda *progress: said.append(progress))
    assert [done for done, _, _ in said] == [number / 6 for number in range(1, 7)]
    assert all(total == 1.0 and note.endswith(" hunks/s") for _, total, note in said)
    hunks = [case.hunk for case in all_ if case.clean]
    said.clear()
    some = drawn_cases(files, Counts.of([]), most_hunks=3, advance=lambda *progress: said.append(progress))
    assert some == all_[: len(some)]
    assert 3 <= sum(case.clean for case in some) < len(hunks)
    assert said[-1][0] >= 1.0

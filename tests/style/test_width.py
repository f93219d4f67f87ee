from __future__ import annotations

from codetune_git.style.counting import Counts
from codetune_git.style.width import line_limit


def counts(**classes: tuple[int, int]) -> Counts:
    """By class of width how many lists stand on one line, and how many are broken."""
    tally = {}
    for name, (flat, broken) in classes.items():
        tally["wrapping", (name, "last"), "flat"] = flat
        tally["wrapping", (name, "last"), "hang_each_close"] = broken
    return Counts.of([tally])


def test_lines_end_where_lists_stop_standing_on_one() -> None:
    assert line_limit(counts(to72=(90, 5), to79=(60, 1), to80=(0, 4), to88=(1, 20)), "python") == 79
    assert line_limit(counts(to80=(40, 1), to88=(30, 2), to100=(0, 9)), "python") == 88


def test_too_few_tell_nothing() -> None:
    assert line_limit(counts(to79=(60, 1), to88=(0, 2)), "python") == 0
    assert line_limit(counts(to79=(60, 0), to120=(5, 4)), "python") == 0
    assert line_limit(counts(to88=(0, 9)), "go") == 0

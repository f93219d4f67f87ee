"""Suggestions taken apart: the parts together are the whole."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.suggestions import suggestion

from codetune_git.tui.splitting import parts

LINES = st.lists(st.sampled_from("abcd"), min_size=1, max_size=8)


def taken(old: list[str], new: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    found = parts(suggestion("a.py", 11, old, new), tuple(new))
    return [(part.lines.first, part.lines.last, part.replacement) for part in found]


def test_each_run_becomes_a_part() -> None:
    assert taken(["a", "b", "c", "d"], ["A", "b", "c", "D"]) == [(11, 11, ("A",)), (14, 14, ("D",))]


def test_an_insertion_takes_the_line_before_it() -> None:
    assert taken(["a", "b", "c"], ["A", "b", "new", "c"]) == [(11, 11, ("A",)), (12, 12, ("b", "new"))]


def test_an_insertion_at_the_start_takes_the_line_after_it() -> None:
    assert taken(["a", "b", "c"], ["new", "a", "b", "C"]) == [(11, 11, ("new", "a")), (13, 13, ("C",))]


def test_a_deletion_is_a_part() -> None:
    assert taken(["a", "b", "c"], ["b", "C"]) == [(11, 11, ()), (13, 13, ("C",))]


def test_what_shares_a_line_is_not_taken_apart() -> None:
    assert taken(["a"], ["x", "a", "y"]) == []


def test_one_run_is_not_taken_apart() -> None:
    assert taken(["a", "b"], ["x", "y"]) == []


@given(LINES, LINES)
def test_parts_are_disjoint_and_make_the_whole(old: list[str], new: list[str]) -> None:
    whole = suggestion("a.py", 11, old, new)
    lines = list(old)
    found = parts(whole, tuple(new))
    assert all(one.lines.last < two.lines.first for one, two in pairwise(found))
    for part in reversed(found):
        first, last = part.lines.first - 11, part.lines.last - 10
        assert tuple(lines[first:last]) == part.original
        lines[first:last] = part.replacement
    assert not found or lines == new

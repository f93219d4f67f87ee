"""Habits as a person reads them: bars as long as the shares, most support first, drift and an example where known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.report.habits import Habit, bar, render_habits, sparkline


def test_a_habit_reads_like_this() -> None:
    habit = Habit("quotes", "quotes of strings", {"double": 3, "single": 9}, "a.py:3  x = 'y'", (0.5, 0.6, 0.75))
    assert render_habits([habit]) == (
        "quotes — quotes of strings\n"
        "  single             ███████████████       75.0%  9\n"
        "  double             █████                 25.0%  3\n"
        "  over time          ▅▅▇  50% to 75%\n"
        "  e.g. a.py:3  x = 'y'\n"
    )


def test_what_is_not_known_has_no_line() -> None:
    assert render_habits([Habit("quotes", "quotes", {"single": 2}, "")]) == (
        "quotes — quotes\n  single             ████████████████████ 100.0%  2\n"
    )


def test_the_best_supported_come_first_with_a_line_between() -> None:
    rare, common = Habit("a", "rare", {"x": 1}, ""), Habit("b", "common", {"x": 5, "y": 4}, "")
    text = render_habits([rare, common])
    assert [line for line in text.split("\n") if line.startswith(("a", "b"))] == ["b — common", "a — rare"]
    assert "\n\na — rare\n" in text
    assert text.endswith("1\n")


def test_nothing_to_count() -> None:
    assert render_habits([]) == "Nothing here to count: no file is in a language that is read.\n"


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0, "        "), (1, "████████"), (0.5, "████    "), (1 / 64, "▏       "), (0.3, "██▍     "), (0.99, "███████▉")],
)
def test_bars_are_exact_to_an_eighth_of_a_column(share: float, expected: str) -> None:
    assert bar(share, 8) == expected


@given(st.floats(0, 1), st.integers(1, 40))
def test_bars_are_always_as_wide(share: float, width: int) -> None:
    assert len(bar(share, width)) == width


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_never_has_a_shorter_bar(one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert len(bar(small).rstrip()) <= len(bar(large).rstrip())


def test_sparklines_go_from_nothing_to_everything() -> None:
    assert sparkline([0.0, 0.124, 0.125, 0.5, 0.999, 1.0]) == "▁▁▂▅██"
    assert sparkline([]) == ""


@given(st.lists(st.floats(0, 1)))
def test_a_sparkline_has_a_character_a_share(shares: list[float]) -> None:
    found = sparkline(shares)
    assert len(found) == len(shares)
    assert [found[i] for i in sorted(range(len(shares)), key=shares.__getitem__)] == sorted(found)

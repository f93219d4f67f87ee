"""Habits as a person reads them: bars as long as the shares, most support first, drift and an example where known."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.domain import Excerpt
from codetune_git.report.habits import RENDERERS, Habit, Written, bar, sparkline

SINGLE = Written("single", "single quotes", 9, Excerpt("a.py", 3, ("    x = 'y'",)))
DOUBLE = Written("double", "double quotes", 3, Excerpt("b.py", 7, ("\tf(", '\t\t"z"', "\t)", "")))


def text(*habits: Habit) -> str:
    return RENDERERS["text"](habits, "c0ffee")


def test_a_habit_reads_like_this() -> None:
    assert text(Habit("quotes", "quotes of strings", (SINGLE, DOUBLE), (0.5, 0.6, 0.75))) == (
        "quotes — quotes of strings\n"
        "  ███████████████       75.0%      9  single quotes\n"
        "      a.py:3  x = 'y'\n"
        "  █████                 25.0%      3  double quotes\n"
        "      b.py:7\n"
        "          f(\n"
        '              "z"\n'
        "          )\n"
        "\n"
        "  over time: ▅▅▇  50% to 75%\n"
    )


def test_what_is_not_known_has_no_line() -> None:
    assert text(Habit("quotes", "quotes", (Written("single", "single quotes", 2),))) == (
        "quotes — quotes\n  ████████████████████ 100.0%      2  single quotes\n"
    )


def test_the_rarest_of_many_ways_are_only_counted() -> None:
    shown = text(Habit("a", "b", tuple(Written(str(n), f"way {n}", 20 - n) for n in range(8))))
    assert shown.endswith("  way 5\n  and 27 written in 2 other ways\n")


def test_a_long_line_is_cut_and_what_acts_on_a_terminal_is_shown() -> None:
    shown = text(Habit("a", "a", (Written("x", "x", 1, Excerpt("\x1b.py", 1, ("word " * 40 + "\x1b",))),)))
    assert "\x1b" not in shown
    assert all(len(line) < 130 for line in shown.split("\n"))
    assert "…\n" in shown


def test_the_best_supported_come_first_with_a_line_between_language_by_language() -> None:
    def habit(name: str, *counts: int) -> Habit:
        return Habit(name, "t", tuple(Written(str(n), str(n), n) for n in counts))

    shown = text(habit("go/a", 6), habit("a", 1), habit("go/b", 1), habit("b", 5, 4))
    assert [line for line in shown.split("\n") if line.endswith("— t")] == ["b — t", "a — t", "go/a — t", "go/b — t"]
    assert "\n\na — t\n" in shown
    assert shown.endswith("1\n")


def test_nothing_to_count() -> None:
    assert text() == "Nothing here to count: no file is in a language that is read.\n"


def test_programs_are_given_the_same() -> None:
    habits = [
        Habit("quotes", "quotes of strings", (SINGLE, DOUBLE), (0.5, 0.75)),
        Habit("a", "b", (Written("x", "y", 1),)),
    ]
    assert json.loads(RENDERERS["json"](habits, "c0ffee")) == {
        "version": 1,
        "commit": "c0ffee",
        "conventions": [
            {
                "name": "quotes",
                "title": "quotes of strings",
                "count": 12,
                "variants": [
                    {
                        "variant": "single",
                        "phrase": "single quotes",
                        "count": 9,
                        "share": 0.75,
                        "example": {"path": "a.py", "line": 3, "lines": ["    x = 'y'"]},
                    },
                    {
                        "variant": "double",
                        "phrase": "double quotes",
                        "count": 3,
                        "share": 0.25,
                        "example": {"path": "b.py", "line": 7, "lines": ["\tf(", '\t\t"z"', "\t)", ""]},
                    },
                ],
                "drift": [0.5, 0.75],
            },
            {
                "name": "a",
                "title": "b",
                "count": 1,
                "variants": [{"variant": "x", "phrase": "y", "count": 1, "share": 1.0, "example": None}],
                "drift": [],
            },
        ],
    }
    assert json.loads(RENDERERS["json"]([], "c0ffee"))["conventions"] == []


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

"""What a replacement changes: lines, columns, sides; and what is shown of hostile characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.tui.difference import Line, difference, side_by_side
from codetune_git.tui.printing import printed


def marked(line: Line) -> str:
    """The changed columns between angle brackets."""
    text = line.text
    for start, end in reversed(line.changed):
        text = f"{text[:start]}<{text[start:end]}>{text[end:]}"
    return f"{line.mark}{text}"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        (["x = 'a'"], ['x = "a"'], ["-x = <'>a<'>", '+x = <">a<">']),
        (["f(a,b)"], ["f(a, b)"], ["-f(a,b)", "+f(a,< >b)"]),
        (["alpha"], ["beta"], ["-alpha", "+beta"]),
        (["a", "same", "b"], ["c", "same"], ["-a", "+c", " same", "-b"]),
        (["\tx"], ["    x"], ["-<→   >x", "+<    >x"]),
        (["x  "], ["x"], ["-x<  >", "+x"]),
        (["x"], [], ["-x"]),
    ],
)
def test_lines_and_columns(old: list[str], new: list[str], shown: list[str]) -> None:
    assert [marked(line) for line in difference(old, (1, len(old)), new, 0)] == shown


def test_numbers_and_context() -> None:
    lines = [f"line {n}" for n in range(1, 21)]
    found = difference(lines, (10, 10), ["ten", "and a half"], 2)
    assert [(line.mark, line.old, line.new) for line in found] == [
        (" ", 8, 8),
        (" ", 9, 9),
        ("-", 10, None),
        ("+", None, 10),
        ("+", None, 11),
        (" ", 11, 12),
        (" ", 12, 13),
    ]


def test_context_ends_with_the_file() -> None:
    assert len(difference(["a", "b"], (1, 1), ["c"], 5)) == 3
    assert len(difference(["a", "b"], (2, 2), ["c"], 5)) == 3


def test_sides_face_each_other() -> None:
    found = difference(["a", "b", "c"], (1, 3), ["x", "y", "c"], 0)
    faced = [(old and old.text, new and new.text) for old, new in side_by_side(found)]
    assert faced == [("a", "x"), ("b", "y"), ("c", "c")]
    more = difference(["a"], (1, 1), ["x", "y"], 0)
    assert [(old and old.text, new and new.text) for old, new in side_by_side(more)] == [("a", "x"), (None, "y")]


@given(st.lists(st.text(max_size=8), min_size=1, max_size=6), st.lists(st.text(max_size=8), max_size=6))
def test_the_marks_tell_both_texts(old: list[str], new: list[str]) -> None:
    found = difference(old, (1, len(old)), new, 3)
    before = [line.text.replace("→", " ") for line in found if line.mark in " -"]
    after = [line.text.replace("→", " ") for line in found if line.mark in " +"]
    assert before == [printed(line).replace("→", " ") for line in old]
    assert after == [printed(line).replace("→", " ") for line in new]
    assert [line.old for line in found if line.old] == list(range(1, len(old) + 1))
    assert [line.new for line in found if line.new] == list(range(1, len(new) + 1))


@given(st.text())
def test_nothing_printed_steers_a_terminal(text: str) -> None:
    shown = printed(text)
    assert not set(shown) & {"\t", "\n", "\r", "\x1b", "\u202e", "\u200b", "\x00"}
    assert len(shown) == len(printed(text, tab="→"))
    shown.encode()


def test_tabs_reach_the_next_stop() -> None:
    assert printed("a\tb\t\tc") == "a   b       c"
    assert printed("\ta", tab="→") == "→   a"

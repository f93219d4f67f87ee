"""Styles of code: by line, with what a string or comment leaves open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.tui.syntax import lexed, recolored

SOURCE = ("def f(x):", '    """Doc', "    more for", '    """', '    return "a" if x else None  # c', "")


def styled(line: str, styles: object) -> dict[str, str]:
    return {line[s.start : s.end]: s.style for s in styles}  # type: ignore[attr-defined]


def test_each_line_has_its_styles() -> None:
    found = lexed("a.py", SOURCE)
    assert styled(SOURCE[0], found.styles[0])["def"] == "$text-accent"
    assert styled(SOURCE[2], found.styles[2]) == {"    more for": "$text-secondary"}
    assert styled(SOURCE[4], found.styles[4])["None"] == "$text-warning"
    assert "for" not in styled(SOURCE[2], found.styles[2])


def test_a_replacement_within_a_string_is_a_string() -> None:
    found = recolored("a.py", SOURCE, lexed("a.py", SOURCE), 2, replacement=["    def for if"])
    assert styled("    def for if", found.styles[0]) == {"    def for if": "$text-secondary"}


def test_a_replacement_of_code_is_code() -> None:
    found = recolored("a.py", SOURCE, lexed("a.py", SOURCE), 4, replacement=["    return 1", "    pass"])
    assert styled("    return 1", found.styles[0])["return"] == "$text-accent"
    assert styled("    pass", found.styles[1])["pass"] == "$text-accent"


@pytest.mark.parametrize("lines", [("x = 1",) * 3, ("x" * 3000,), ()])
def test_what_is_unknown_or_too_long_is_plain(lines: tuple[str, ...]) -> None:
    found = lexed("a.unknown" if len(lines) == 3 else "a.py", lines)
    assert found.styles == ((),) * len(lines)


@given(
    st.sampled_from(["a.py", "a.js", "a.go", "a.html"]),
    st.lists(st.text(st.characters(blacklist_characters="\n")), max_size=8),
)
def test_every_text_has_as_many_lines_of_styles(path: str, lines: list[str]) -> None:
    found = lexed(path, lines)
    assert len(found.styles) == len(found.safe) == len(lines)
    assert all(s.start < s.end <= len(line) for line, styles in zip(lines, found.styles, strict=True) for s in styles)
    assert all(at <= number for number, at in enumerate(found.safe))

"""What a coding agent is told: at most ten lines, each with its place, whatever the texts hold."""

from __future__ import annotations

from hypothesis import given
from report.staged_cases import cases, findings
from support.suggestions import suggestion

from codetune_git.domain import Suggestion
from codetune_git.report.agent import MOST_LINES, instructions
from codetune_git.report.text import visible


def test_what_where_and_why() -> None:
    found = suggestion("pkg/mod.py", 2, ["def f():", '    x = "a"'], ["def f():", "    x = 'a'"])
    assert instructions(findings(found)) == (
        "codetune: 1 place to write as this repository does; mend what you wrote:\n"
        "pkg/mod.py:3: write `x = 'a'` for `x = \"a\"` (quotes: single quotes, 412 of 418 here)\n"
        "`git codetune check --fix` mends 1 of 1: proven to mean the same\n"
    )


def test_lines_that_come_and_go() -> None:
    gone, new = suggestion("a.py", 2, ["a", "", "b"], ["a", "b"]), suggestion("a.py", 7, ["a", "b"], ["a", "", "b"])
    assert [line.partition(" (")[0] for line in instructions(findings(gone, new)).splitlines()[1:3]] == [
        "a.py:3: delete an empty line",
        "a.py:8: insert an empty line before it",
    ]


def test_the_surest_where_there_are_many() -> None:
    found = [suggestion("a.py", n, [f"x{n}"], [f"y{n}"], confidence=0.5 + n / 100) for n in range(1, 41)]
    lines = instructions(findings(*found)).splitlines()
    assert len(lines) == MOST_LINES
    assert [line.partition(":")[2].partition(":")[0] for line in lines[1:-2]] == [str(n) for n in range(34, 41)]
    assert lines[-2] == "and 33 more: git codetune check"


def test_nothing_to_mend_is_nothing_said() -> None:
    assert instructions(findings()) == ""


@given(cases())
def test_any_text_stays_on_its_line(case: tuple[bytes, tuple[Suggestion, ...]]) -> None:
    _, found = case
    text = instructions(findings(*found))
    assert len(text.split("\n")) <= MOST_LINES + 1
    assert all(visible(line) == line for line in text.split("\n"))

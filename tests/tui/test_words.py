"""The words and bars around the code."""

from __future__ import annotations

import pytest
from tui.reviewing import PRECEDENTS, findings

from codetune_git.domain import Support, Verification
from codetune_git.tui.choices import Edited
from codetune_git.tui.why import why
from codetune_git.tui.wording import bar, percent, shortened


def reasons(*, width: int = 78, height: int = 6, **changes: object) -> list[str]:
    (one,) = findings("a.py", 3, **changes).suggestions
    return why(one, Edited(one.replacement, one.verification), width=width, height=height, key="g").plain.split("\n")


def test_all_reasons_are_given() -> None:
    lines = reasons(kinds=("quotes", "wrapping"), precedents=PRECEDENTS)
    assert lines == [
        "convention  quotes: single quotes, also wrapping",
        "confidence  97 %  ███████████████████░",
        "support     agree 412 ████████████████████   differ 6 █░░░░░░░░░░░░░░░░░░░",
        "verified    safe: proven to mean the same",
        "precedents  pkg/old.py:30  name = 'line 30'  (a1b2c3d4)",
        "            g shows 2 more and where they stand",
    ]


def test_with_more_room_more_precedents() -> None:
    lines = reasons(height=9, precedents=PRECEDENTS)
    assert [line[12:23] for line in lines[4:]] == ["pkg/old.py:", "pkg/older.p", "pkg/gone.py", "g shows whe"]


@pytest.mark.parametrize("verification", Verification)
def test_what_is_proven_is_said_in_words(verification: Verification) -> None:
    assert reasons(verification=verification)[3].startswith(f"verified    {verification.value}: ")


def test_what_is_missing_is_said() -> None:
    lines = reasons(precedents=(), support=Support(0, 0), kind="rewrite", kinds=("rewrite",), phrase="")
    assert lines[0] == "convention  rewrite"
    assert lines[2] == "support     nothing comparable was counted here"
    assert lines[4:] == ["precedents  none at hand"]


@pytest.mark.parametrize("width", [30, 60, 78, 116])
def test_no_reason_is_wider_than_the_screen(width: int) -> None:
    lines = reasons(width=width, support=Support(1234567, 7654321), precedents=PRECEDENTS)
    assert len(lines) == 6
    assert all(len(line) <= width for line in lines)


def test_bars_show_that_there_is_anything() -> None:
    assert [bar(share, 4) for share in (0, 0.001, 0.5, 1)] == ["░░░░", "█░░░", "██░░", "████"]


def test_a_model_is_never_sure() -> None:
    assert percent(findings("a.py", 1, confidence=1.0).suggestions[0]) == "99 %"


def test_of_a_long_path_the_end_is_kept() -> None:
    assert shortened("very/long/path.py", 10) == "…g/path.py"
    assert shortened("path.py", 10) == "path.py"

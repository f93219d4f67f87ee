"""Each key that decides something, in the real app: what is decided after it, and where one is."""

from __future__ import annotations

import pytest
from tui.reviewing import (
    ACCEPTED,
    REJECTED,
    FixedBackend,
    decided,
    findings,
    outcome,
    reviewing,
    runs_file,
    screen,
    three_files,
    until,
)

from codetune_git.domain import LineRange, Verification

pytestmark = pytest.mark.asyncio


async def test_y_accepts_and_goes_on() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y")
        assert app.session.current_id == "a.py:20"
        await pilot.press("q")
    assert outcome(app.return_value or ()) == [("a.py:3", ACCEPTED)]


async def test_n_rejects_and_goes_on() -> None:
    assert await decided(three_files(), "y", "n", "y") == [
        ("a.py:3", ACCEPTED),
        ("a.py:20", REJECTED),
        ("b.py:7", ACCEPTED),
    ]


async def test_the_text_that_was_suggested_is_what_is_accepted() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y", "n", "q")
    accepted, rejected = app.return_value or ()
    assert accepted.replacement == ("name = 'line 3'",)
    assert rejected.replacement == rejected.suggestion.replacement


async def test_decisions_come_in_the_order_of_files_and_lines() -> None:
    assert await decided(three_files(), "J", "J", "y", "J", "n", "K", "j", "y") == [
        ("a.py:20", ACCEPTED),
        ("b.py:7", REJECTED),
        ("c.py:1", ACCEPTED),
    ]


async def test_nothing_is_decided_by_leaving() -> None:
    assert await decided(three_files()) == []


async def test_a_accepts_this_and_all_undecided_of_the_file() -> None:
    assert await decided(three_files(), "a") == [("a.py:3", ACCEPTED), ("a.py:20", ACCEPTED)]


async def test_a_leaves_what_is_decided_but_takes_the_current_one() -> None:
    files = (findings("a.py", 1, 2, 3, 4),)
    assert await decided(files, "n", "n", "k", "a") == [
        ("a.py:1", REJECTED),
        ("a.py:2", ACCEPTED),
        ("a.py:3", ACCEPTED),
        ("a.py:4", ACCEPTED),
    ]


async def test_d_rejects_the_file_and_goes_to_the_next() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y", "d")
        assert app.session.current_id == "b.py:7"
        await pilot.press("q")
    assert outcome(app.return_value or ()) == [("a.py:3", ACCEPTED), ("a.py:20", REJECTED)]


async def test_space_accepts_and_makes_undecided_without_moving() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("space")
        assert outcome(app.session.decisions) == [("a.py:3", ACCEPTED)]
        assert app.session.current_id == "a.py:3"
        await pilot.press("space")
        assert app.session.decisions == ()
        await pilot.press("n", "k", "space")
        assert outcome(app.session.decisions) == [("a.py:3", ACCEPTED)]


async def test_u_undoes_one_after_the_other_and_a_file_at_once() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y", "n", "a", "u")
        assert outcome(app.session.decisions) == [("a.py:3", ACCEPTED), ("a.py:20", REJECTED)]
        assert app.session.current_id == "b.py:7"
        await pilot.press("u", "u")
        assert app.session.decisions == ()
        assert app.session.current_id == "a.py:3"
        await pilot.press("u")
        assert "there is nothing to undo" in screen(app)


async def test_s_takes_separate_runs_apart() -> None:
    backend = FixedBackend(proven={("name = 'line 4'",): Verification.RENAME})
    async with reviewing([runs_file()], backend=backend) as (app, pilot):
        await pilot.press("s")
        await until(lambda: len(app.session.listed) == 2, pilot)
        assert "taken apart into 2 suggestions" in screen(app)
        first, second = app.session.listed
        assert (first.id, first.lines, first.replacement) == ("whole.1", LineRange(2, 2), ("name = 'line 2'",))
        assert (second.id, second.lines, second.original) == ("whole.2", LineRange(4, 4), ('name = "line 4"',))
        assert (first.verification, second.verification) == (Verification.SAFE, Verification.RENAME)
        await pilot.press("n", "y", "q")
    assert outcome(app.return_value or ()) == [("whole.1", REJECTED), ("whole.2", ACCEPTED)]


async def test_s_is_undone_as_one_step() -> None:
    async with reviewing([runs_file()]) as (app, pilot):
        await pilot.press("s")
        await until(lambda: len(app.session.listed) == 2, pilot)
        await pilot.press("y", "u", "u")
        assert [s.id for s in app.session.listed] == ["whole"]
        assert app.session.current_id == "whole"


async def test_s_says_that_parts_cannot_stand_alone() -> None:
    backend = FixedBackend(proven={("name = 'line 4'",): None})
    async with reviewing([runs_file()], backend=backend) as (app, pilot):
        await pilot.press("s")
        await until(lambda: "the parts cannot stand alone" in screen(app), pilot)
        assert [s.id for s in app.session.listed] == ["whole"]


async def test_s_says_that_there_is_nothing_to_take_apart() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("s")
        await pilot.pause()
        assert "cannot be taken apart" in screen(app)
        assert len(app.session.listed) == 5


async def test_the_end_is_said_and_does_not_leave() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("a", "d", "y")
        await pilot.pause()
        assert "all 5 decided: q writes the 3 accepted, u undoes" in screen(app)
        assert app.is_running
        await pilot.press("u")
        await pilot.pause()
        assert "decided:" not in screen(app)


async def test_the_end_with_nothing_accepted() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("d", "d", "d")
        await pilot.pause()
        assert "all 5 decided: q writes nothing, u undoes" in screen(app)


async def test_what_was_passed_over_comes_back_at_the_end() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("j", "y", "y", "y", "y")
        assert app.session.current_id == "a.py:3"


async def test_ctrl_c_leaves_without_decisions() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y", "ctrl+c")
        await pilot.pause()
    assert app.return_value is None
    assert not app.is_running


@pytest.mark.parametrize("window", ["e", "g", "f", "question_mark", "slash"])
async def test_ctrl_c_leaves_from_every_window(window: str) -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("y", window)
        await pilot.pause()
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app._exit
    assert app.return_value is None

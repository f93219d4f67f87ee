"""The windows over the main screen, in the real app: help, editor, precedents, filter."""

from __future__ import annotations

import pytest
from textual.widgets import TextArea
from tui.reviewing import ACCEPTED, PRECEDENTS, FixedBackend, findings, outcome, reviewing, screen, three_files, until

from codetune_git.domain import Verification
from codetune_git.tui.keys import ACTIONS

pytestmark = pytest.mark.asyncio


async def test_help_shows_every_action_and_escape_closes_it() -> None:
    async with reviewing(three_files(), size=(100, 60)) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        shown = screen(app)
        assert all(action.says in shown for action in ACTIONS)
        assert "ctrl+c" in shown
        await pilot.press("y", "escape")
        await pilot.pause()
        assert "Decide" not in screen(app)
        assert app.session.decisions == ()


async def test_help_scrolls_to_its_end_on_a_small_screen() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert ACTIONS[-1].says not in screen(app)
        await pilot.press(*["pagedown"] * 4)
        await pilot.pause()
        assert ACTIONS[-1].says in screen(app)


async def test_an_edited_text_is_verified_and_accepted() -> None:
    backend = FixedBackend(proven={("# Xname = 'line 3'",): Verification.UNSAFE})
    async with reviewing(three_files(), backend=backend) as (app, pilot):
        await pilot.press("e", "#", "space", "X", "ctrl+s")
        await until(lambda: bool(app.session.decisions), pilot)
        (decision,) = app.session.decisions
        assert decision.replacement == ("# Xname = 'line 3'",)
        assert decision.verdict is ACCEPTED
        assert app.session.current_id == "a.py:3"
        shown = screen(app)
        assert "your text is accepted, unsafe" in shown
        assert "accepted, edited" in shown
        assert "+ # Xname = 'line 3'" in shown
        assert "not proven to mean the same" in shown
    assert backend.asked[0][0].id == "a.py:3"


async def test_an_edited_text_stays_when_it_is_rejected_and_accepted_again() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("e", "X", "ctrl+s")
        await until(lambda: bool(app.session.decisions), pilot)
        await pilot.press("n", "k")
        assert app.session.decisions[0].replacement == ("name = 'line 3'",)
        await pilot.press("y")
        assert app.session.decisions[0].replacement == ("Xname = 'line 3'",)
        await pilot.press("u", "u", "u", "y")
        assert app.session.decisions[0].replacement == ("name = 'line 3'",)


async def test_a_text_that_does_not_parse_is_refused_and_stays() -> None:
    backend = FixedBackend(proven={("(name = 'line 3'",): None})
    async with reviewing(three_files(), backend=backend) as (app, pilot):
        await pilot.press("e", "left_parenthesis", "ctrl+s")
        await until(lambda: "does not parse" in screen(app), pilot)
        assert app.screen.query_one(TextArea).text == "(name = 'line 3'"
        assert app.session.decisions == ()
        await pilot.press("backspace", "X", "ctrl+s")
        await until(lambda: bool(app.session.decisions), pilot)
        assert len(backend.asked) == 2


async def test_escape_leaves_the_editor_and_everything_as_it_was() -> None:
    backend = FixedBackend()
    async with reviewing(three_files(), backend=backend) as (app, pilot):
        await pilot.press("e", "X", "escape")
        await pilot.pause()
        assert app.session.decisions == ()
        assert app.session.choices.edits == {}
        await pilot.press("y")
        assert app.session.decisions[0].replacement == ("name = 'line 3'",)
    assert backend.asked == []


async def test_a_text_of_several_lines_and_of_none() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("e", "a", "enter", "ctrl+s")
        await until(lambda: bool(app.session.decisions), pilot)
        assert app.session.decisions[0].replacement == ("a", "name = 'line 3'")
        await pilot.press("e")
        await pilot.pause()
        app.screen.query_one(TextArea).clear()
        await pilot.press("ctrl+s")
        await until(lambda: app.session.decisions[0].replacement == (), pilot)


async def test_the_lines_as_they_are_and_unseen_characters_are_refused() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        area = app.screen.query_one(TextArea)
        area.text = 'name = "line 3"'
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "these are the lines as they are" in screen(app)
        area.text = "name = '\u202e'"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "characters that cannot be seen" in screen(app)
        assert app.session.decisions == ()


async def test_precedents_are_shown_in_their_files_in_turn() -> None:
    files = {"pkg/old.py": tuple(f"old line {n}" for n in range(1, 60)), "pkg/older.py": ("first", "second")}
    async with reviewing([findings("a.py", 3, precedents=PRECEDENTS)], backend=FixedBackend(files)) as (app, pilot):
        await pilot.press("g")
        await until(lambda: "> old line 30" in screen(app), pilot)
        assert "precedent 1/3 · pkg/old.py:30 in a1b2c3d4" in screen(app)
        await pilot.press("n")
        await until(lambda: "> second" in screen(app), pilot)
        await pilot.press("tab")
        await until(lambda: "the file cannot be read" in screen(app), pilot)
        assert "name = 'gone'" in screen(app)
        await pilot.press("n")
        await until(lambda: "> old line 30" in screen(app), pilot)
        await pilot.press("p", "shift+tab")
        await until(lambda: "> second" in screen(app), pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "suggestion 1/1" in screen(app)
        assert app.session.decisions == ()


async def test_a_precedent_scrolls() -> None:
    files = {"pkg/old.py": tuple(f"old line {n}" for n in range(1, 60))}
    async with reviewing([findings("a.py", 3, precedents=PRECEDENTS)], backend=FixedBackend(files)) as (app, pilot):
        await pilot.press("g")
        await until(lambda: "> old line 30" in screen(app), pilot)
        await pilot.press(*["pagedown"] * 5, "up")
        await pilot.pause()
        assert "old line 58" in screen(app)


async def test_without_a_precedent_that_is_said() -> None:
    async with reviewing([findings("a.py", 3, precedents=())]) as (app, pilot):
        await pilot.press("g")
        await pilot.pause()
        assert "there is no precedent to show" in screen(app)


async def test_a_hidden_kind_is_neither_shown_nor_touched() -> None:
    files = [findings("a.py", 3, 5), findings("a2.py", 1, kind="wrapping"), findings("b.py", 2)]
    mixed = [files[0], files[1], findings("a.py", 9, kind="wrapping"), files[2]]
    async with reviewing(mixed) as (app, pilot):
        await pilot.press("f", "down", "space", "enter")
        await pilot.pause()
        assert [s.id for s in app.session.shown] == ["a.py:3", "a.py:5", "b.py:2"]
        assert "the filter hides 2 of 5" in screen(app)
        await pilot.press("a", "y")
        await pilot.pause()
        assert outcome(app.session.decisions) == [("a.py:3", ACCEPTED), ("a.py:5", ACCEPTED), ("b.py:2", ACCEPTED)]
        assert "all 3 shown are decided: q writes the 3 accepted, u undoes, f shows 2 more" in screen(app)


async def test_only_confident_suggestions() -> None:
    files = [findings("a.py", 3, confidence=0.6), findings("b.py", 2, confidence=0.95)]
    async with reviewing(files) as (app, pilot):
        await pilot.press("f", "tab", "backspace", "9", "0")
        await pilot.pause()
        assert "shows 1 of 2 suggestions" in screen(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.session.current_id == "b.py:2"
        await pilot.press("f", "tab", "backspace", "backspace", "9", "9", "enter")
        await pilot.pause()
        assert "the filter hides all 2: f changes it" in screen(app)
        await pilot.press("y", "a", "e", "s", "g", "j", "J", "space")
        assert app.session.decisions == ()


async def test_the_filter_is_left_as_it_was_by_escape_and_keeps_its_ticks() -> None:
    async with reviewing([findings("a.py", 3), findings("b.py", 2, kind="wrapping")]) as (app, pilot):
        await pilot.press("f", "space", "escape")
        await pilot.pause()
        assert len(app.session.shown) == 2
        await pilot.press("f", "space", "enter", "f")
        await pilot.pause()
        assert "[ ] quotes (1)" in screen(app)
        assert "[x] wrapping (1)" in screen(app)
        await pilot.press("a")
        await pilot.pause()
        assert "[x] quotes (1)" in screen(app)
        await pilot.press("a", "enter")
        assert app.session.shown == ()


async def test_a_click_ticks() -> None:
    async with reviewing([findings("a.py", 3), findings("b.py", 2, kind="wrapping")]) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        await pilot.click("#kinds", offset=(3, 1))
        await pilot.press("enter")
        assert [s.id for s in app.session.shown] == ["a.py:3"]

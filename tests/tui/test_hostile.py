"""Texts that could break a screen: markup, control and bidi characters, surrogates, tabs, wide and very long lines."""

from __future__ import annotations

import pytest
from support.suggestions import suggestion
from tui.reviewing import FixedBackend, reviewing, screen, until

from codetune_git.domain import FileFindings, Precedent
from codetune_git.tui.app import ReviewApp

pytestmark = pytest.mark.asyncio

HOSTILE = {
    "markup": "[red]x[/red] [@click=app.quit]y[/] [/] [",
    "escapes": "\x1b[2J\x1b]0;title\x07\x00\x7f\x9b31m",
    "bidi": "\u202eabc\u2066def\u200b\ufeff",
    "surrogate": "caf\udce9 \ud800",
    "returns": "a\rb\x0bc\x0cd\u2028e\x85f",
    "tabs": "\ta\tb\t\tc",
    "wide": "漢字かな 🎉 e\u0301",
    "long": "x = " + "y + " * 20000,
}
STEERING = {chr(n) for n in [*range(32), *range(0x7F, 0xA0), 0x2028, 0x202E, 0x2066, 0x200B, 0xFEFF]} - {"\n"}


def hostile_file(text: str) -> FileFindings:
    precedents = (Precedent(f"old/{text[:40]}.py", 1, text[:40], text),)
    one = suggestion(
        f"dir/{text[:40]}.py",
        2,
        [text, "b"],
        [f"{text}!", "c"],
        kind=text[:20],
        kinds=(text[:20], text[:30]),
        phrase=text[:20],
        precedents=precedents,
        id="hostile",
    )
    return FileFindings(one.path, ("first", text, "b", text), (one,))


def assert_calm(app: ReviewApp, size: tuple[int, int]) -> str:
    """Nothing steers the terminal, every row is as wide as the screen, all of it can be written out."""
    strips = app.screen._compositor.render_strips()
    assert [strip.cell_length for strip in strips] == [size[0]] * size[1]
    shown = screen(app)
    assert not set(shown) & STEERING
    shown.encode()
    return shown


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
@pytest.mark.parametrize("name", HOSTILE)
async def test_no_text_breaks_a_screen(name: str, size: tuple[int, int]) -> None:
    text = HOSTILE[name]
    backend = FixedBackend({f"old/{text[:40]}.py": (text, text)})
    async with reviewing([hostile_file(text)], backend=backend, size=size) as (app, pilot):
        assert_calm(app, size)
        for presses in (["vertical_line"], ["right", "right"], ["slash", "x", "escape"], ["question_mark"], ["escape"]):
            await pilot.press(*presses)
            await pilot.pause()
            assert_calm(app, size)
        await pilot.press("f")
        await pilot.pause()
        assert_calm(app, size)
        await pilot.press("escape", "e")
        await pilot.pause()
        assert_calm(app, size)
        await pilot.press("escape", "g")
        await until(lambda: "reading the file" not in screen(app), pilot)
        assert_calm(app, size)
        await pilot.press("escape", "s", "y", "q")
    assert [decision.replacement for decision in app.return_value or ()] == [(f"{text}!", "c")]


async def test_markup_is_shown_as_it_stands() -> None:
    async with reviewing([hostile_file("[red]x[/red]")], size=(160, 50)) as (app, pilot):
        assert screen(app).count("[red]x[/red]") >= 8
        await pilot.press("e")
        await pilot.pause()
        assert "dir/[red]x[/red].py:2" in screen(app)


async def test_what_cannot_be_seen_cannot_be_edited() -> None:
    async with reviewing([hostile_file("a\x1b[2J")]) as (app, pilot):
        await pilot.press("e")
        await pilot.pause()
        assert "cannot be seen: edit the file itself" in screen(app)


async def test_a_tab_and_blanks_that_look_like_it_are_told_apart() -> None:
    file = FileFindings("a.py", ("\tx = 1",), (suggestion("a.py", 1, ["\tx = 1"], ["    x = 1"]),))
    async with reviewing([file]) as (app, _):
        assert "- →   x = 1" in screen(app)
        assert "+     x = 1" in screen(app)


async def test_a_tab_in_an_edited_text_stays_a_tab() -> None:
    file = FileFindings("a.py", ("\tx = 1",), (suggestion("a.py", 1, ["\tx = 1"], ["\tx = 2"]),))
    async with reviewing([file]) as (app, pilot):
        await pilot.press("e", "end", "3", "ctrl+s")
        await until(lambda: bool(app.session.decisions), pilot)
        assert app.session.decisions[0].replacement == ("\tx = 23",)


async def test_a_suggestion_beyond_the_end_of_its_lines_is_shown_all_the_same() -> None:
    file = FileFindings("a.py", (), (suggestion("a.py", 7, ["x"], ["y"]),))
    async with reviewing([file]) as (app, _):
        assert "+ y" in screen(app)


async def test_any_size_of_the_terminal_will_do() -> None:
    async with reviewing([hostile_file("x = [red]")]) as (app, pilot):
        for size in ((1, 1), (20, 6), (40, 12), (79, 23), (110, 16), (300, 90), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause(0.05)
            await pilot.press("vertical_line", "right", "j", "question_mark")
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
            assert_calm(app, size)

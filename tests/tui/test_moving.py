"""Moving about in the real app: keys, mouse, search. Moving decides nothing."""

from __future__ import annotations

import pytest
from support.suggestions import suggestion
from tui.reviewing import FixedBackend, findings, reviewing, screen, three_files

from codetune_git.domain import FileFindings

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("presses", "there"),
    [
        (["j"], "a.py:20"),
        (["down", "down"], "b.py:7"),
        (["j", "j", "k"], "a.py:20"),
        (["j", "up"], "a.py:3"),
        (["k"], "a.py:3"),
        (["j"] * 9, "c.py:1"),
        (["J"], "b.py:7"),
        (["j", "J"], "b.py:7"),
        (["J", "J"], "c.py:1"),
        (["J", "J", "J"], "c.py:1"),
        (["J", "j", "K"], "a.py:3"),
        (["K"], "a.py:3"),
    ],
)
async def test_keys_move(presses: list[str], there: str) -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press(*presses)
        assert app.session.current_id == there
        assert app.session.decisions == ()


async def test_the_place_is_said() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("j", "j", "n", "k")
        await pilot.pause()
        assert "file 2/3 · suggestion 3/5 · ✗ rejected" in screen(app)
        assert "b.py:7" in screen(app)


async def test_a_click_selects_a_suggestion() -> None:
    async with reviewing(three_files(), size=(160, 50)) as (app, pilot):
        # Rows: a.py, its two, b.py, its two, …
        await pilot.click("#list", offset=(5, 4))
        assert app.session.current_id == "b.py:7"
        await pilot.click("#list", offset=(5, 3))
        assert app.session.current_id == "b.py:7"
        await pilot.click("#list", offset=(5, 30))
        assert app.session.current_id == "b.py:7"


async def test_a_click_on_the_bar_does_what_the_key_does() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.click("#keys", offset=(2, 0))
        assert [d.suggestion.id for d in app.session.decisions] == ["a.py:3"]


async def test_a_click_finds_its_row_in_a_list_that_is_scrolled() -> None:
    files = [findings(f"file{n}.py", 1, 2, 3) for n in range(40)]
    async with reviewing(files, size=(160, 50)) as (app, pilot):
        await pilot.press(*["J"] * 39)
        await pilot.pause()
        assert "file39.py" in screen(app)
        rows = app.query_one("#list").size.height
        # The current one is the first of the last file; below it stand its two others.
        await pilot.click("#list", offset=(5, rows - 1))
        await pilot.pause()
        assert app.session.current_id in {"file39.py:2", "file39.py:3"}


async def test_the_list_shows_the_current_one_when_the_terminal_gets_wide() -> None:
    async with reviewing([findings(f"file{n}.py", 1) for n in range(90)]) as (app, pilot):
        await pilot.press(*["J"] * 80)
        await pilot.resize_terminal(160, 50)
        await pilot.pause(0.1)
        assert any(line.startswith(">") for line in screen(app).splitlines())
        assert "file80.py" in screen(app)


async def test_search_goes_to_the_first_match_while_typing_and_on_with_enter() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("slash", *"B.PY")
        await pilot.pause()
        assert app.session.current_id == "b.py:7"
        assert "2 found" in screen(app)
        await pilot.press("enter")
        assert app.session.current_id == "b.py:9"
        await pilot.press("enter")
        assert app.session.current_id == "b.py:7"
        await pilot.press("escape", "j")
        assert app.session.current_id == "b.py:9"


async def test_search_looks_into_kind_and_text_and_types_keys_as_letters() -> None:
    async with reviewing([*three_files(), findings("d.py", 2, kind="wrapping")]) as (app, pilot):
        await pilot.press("slash", *"wrapping")
        assert app.session.current_id == "d.py:2"
        await pilot.press("escape", "slash", *"line 20")
        assert app.session.current_id == "a.py:20"
        assert app.session.decisions == ()


async def test_search_without_a_match_stays_and_says_so() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("slash", *"nowhere", "enter")
        await pilot.pause()
        assert "not found" in screen(app)
        assert app.session.current_id == "a.py:3"


def long_line(new: str) -> FileFindings:
    old = f"value = {'1234567890' * 12}"
    return FileFindings("long.py", (old,), (suggestion("long.py", 1, [old], [new.format(old=old)]),))


async def test_long_lines_scroll_sideways_and_back() -> None:
    async with reviewing([long_line("{old[0]}{old}END")]) as (app, pilot):
        assert "value = " in screen(app)
        assert "END" not in screen(app)
        await pilot.press(*["right"] * 12)
        await pilot.pause()
        assert "END" in screen(app)
        assert "1 + " in screen(app)
        await pilot.press(*["l"], *["h"] * 13)
        await pilot.pause()
        assert "value = " in screen(app)


@pytest.mark.parametrize("presses", [[], ["vertical_line"]])
@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_a_change_far_to_the_right_is_seen_at_once(size: tuple[int, int], presses: list[str]) -> None:
    async with reviewing([long_line("{old} + END")], size=size) as (app, pilot):
        await pilot.press(*presses)
        await pilot.pause()
        assert "END" in screen(app)


async def test_pages_scroll_a_long_suggestion() -> None:
    old = [f"a{n} = 1" for n in range(60)]
    file = FileFindings("long.py", tuple(old), (suggestion("long.py", 1, old, [f"{line}0" for line in old]),))
    async with reviewing([file], backend=FixedBackend()) as (app, pilot):
        assert "a0 = 1" in screen(app)
        await pilot.press(*["pagedown"] * 20)
        await pilot.pause()
        assert "a59 = 10" in screen(app)
        await pilot.press(*["pageup"] * 20)
        await pilot.pause()
        assert "a0 = 1" in screen(app)


async def test_the_bar_changes_between_unified_and_side_by_side() -> None:
    async with reviewing(three_files(), size=(160, 50)) as (app, pilot):
        assert not any("- name" in line and "+ name" in line for line in screen(app).splitlines())
        await pilot.press("vertical_line")
        await pilot.pause()
        assert any("- name" in line and "+ name" in line for line in screen(app).splitlines())
        await pilot.press("vertical_line")
        await pilot.pause()
        assert "below each other" in screen(app)


async def test_side_by_side_needs_room_and_takes_it_when_it_comes() -> None:
    async with reviewing(three_files()) as (app, pilot):
        await pilot.press("vertical_line")
        await pilot.pause()
        assert "side by side needs 100 columns for the code, here are 80" in screen(app)
        assert not any("- name" in line and "+ name" in line for line in screen(app).splitlines())
        await pilot.resize_terminal(160, 50)
        await pilot.pause(0.1)
        assert any("- name" in line and "+ name" in line for line in screen(app).splitlines())

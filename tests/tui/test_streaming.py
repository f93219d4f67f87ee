"""Suggestions that come while one looks: the screen is there at once, failures end the app and are raised."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from tui.reviewing import FixedBackend, findings, reviewing, screen, slowly, three_files, until

from codetune_git.domain import FileFindings
from codetune_git.tui.app import ReviewApp
from codetune_git.tui.keys import bound

pytestmark = pytest.mark.asyncio


def app_for(files: Iterator[FileFindings], total: int) -> ReviewApp:
    return ReviewApp(files, FixedBackend(), total=total, keys=bound({}))


async def test_the_screen_is_there_before_the_first_file_and_keys_work_between_files() -> None:
    gates = [threading.Event() for _ in range(5)]
    app = app_for(slowly(three_files(), iter([gate.wait for gate in gates])), 4)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "looked at 0 of 4 files…" in screen(app)
        assert "no suggestion so far, still looking…" in screen(app)
        await pilot.press("y", "n", "a", "space", "e", "s", "g", "f", "u", "j", "slash", "x", "escape")
        gates[0].set()
        await until(lambda: app.session.seen == 1, pilot)
        assert "looked at 1 of 4 files…" in screen(app)
        await pilot.press("y", "y")
        await pilot.pause()
        assert "all decided so far, waiting for more…" in screen(app)
        gates[1].set()
        await until(lambda: app.session.seen == 2, pilot)
        assert "looked at 2 of 4 files…" in screen(app)
        assert app.session.current_id == "a.py:20"
        gates[2].set()
        await until(lambda: app.session.seen == 3, pilot)
        assert app.session.current_id == "b.py:7"  # who waited is taken to what comes
        await pilot.press("k")
        gates[3].set()
        await until(lambda: app.session.finished, pilot)
        assert app.session.current_id == "a.py:20"  # who looks at something is left there
        assert "looked at 4 files" in screen(app)


async def test_what_was_decided_before_the_end_counts_when_leaving_early() -> None:
    gates = [threading.Event() for _ in range(4)]
    app = app_for(slowly(three_files(), iter([gate.wait for gate in gates])), 4)
    async with app.run_test() as pilot:
        gates[0].set()
        await until(lambda: app.session.seen == 1, pilot)
        await pilot.press("y", "q")
        await pilot.pause()
        for gate in gates:
            gate.set()
    assert [d.suggestion.id for d in app.return_value or ()] == ["a.py:3"]


async def test_what_was_said_stays_when_a_file_comes() -> None:
    gate = threading.Event()
    app = app_for(slowly([findings("a.py", 1)], iter([gate.wait])), 1)
    async with app.run_test() as pilot:
        await pilot.press("u")
        gate.set()
        await until(lambda: app.session.finished, pilot)
        assert "there is nothing to undo" in screen(app)
        await pilot.press("j")
        await pilot.pause()
        assert "there is nothing to undo" not in screen(app)


async def test_no_suggestion_at_all_is_said() -> None:
    async with reviewing([findings("a.py"), findings("b.py")]) as (app, _):
        assert "nothing to suggest in 2 files: q leaves" in screen(app)


async def test_no_file_at_all() -> None:
    async with reviewing([]) as (app, pilot):
        assert "nothing to suggest in 0 files: q leaves" in screen(app)
        await pilot.press("q")
    assert app.return_value == ()


async def test_an_exception_from_the_files_ends_the_app_and_is_kept() -> None:
    def failing() -> Iterator[FileFindings]:
        yield findings("a.py", 3)
        raise OSError("the index is gone")

    app = app_for(failing(), 2)
    async with app.run_test() as pilot:
        await until(lambda: app.failure is not None, pilot)
    assert isinstance(app.failure, OSError)
    assert app.return_value is None


async def test_an_exception_from_the_desk_ends_the_app_and_is_kept_unwrapped() -> None:
    class BrokenDesk(FixedBackend):
        def precedent(self, precedent: object) -> tuple[str, ...]:
            raise ValueError("no such commit")

    app = ReviewApp(iter(three_files()), BrokenDesk(), total=4, keys=bound({}))

    async def look_at_a_precedent() -> None:
        async with app.run_test() as pilot:
            await until(lambda: app.session.finished, pilot)
            await pilot.press("g")
            await until(lambda: app.failure is not None, pilot)

    # Pilot raises what Textual saw; what `review` raises is the failure itself, and nothing is printed.
    with pytest.raises(Exception, match="no such commit"):
        await look_at_a_precedent()
    assert isinstance(app.failure, ValueError)
    assert app._exit_renderables == []

"""Keys by wish: what replaces what, what is refused, and that the app and its words follow."""

from __future__ import annotations

import pytest
from tui.reviewing import ACCEPTED, outcome, reviewing, screen, three_files

from codetune_git.errors import UsageError
from codetune_git.tui.key_bar import fitting
from codetune_git.tui.keys import ACTIONS, bound


def test_each_action_has_keys_of_its_own() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("wish", "keys"),
    [
        ("Y", ("Y",)),
        ("ctrl+y", ("ctrl+y",)),
        ("F2", ("f2",)),
        ("shift+x", ("X",)),
        ("question_mark,y", ("?", "y")),
        (",", (",",)),
        ("comma", (",",)),
        ("enter, +", ("enter", "+")),
        ("alt+a", ("alt+a",)),
    ],
)
def test_a_wish_replaces_all_keys_of_its_action(wish: str, keys: tuple[str, ...]) -> None:
    assert bound({"accept": wish, "help": "f1"})["accept"] == keys


def test_an_unknown_action_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        bound({"acept": "y"})
    assert "'acept'" in str(refused.value)
    assert all(action.id in str(refused.value) for action in ACTIONS)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("wishes", "named"),
    [
        ({"accept": "n"}, ["'n'", "accept", "reject"]),
        ({"accept": "x", "reject": "x"}, ["'x'", "accept", "reject"]),
        ({"help": "slash"}, ["'/'", "search", "help"]),
        ({"quit": "ctrl+c"}, ["'ctrl+c'", "abort", "quit"]),
    ],
)
def test_one_key_for_two_actions_is_refused(wishes: dict[str, str], named: list[str]) -> None:
    with pytest.raises(UsageError) as refused:
        bound(wishes)
    assert all(name in str(refused.value) for name in [*named, "accept-file"])


@pytest.mark.parametrize("wish", ["", "nokey", "ctrl+", "hyper+x", "y,,n"])
def test_what_is_no_key_is_refused(wish: str) -> None:
    with pytest.raises(UsageError, match="is not a key"):
        bound({"accept": wish})


def test_keys_can_be_exchanged() -> None:
    keys = bound({"accept": "n", "reject": "y"})
    assert (keys["accept"], keys["reject"]) == (("n",), ("y",))


@pytest.mark.parametrize("width", [20, 40, 78, 158])
def test_the_bar_fits_and_always_names_help_and_the_way_out(width: int) -> None:
    items = fitting(bound({}), width)
    assert len("  ".join(f"{key} {label}" for _, key, label in items)) <= width
    assert {"help", "quit"} <= {action for action, _, _ in items}


@pytest.mark.asyncio
async def test_wished_keys_work_and_are_shown() -> None:
    wishes = {"accept": "x", "reject": "comma", "toggle": "f2", "undo": "ctrl+z", "quit": "Q"}
    async with reviewing(three_files(), keys=wishes) as (app, pilot):
        await pilot.press("y", "n")
        assert app.session.decisions == ()
        await pilot.press("x", "comma", "f2")
        assert len(app.session.decisions) == 3
        await pilot.press("ctrl+z", "ctrl+z")
        assert outcome(app.session.decisions) == [("a.py:3", ACCEPTED)]
        assert "x accept  , reject" in screen(app)
        await pilot.press("a", "a", "a")
        await pilot.pause()
        assert "Q writes the 5 accepted, ctrl+z undoes" in screen(app)
        await pilot.press("question_mark")
        await pilot.pause()
        assert "x               accept, go on" in screen(app)
        await pilot.press("escape", "q")
        assert app.is_running
        await pilot.press("Q")
    assert len(app.return_value or ()) == 5

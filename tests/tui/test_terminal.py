"""`review` itself in a pseudo-terminal of its own: what it returns and raises, and that the terminal is given back."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.terminal import Terminal, terminal

TESTS = Path(__file__).parent.parent
PROGRAM = """
import sys
from tui.reviewing import FixedBackend, findings, three_files
from codetune_git.tui.review import review

def failing():
    yield findings("a.py", 3)
    raise OSError("the index is gone")

class BrokenDesk(FixedBackend):
    def verified(self, suggestion, replacement):
        raise ValueError("no parser")

files = failing() if "failing" in sys.argv else iter(three_files())
backend = BrokenDesk() if "broken" in sys.argv else FixedBackend()
keys = {"accept": "n"} if "clash" in sys.argv else {}
try:
    decisions = review(files, backend, total=4, keys=keys)
    print("RETURNED", [f"{d.suggestion.id} {d.verdict}" for d in decisions])
except Exception as error:
    print("RAISED", type(error).__name__, error)
"""


@contextmanager
def reviewing(*arguments: str, **changes: str) -> Iterator[Terminal]:
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent)])
    with terminal([sys.executable, "-c", PROGRAM, *arguments], {**os.environ, "PYTHONPATH": paths, **changes}) as one:
        yield one


def after_the_screen(one: Terminal) -> str:
    """What is written once the alternate screen is left, and that it is left with cursor and mouse given back."""
    one.read_until(lambda written: b"RETURNED" in written or b"RAISED" in written)
    one.process.wait(60)
    one.read_until(lambda written: written.endswith(b"\n"))
    screen, left, after = bytes(one.written).rpartition(b"\x1b[?1049l")
    assert left
    assert b"\x1b[?25h" in screen + after
    assert b"\x1b[?1000l" in screen + after
    return after.decode()


def test_decisions_are_returned_and_the_terminal_is_given_back() -> None:
    with reviewing() as one:
        one.shows("looked at 4 files")
        one.type("yn")
        one.shows("1 rejected")
        one.type("q")
        after = after_the_screen(one)
    assert "RETURNED ['a.py:3 accepted', 'a.py:20 rejected']" in after


def test_ctrl_c_is_an_interruption() -> None:
    with reviewing() as one:
        one.shows("looked at 4 files")
        one.type("y\x03")
        after = after_the_screen(one)
    assert "RAISED Interrupted interrupted" in after


def test_an_interruption_from_outside_is_one_too() -> None:
    with reviewing() as one:
        one.shows("looked at 4 files")
        one.process.send_signal(signal.SIGINT)
        after = after_the_screen(one)
    assert "RAISED Interrupted interrupted" in after


@pytest.mark.parametrize(
    ("argument", "keys", "raised"),
    [("failing", "", "RAISED OSError the index is gone"), ("broken", "eX\x13", "RAISED ValueError no parser")],
)
def test_a_failure_is_raised_without_a_panel(argument: str, keys: str, raised: str) -> None:
    with reviewing(argument) as one:
        if keys:
            one.shows("looked at 4 files")
            one.type(keys[0])
            one.shows("ctrl+s takes it")
            one.type(keys[1:])
        after = after_the_screen(one)
    assert raised in after
    assert "Traceback" not in after
    assert "─" not in after


def test_wrong_keys_are_refused_before_the_screen_is_touched() -> None:
    with reviewing("clash") as one:
        one.read_until(lambda written: written.endswith(b"\n"))
    assert bytes(one.written).startswith(b"RAISED UsageError the key 'n'")


def test_without_colours_there_are_none() -> None:
    with reviewing(NO_COLOR="1") as one:
        one.shows("looked at 4 files")
        one.type("q")
        after_the_screen(one)
    styles = {code for style in re.findall(rb"\x1b\[([0-9;]*)m", one.written) for code in style.split(b";")}
    assert styles <= {b"", b"0", b"1", b"2", b"3", b"7", b"39", b"49"}  # 39 and 49: the terminal's own colours
    assert b"7" in styles

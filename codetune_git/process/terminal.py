"""What is said on the error stream: warnings, and the progress of long work. Does not know what is being done.

In a terminal progress is a bar with rate and end time, elsewhere a line with the time taken.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

Advance = Callable[[float, float, str], None]
"""Called with how much is done, of how much, and a word on the rate."""

_BAR, _TITLE = 24, 28  # columns
_BETWEEN = 0.1  # seconds: more often than that nobody can read it
_START, _CLEAR = "\r", "\r\x1b[K"


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def bar(title: str, done: float, total: float, note: str, *, seconds: float) -> str:
    """One line: the share that is done after `seconds`, and the time left at this rate."""
    share = min(1.0, done / total) if total else 0.0
    full = round(share * _BAR)
    left = f", {clock(seconds / share - seconds)} left" if share else ""
    return f"{title:<{_TITLE}} {'━' * full}{'─' * (_BAR - full)} {share:4.0%} {note} {clock(seconds)}{left}"


def _written(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


class _Bar:
    """The bar of one stage, redrawn in its place."""

    def __init__(self, title: str) -> None:
        self._title, self._begun = title, time.monotonic()
        self._next = self._begun
        _written(f"{title} …")

    def __call__(self, done: float, total: float, note: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _BETWEEN
            line = bar(self._title, done, total, note, seconds=now - self._begun)
            _written(_CLEAR + line[: shutil.get_terminal_size().columns - 1] + _START)


class Stages:
    """The stages of a run, one after another, on the error stream; nothing of them there if `quiet`."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._drawn = False
        self._quiet = quiet

    def say(self, text: str) -> None:
        """Print a line that stays."""
        if self._quiet:
            return
        _written(f"{_CLEAR if self._drawn else ''}{text}\n")

    @contextmanager
    def stage(self, title: str) -> Iterator[Advance]:
        """A bar while the block runs; without a terminal the title and the time taken."""
        if self._quiet:
            yield lambda done, total, note: None
            return
        if not sys.stderr.isatty():
            begun = time.monotonic()
            self.say(f"{title} …")
            yield lambda done, total, note: None
            self.say(f"{title}: {time.monotonic() - begun:.0f} s")
            return
        self._drawn = True
        try:
            yield _Bar(title)
        finally:
            self._drawn = False
            _written(_CLEAR)


def warn(lines: Iterable[str]) -> None:
    """Print each line on the error stream."""
    for line in lines:
        print(f"codetune: {line}", file=sys.stderr)

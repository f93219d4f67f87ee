"""Ctrl-C as a question that is asked between two steps. Knows signals; does not know what is being done."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# git passes a Ctrl-C on that the process has got from the terminal already: only one pressed later is a second one.
_ECHO_SECONDS = 1.0


class _Pressed:
    """After the first question a first Ctrl-C waits for the next question; a second one ends the work where it is."""

    def __init__(self) -> None:
        self.asked = False
        self.at: float | None = None

    def __call__(self) -> bool:
        self.asked = True
        return self.at is not None

    def answer(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if not self.asked or (self.at is not None and now > self.at + _ECHO_SECONDS):
            raise KeyboardInterrupt
        if self.at is None:
            self.at = now


@contextmanager
def interrupts_noted() -> Iterator[Callable[[], bool]]:
    """Yields a function that tells whether Ctrl-C was pressed. Before its first call, and after the block, Ctrl-C is
    raised.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:  # as in a script's background
        yield lambda: False
        return
    pressed = _Pressed()
    signal.signal(signal.SIGINT, pressed.answer)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed():
        raise KeyboardInterrupt

"""Ctrl-C between two steps, by real signals."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from codetune_git.process import interrupts
from codetune_git.process.interrupts import interrupts_noted

Pressed = Callable[[], bool]


def _press() -> None:
    signal.raise_signal(signal.SIGINT)


def _during(work: Callable[[Pressed], object]) -> None:
    with interrupts_noted() as pressed:
        work(pressed)


def test_before_the_first_question_it_is_raised_at_once() -> None:
    after = []
    with pytest.raises(KeyboardInterrupt):
        _during(lambda pressed: (_press(), after.append("not reached")))
    assert after == []


def test_from_the_first_question_on_it_waits_for_the_next() -> None:
    heard = []
    with pytest.raises(KeyboardInterrupt):  # twice pressed: an echo of the same
        _during(lambda pressed: (heard.append(pressed()), _press(), _press(), heard.append(pressed())))
    assert heard == [False, True]


def test_a_second_one_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "_ECHO_SECONDS", -1.0)
    after = []
    with pytest.raises(KeyboardInterrupt):
        _during(lambda pressed: (pressed(), _press(), after.append("noted"), _press(), after.append("not reached")))
    assert after == ["noted"]


def test_one_that_nobody_asked_about_is_not_lost() -> None:
    with pytest.raises(KeyboardInterrupt):
        _during(lambda pressed: (pressed(), _press()))


def test_an_error_of_the_work_goes_first() -> None:
    with pytest.raises(ZeroDivisionError):
        _during(lambda pressed: (pressed(), _press(), 1 // 0))


def test_what_ignores_it_goes_on_ignoring() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts_noted() as pressed:
            _press()
            assert not pressed()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_afterwards_it_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts_noted() as pressed:
        assert signal.getsignal(signal.SIGINT) is not before
        assert not pressed()
    assert signal.getsignal(signal.SIGINT) is before

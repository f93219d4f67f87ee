"""How the processes of a launcher find each other, at a real store; without a group, which tests/flows has."""

from __future__ import annotations

from typing import Any

import pytest
from torch.distributed import TCPStore

from codetune_git.errors import Unavailable
from codetune_git.model.training import distributed as module
from codetune_git.model.training.config import TrainingReport
from codetune_git.model.training.distributed import LaunchedProcess, coordinating, launched, run_worker

VARIABLES = ("RANK", "WORLD_SIZE", "TORCHELASTIC_USE_AGENT_STORE", "MASTER_ADDR", "MASTER_PORT")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), None),
        (("0", "2", "True"), LaunchedProcess(0, 2)),
        (("3", "4", "True"), LaunchedProcess(3, 4)),
        (("0", "1", "True"), None),  # alone
        (("0", "2"), None),  # not torch's: others use the names, too
        (("0", "2", "False", "localhost", "29500"), None),
        (("", "2", "True"), None),
        (("first", "2", "True"), None),
        (("1", "-2", "True"), None),
    ],
)
def test_what_a_launcher_says(
    monkeypatch: pytest.MonkeyPatch, values: tuple[str, ...], expected: LaunchedProcess | None
) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in zip(VARIABLES, values, strict=False):
        monkeypatch.setenv(name, value)
    assert launched() == expected


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> TCPStore:
    """The launcher's store, as torch's has one; nobody is waited for."""
    store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False)
    values = ("0", "2", "True", "127.0.0.1", str(store.port))
    for name, value in zip(VARIABLES, values, strict=True):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(module, "_MEETING_SECONDS", 0.2)
    return store


def _never(**_: Any) -> TrainingReport:
    raise AssertionError("was called")


def test_the_others_are_let_go_when_the_first_ends(server: TCPStore) -> None:
    with coordinating(LaunchedProcess(0, 2)):
        pass
    run_worker(LaunchedProcess(1, 2))  # returns


def test_the_others_are_let_go_when_the_first_fails(server: TCPStore) -> None:
    with pytest.raises(ZeroDivisionError), coordinating(LaunchedProcess(0, 2)):
        raise ZeroDivisionError
    run_worker(LaunchedProcess(1, 2))


def test_the_first_does_not_wait_for_ever(server: TCPStore) -> None:
    with coordinating(LaunchedProcess(0, 2)) as run_distributed, pytest.raises(Unavailable, match="not every process"):
        run_distributed(_never)()


def test_the_others_do_not_wait_for_ever(server: TCPStore) -> None:
    with pytest.raises(Unavailable, match="not every process"):
        run_worker(LaunchedProcess(1, 2))


def test_a_launcher_that_is_gone_is_named(server: TCPStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTER_PORT", "9")
    with pytest.raises(Unavailable, match="gone"):
        run_worker(LaunchedProcess(1, 2))

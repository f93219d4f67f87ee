"""The processes that one launcher started: the first is the coordinator, the others are workers.

Knows the launcher's variables and torch's store, at which the processes meet. The coordinator sends one call to all of
them. Does not know what is trained, nor what the coordinator does before and after it.

Workers wait at the store and not in a process group, which gives up after minutes: to read a long history may take
more. The group is there for the training alone.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from codetune_git.errors import Unavailable, UsageError
from codetune_git.model.base.loading import require_training
from codetune_git.model.training.config import TrainingReport
from codetune_git.model.training.devices import accelerator, check_configuration

if TYPE_CHECKING:
    from torch.distributed.distributed_c10d import Store

Work = Callable[..., TrainingReport]
RunDistributed = Callable[[Work], Work]
"""Turns a call into one that all processes make. The coordinator alone adds its keyword arguments."""

_VARIABLES = ("RANK", "WORLD_SIZE", "TORCHELASTIC_USE_AGENT_STORE")
_JOINING = ("LOCAL_RANK", "WORLD_SIZE", "PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "MV2_COMM_WORLD_SIZE")
_FIRST, _WORK, _END = "first", "work", "end"  # what is said at the store
_MEETING_SECONDS = 300.0  # until all processes are there: they only import torch
_LAST_WORD_SECONDS = 10.0
_PAUSE_SECONDS = 0.1
_PLACE = re.compile(r"^\[\S+\] ")  # in whose source a backend's error was raised


@dataclass(frozen=True, slots=True)
class LaunchedProcess:
    """Which of how many processes this is; 0 is the first."""

    index: int
    processes: int


def launched() -> LaunchedProcess | None:
    """This process as a launcher started it; None where there is no launcher, or no other process.

    Clusters and other programs set RANK and WORLD_SIZE as well: a launcher's store is what they do not have.
    """
    index, processes, store = (os.environ.get(name, "") for name in _VARIABLES)
    if not (index.isdecimal() and processes.isdecimal() and store == "True"):
        return None
    return LaunchedProcess(int(index), int(processes)) if int(processes) > 1 else None


def hide_launcher() -> None:
    """Remove launchers' variables that others have set: accelerate would wait for processes that never come."""
    for name in _JOINING:
        os.environ.pop(name, None)


def _worker(index: int) -> str:
    return f"worker {index}"


@contextmanager
def _loss_named() -> Iterator[None]:
    """Turns the backends' errors on a lost launcher or process into Unavailable; they have no common type."""
    from torch.distributed import DistError

    try:
        yield
    except RuntimeError as error:
        if not isinstance(error, DistError) and "gloo" not in str(error):
            raise
        what = _PLACE.sub("", str(error).partition("\n")[0]).partition(". ")[0]
        raise Unavailable(f"the launcher or another of its processes is gone: {what}; start it again") from error


def _store() -> Store:
    from torch.distributed.distributed_c10d import PrefixStore
    from torch.distributed.rendezvous import rendezvous

    store, _, _ = next(rendezvous("env://", timeout=timedelta(seconds=_MEETING_SECONDS)))
    return PrefixStore("codetune", store)


def _said(store: Store, words: Sequence[str], seconds: float) -> bool:
    """Whether all of `words` were said by then."""
    until = time.monotonic() + seconds
    while not (said := store.check(list(words))) and time.monotonic() < until:
        time.sleep(_PAUSE_SECONDS)
    return bool(said)


def _met(store: Store, words: Sequence[str]) -> None:
    if not _said(store, words, _MEETING_SECONDS):
        raise Unavailable(
            "not every process of the launcher runs git codetune train: give the whole command to the launcher, "
            "or leave its variables (RANK, WORLD_SIZE) out of the environment"
        )


@contextmanager
def _group(process: LaunchedProcess) -> Iterator[None]:
    """A process group of all processes, each with a device of its own."""
    require_training()  # before accelerate is imported
    import torch

    own = accelerator()
    here = int(os.environ.get("LOCAL_WORLD_SIZE", process.processes))
    try:
        if own.num_processes != process.processes:
            raise Unavailable(f"accelerate joined {own.num_processes} of {process.processes} processes on this machine")
        if own.device.type == "cuda" and here > torch.cuda.device_count():
            raise UsageError(f"{here} processes on {torch.cuda.device_count()} GPUs: start one process a GPU")
        yield
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()


def _shared(work: Work | None) -> Work:
    """The coordinator's call, broadcast to every process."""
    from accelerate.utils import broadcast_object_list

    shared: list[Any] = [work]
    broadcast_object_list(shared)
    received: Work = shared[0]
    return received


@contextmanager
def coordinating(process: LaunchedProcess) -> Iterator[RunDistributed]:
    """For the coordinator: how it makes a call in all processes. The workers end when the block does.

    Raises Unavailable where one of them is not there or ends before its time, UsageError for a way of splitting a
    training that has not been tried.
    """
    require_training()
    check_configuration()
    with _loss_named():
        store = _store()
        store.set(_FIRST, "")

    def run_distributed(work: Work) -> Work:
        def made(**alone: object) -> TrainingReport:
            with _loss_named():
                _met(store, [_worker(index) for index in range(1, process.processes)])
                store.set(_WORK, "")
                with _group(process):
                    return _shared(work)(**alone)

        return made

    try:
        yield run_distributed
    finally:
        with suppress(RuntimeError):  # the launcher may be gone
            store.set(_END, "")


def run_worker(process: LaunchedProcess) -> None:
    """For a worker: make the call that the coordinator sends, if it sends one; return when the coordinator has ended.

    An error is raised only where the coordinator has not ended as well: then it has said so itself.
    """
    require_training()
    with _loss_named():
        store = _store()
        store.set(_worker(process.index), "")
        _met(store, [_FIRST])
        while not (ended := store.check([_END])) and not store.check([_WORK]):
            time.sleep(_PAUSE_SECONDS)
        if ended:
            return
        try:
            with _group(process):
                _shared(None)()
        except Exception:
            if not _said(store, [_END], _LAST_WORD_SECONDS):
                raise

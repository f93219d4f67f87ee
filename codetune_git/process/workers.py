"""Maps pure functions over many texts on all cores. Knows processes; does not know what is computed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from typing import TypeVar

from codetune_git.errors import Unavailable

A = TypeVar("A")
B = TypeVar("B")
WORTH_A_POOL = 24
_AT_ONCE = 2  # items that a worker takes: after Ctrl-C it finishes those first


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _prepare(parent: int, languages: Sequence[str]) -> None:
    """Set up a worker. Ctrl-C reaches the whole process group: only the parent answers it, and ends its workers.

    A killed parent ends no worker, which would wait for its next item for ever: each worker watches its parent.
    `languages` are those that the parent added to the package's.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    if languages:
        from codetune_git.languages.known import add
    for place in languages:
        add(place)


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Delay Ctrl-C until after the block. Processes started in it never receive it, not even while they start."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_helpers() -> None:
    """Start the processes of loky and Python that clean up after a pool; they inherit the error stream's number.

    Inside the review's screen the error stream has none, and starting would fail: there they take the original one.
    """
    from multiprocessing import resource_tracker

    from loky.backend import resource_tracker as tracker_of_loky

    with redirect_stderr(sys.__stderr__):
        resource_tracker.ensure_running()
        tracker_of_loky.ensure_running()


def _mapped_by_pool(function: Callable[[A], B], items: Sequence[A], workers: int) -> Iterator[B]:
    from loky.process_executor import BrokenProcessPool, ProcessPoolExecutor

    from codetune_git.languages.known import ADDED

    # A worker starts in the user's folder: without this it would import, and run, a multiprocessing.py from there.
    os.environ["PYTHONSAFEPATH"] = "1"
    with _interrupts_wait():  # half made, its semaphores would be nobody's to clean up
        _start_helpers()
        # A fresh interpreter each: a fork would copy the locks of threads that a runtime or git library started.
        pool = ProcessPoolExecutor(workers, initializer=_prepare, initargs=(os.getpid(), ADDED))
    try:
        with _interrupts_wait():
            results = pool.map(function, items, chunksize=_AT_ONCE)
        yield from results
    except BrokenProcessPool as error:
        raise Unavailable("a worker process was ended, perhaps for lack of memory: close other programs") from error
    finally:
        with _interrupts_wait():
            pool.shutdown()


def mapped(function: Callable[[A], B], items: Sequence[A], *, threads: int = 0) -> Generator[B, None, None]:
    """`function` of every item, in order, from as many processes as there are cores (or `threads`).

    `function` must stand at the top of a module and be pure. Few items are not worth the start of a process. Closed
    early, it waits for what the workers have begun, and no longer.
    Raises Unavailable where a worker dies.
    """
    workers = min(threads or os.cpu_count() or 1, len(items))
    if workers < 2 or len(items) < WORTH_A_POOL:
        yield from map(function, items)
    else:
        yield from _mapped_by_pool(function, items, workers)

"""Maps pure functions over many texts on all cores. Knows processes; does not know what is computed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
WORTH_A_POOL = 24


def _quiet() -> None:
    # Ctrl-C reaches the whole process group: only the parent answers it, and then ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def mapped(function: Callable[[A], B], items: Sequence[A], *, threads: int = 0) -> Iterator[B]:
    """`function` of every item, in order, from as many processes as there are cores (or `threads`).

    `function` must stand at the top of a module and be pure. Few items are not worth the start of a process.
    """
    workers = min(threads or os.cpu_count() or 1, len(items))
    if workers < 2 or len(items) < WORTH_A_POOL:
        yield from map(function, items)
        return
    # A worker starts in the user's folder: without this it would import, and run, a multiprocessing.py from there.
    os.environ["PYTHONSAFEPATH"] = "1"
    # A fresh interpreter each: a fork would copy the locks of threads that a runtime or git library started.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_quiet)
    try:
        yield from pool.map(function, items, chunksize=max(1, min(8, len(items) // (4 * workers))))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()

"""One process at a time changes the adapters of a repository, and the others are told who does.

Knows the lock file and the note beside it. Does not know what is done under the lock. The operating system frees the
lock of a process that dies; the note it leaves behind then means nothing and is overwritten.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codetune_git.durable import replace_durably
from codetune_git.errors import Unavailable


class Lock:
    """A lock between processes in `folder`; within one process it may be taken again while it is held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note = folder / "lock.json"
        self._depth = 0

    @contextmanager
    def held(self, purpose: str) -> Iterator[None]:
        """Hold the lock, never wait for it; raises Unavailable naming the holder. `purpose` is one word for others."""
        if self._depth == 0:
            with self._taken(purpose):
                yield from self._counted()
        else:
            yield from self._counted()

    def _counted(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def _taken(self, purpose: str) -> Iterator[None]:
        import platform

        from filelock import FileLock, Timeout  # 50 ms that reading never needs

        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / "lock")
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise Unavailable(self._holder()) from None
        try:
            note = {"pid": os.getpid(), "host": platform.node(), "since": int(time.time()), "purpose": purpose}
            replace_durably(self._note, json.dumps(note).encode())
            yield
            self._note.unlink(missing_ok=True)
        finally:
            lock.release()

    def _holder(self) -> str:
        from datetime import datetime

        try:
            note = json.loads(self._note.read_bytes())
            since = datetime.fromtimestamp(note["since"]).isoformat(" ", "seconds")
            who = f"`{note['purpose']}`, process {note['pid']} on {note['host']}, since {since}"
        except (OSError, ValueError, KeyError, TypeError):  # it has only just begun, or is just ending
            who = "another process"
        return f"the adapters of this repository are being changed by {who}: wait until it has ended"

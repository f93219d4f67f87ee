"""A pseudo-terminal of 80 columns and 24 rows with a program in it. Knows bytes; does not know what they mean."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Terminal:
    """A terminal of 80 columns and 24 rows with a program in it, and all that it has written."""

    main: int
    process: subprocess.Popen[bytes]
    written: bytearray = field(default_factory=bytearray)

    def read_until(self, done: Callable[[bytes], bool]) -> None:
        end = time.monotonic() + 60
        while not done(bytes(self.written)):
            if time.monotonic() > end:
                raise TimeoutError(self.written[-2000:].decode(errors="replace"))
            if select.select([self.main], [], [], 0.1)[0]:
                try:
                    self.written += os.read(self.main, 65536)
                except OSError:  # the other end is closed
                    return

    def shows(self, text: str) -> None:
        self.read_until(lambda written: text.encode() in written)

    def type(self, keys: str) -> None:
        os.write(self.main, keys.encode())


@contextmanager
def terminal(command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None) -> Iterator[Terminal]:
    """`command` in a terminal, which must be left as it was."""
    main, side = pty.openpty()
    termios.tcsetwinsize(main, (24, 80))
    before = termios.tcgetattr(side)
    process = subprocess.Popen(
        command,
        stdin=side,
        stdout=side,
        stderr=side,
        cwd=folder,
        env={**environment, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    try:
        yield Terminal(main, process)
        process.wait(60)
        assert termios.tcgetattr(side) == before
    finally:
        process.kill()
        os.close(main)
        os.close(side)

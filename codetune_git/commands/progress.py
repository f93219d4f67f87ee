"""Shows how far long work is: a bar with rate and end time in a terminal, lines with the time taken elsewhere.

Knows rich. Does not know what is being done.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Advance = Callable[[float, float, str], None]
"""Called with how much is done, of how much, and a word on the rate."""


class Stages:
    """The stages of a run, one after another, on the error stream."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    def say(self, text: str) -> None:
        """A line that stays."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def stage(self, title: str) -> Iterator[Advance]:
        """A bar while the block runs; elsewhere than in a terminal the title alone."""
        if not sys.stderr.isatty():
            begun = time.monotonic()
            self.say(f"{title} …")
            yield lambda done, total, note: None
            self.say(f"{title}: {time.monotonic() - begun:.0f} s")
            return
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self._console, transient=True) as progress:
            task = progress.add_task(title, total=None, note="")
            yield lambda done, total, note: progress.update(task, completed=done, total=total, note=note)

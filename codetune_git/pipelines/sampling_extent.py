"""How many commits a training has drawn its samples from, saved beside its checkpoint.

A training that goes on where another was stopped must draw the same samples, and where drawing ends may be the
clock's doing: so it is written down once, and not measured again. Knows one small file; knows neither commits nor
samples.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codetune_git.durable import replace_durably

_NAME = "drawn.json"


@dataclass(frozen=True, slots=True)
class SamplingExtent:
    """Of the training that `work` names, whose checkpoint is the file `checkpoint`."""

    checkpoint: Path
    work: str

    def saved(self) -> int | None:
        """How many commits were drawn from, as saved; None where this training was not stopped after that."""
        try:
            saved = json.loads(self.checkpoint.with_name(_NAME).read_bytes())
            return int(saved["commits"]) if saved["work"] == self.work else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def save(self, commits: int) -> None:
        """Raises OSError where the disk does not take it."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self.checkpoint.with_name(_NAME), json.dumps({"work": self.work, "commits": commits}).encode())

    def limit(self, until: float) -> Callable[[int], bool]:
        """Whether to draw from more commits than so many: as many as before, else until then (time.monotonic())."""
        saved = self.saved()
        if saved is not None:
            return lambda read: read < saved
        return lambda read: time.monotonic() < until

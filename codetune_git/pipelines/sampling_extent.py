"""How many commits a training has drawn its samples from, kept beside its checkpoint.

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
class Extent:
    """Of the training that `work` names, whose checkpoint is the file `checkpoint`."""

    checkpoint: Path
    work: str

    def known(self) -> int | None:
        """How many commits were drawn from; None where this training was not stopped after that."""
        try:
            found = json.loads(self.checkpoint.with_name(_NAME).read_bytes())
            return int(found["commits"]) if found["work"] == self.work else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def keep(self, commits: int) -> None:
        """Raises OSError where the disk does not take it."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self.checkpoint.with_name(_NAME), json.dumps({"work": self.work, "commits": commits}).encode())

    def limit(self, until: float) -> Callable[[int], bool]:
        """Whether to draw from more commits than so many: as many as before, else until then (time.monotonic())."""
        known = self.known()
        if known is not None:
            return lambda read: read < known
        return lambda read: time.monotonic() < until

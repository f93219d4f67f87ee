"""How many commits a training has drawn its samples from, saved beside its checkpoint.

A training that is resumed must draw the same samples. The clock may decide where drawing ends, so the number is saved
once and not measured again. Does not know commits or samples.
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
    """The extent of the training with the name `work` and the checkpoint file `checkpoint`."""

    checkpoint: Path
    work: str

    def saved(self) -> int | None:
        """The saved number of commits; None where no such training was interrupted after it was saved."""
        try:
            saved = json.loads(self.checkpoint.with_name(_NAME).read_bytes())
            return int(saved["commits"]) if saved["work"] == self.work else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def save(self, commits: int) -> None:
        """Save the number of commits. Raises OSError where the disk does not take it."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(self.checkpoint.with_name(_NAME), json.dumps({"work": self.work, "commits": commits}).encode())

    def limit(self, until: float) -> Callable[[int], bool]:
        """Whether to draw from more commits than a number: up to the saved one, else until the time `until` of
        time.monotonic().
        """
        saved = self.saved()
        if saved is not None:
            return lambda read: read < saved
        return lambda read: time.monotonic() < until

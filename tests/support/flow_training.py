"""What trainings for the journeys left behind, and how one is killed. Does not know what is tested on it."""

from __future__ import annotations

import hashlib
import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from support.flow_command import Outcome, learned_in, running

# More than a training takes: what ends it is its plan, not the clock, on a busy machine too.
BUDGET = "200s"


@dataclass(frozen=True)
class Killed:
    """Whether a killed run left the active adapter as it was, the processes that it left, and what it had said."""

    unchanged: bool
    left: list[int]
    said: str


@dataclass(frozen=True)
class Trained:
    """A trained repository, not to be changed: what the training said, whether it left all else alone, runs before."""

    folder: Path
    said: Outcome
    untouched: bool
    killed: tuple[Killed, ...] = ()


def arguments(checkpoint: Path) -> tuple[str, ...]:
    """Of a training on a base."""
    return ("train", "--base", str(checkpoint), "--budget", BUDGET)


def killed(folder: Path, command: tuple[str, ...], *, notes: Path, stage: str) -> Killed:
    """Run `command` in `folder` and kill it at some moment after it has said `stage`."""
    before = learned_in(folder)
    with running(folder, *command, notes=notes) as run:
        run.wait_for(stage)
        time.sleep(Random(stage).uniform(0.0, 2.0))
        run.signal(signal.SIGKILL)
        done = run.ended()
        after = {path: digest for path, digest in learned_in(folder).items() if not path.startswith("adapters/.")}
        return Killed(after == before, run.left_running(), done.err)


def hearing(folder: Path) -> Path:
    """The repository, its active adapter's calibration with a small weight for what the model says.

    A tiny base adds nothing to the counts, so a training leaves that weight at nothing and its model is never asked.
    """
    home = folder / ".git" / "codetune"
    adapter = home / "adapters" / (home / "active").read_text().strip()
    path, manifest = adapter / "calibration.json", adapter / "manifest.json"
    record = json.loads(path.read_text())
    record["weights"][-1] = record["weights"][-1] or 0.01
    path.write_text(json.dumps(record))
    known = json.loads(manifest.read_text())
    status = path.stat()
    for file in known["files"]:
        if file["path"] == path.name:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            file |= {"size": status.st_size, "sha256": digest, "mtime_ns": status.st_mtime_ns}
    manifest.write_text(json.dumps(known))
    return folder

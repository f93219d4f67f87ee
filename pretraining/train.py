"""Trains the base model on shards, within a given time: resumable at any point, decayed at its end.

Knows steps, the schedule and checkpoints; does not know where shards come from, and does not wait for all of them.

    python -m pretraining.train --run FOLDER --shards FOLDER --minutes M [--start BASE] [--config FILE]

The learning rate warms up, stays, and falls linearly to zero over the last share of the time; a checkpoint is written
every minute. Stopped or killed, it is gone on with by the same command: the time that was trained counts in the
schedule. `--start` begins a new run with the weights of an exported base (its optimiser starts afresh).
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file

from pretraining.accelerator import Accelerator
from pretraining.configuration import USUAL, Configuration, Shape, Training, read
from pretraining.network import Network, from_llama
from pretraining.optimiser import Optimiser
from pretraining.pool import Pool, Rows, Stage, packed
from pretraining.shards import read as read_shard
from pretraining.workers import Workers

WARMUP_STEPS = 60
SAVE_SECONDS = 60.0
_OVERFULL = 1.06  # rows are filled from a few more tokens than they hold
_AHEAD = 6  # steps that are packed while others are computed


@dataclass(slots=True)
class Progress:
    """How far the run is. `seconds` are those spent on steps."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit in seconds from its start."""

    begun: float
    limit: float

    def left(self) -> float:
        return self.limit - (time.monotonic() - self.begun)


class Feed:
    """Packs steps ahead in a thread of its own. `share` says how much of the training is over."""

    def __init__(self, pool: Pool, sizes: Training, share: Callable[[], float]) -> None:
        self._pool, self._sizes, self._share = pool, sizes, share
        self._queue: queue.Queue[Rows] = queue.Queue(_AHEAD)
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        sizes = self._sizes
        tokens = int(sizes.rows * sizes.row_tokens * _OVERFULL)
        while True:
            drawn = self._pool.sequences(tokens, sizes.shares(self._share()))
            self._queue.put(packed(drawn, sizes.rows, sizes.row_tokens))

    def take(self) -> Rows:
        return self._queue.get()


def save(run: Path, network: Network, optimiser: Optimiser, progress: Progress) -> None:
    state = {
        "shape": asdict(network.shape),
        "weights": network.state_dict(),
        "optimiser": optimiser.state(),
        "progress": asdict(progress),
    }
    torch.save(state, run / "checkpoint.tmp")
    os.replace(run / "checkpoint.tmp", run / "checkpoint.pt")


def exported(base: Path) -> Network:
    """The network of an exported base folder."""
    return from_llama(json.loads((base / "config.json").read_text()), load_file(base / "model.safetensors"))


def restore(
    run: Path, settings: Configuration, *, start: Path | None = None, device: str = "cpu"
) -> tuple[Network, Optimiser, Progress]:
    """The saved run, or a new one (from `start`)."""
    torch.manual_seed(0)
    path = run / "checkpoint.pt"
    state = torch.load(path, weights_only=True, map_location="cpu") if path.exists() else None
    if state:
        network = Network(Shape(**state["shape"]))
        network.load_state_dict(state["weights"])
    else:
        network = exported(start) if start else Network(settings.shape)
    network.to(device)
    optimiser = Optimiser(network, settings.further if start else settings.training)
    progress = Progress(**state["progress"]) if state else Progress()
    if state:
        optimiser.load(state["optimiser"])
    return network, optimiser, progress


def factor(step: int, share: float, decay: float) -> float:
    """Of the full learning rates, at the step `step` and when `share` of the training is over."""
    return min(1.0, (step + 1) / WARMUP_STEPS) * min(1.0, max(0.0, (1 - share) / decay))


def validated(device: Accelerator | Workers, folder: Path, sizes: Training) -> dict[str, float]:
    """The loss of each validation shard of the folder, in nats a token that counts."""
    return {
        path.stem.partition("-")[2]: round(device.loss(packed(read_shard(path), sizes.rows, sizes.row_tokens)), 4)
        for path in sorted(folder.glob("validation-*.npz"))
    }


class Run:
    """A training under way."""

    def __init__(self, given: argparse.Namespace, clock: Clock) -> None:
        settings = read(given.config)
        self.training = settings.further if given.start else settings.training
        self.folder, self.shards, self.clock = given.run, given.shards, clock
        name = "cuda" if torch.cuda.is_available() else "cpu"
        self.network, self.optimiser, self.progress = restore(given.run, settings, start=given.start, device=name)
        rng = random.Random(self.progress.step)
        pool = Pool(tuple(Stage(name, self.shards) for name in self.training.shares(0)), rng)
        self.pool, self.feed = pool, Feed(pool, self.training, self.share)
        self.device: Accelerator | Workers = (
            Accelerator(self.network, name, self.feed.take())
            if name == "cuda"
            else Workers(self.network, given.workers)
        )

    def share(self) -> float:
        """How much of the training is over, between 0 and 1."""
        done = self.progress.seconds
        return done / max(1e-9, done + max(0.0, self.clock.left()))

    def step(self) -> dict[str, float]:
        """One step; what the log says of it."""
        rows, started = self.feed.take(), time.monotonic()
        gradients, loss = self.device.gradients(rows)
        rate = factor(self.progress.step, self.share(), self.training.decay)
        self.optimiser.step(gradients, rate)
        found = float(loss)
        taken = time.monotonic() - started
        self.progress.step += 1
        self.progress.tokens += rows.tokens
        self.progress.seconds += taken
        speed = round(rows.tokens / taken)
        return {**asdict(self.progress), "loss": round(found, 4), "rate": round(rate, 4), "tokens_per_second": speed}

    def measured(self) -> dict[str, object]:
        """The validation losses, and how often shards were read."""
        reads = {stage.name: sorted(stage.reads.values()) for stage in self.pool.stages}
        often = {name: [len(some), some[-1] if some else 0] for name, some in reads.items()}
        return {"validation": validated(self.device, self.shards, self.training), "reads": often}

    def save(self) -> None:
        save(self.folder, self.network, self.optimiser, self.progress)


def run(given: argparse.Namespace, clock: Clock) -> None:
    training = Run(given, clock)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    saved = time.monotonic()
    with (given.run / "log.jsonl").open("a", encoding="utf-8") as log:
        while not stopping and clock.left() > 0:
            row: dict[str, object] = {**training.step()}
            if time.monotonic() - saved > SAVE_SECONDS or clock.left() <= 0:
                row |= training.measured()
                print(json.dumps(row), flush=True)
                training.save()
                saved = time.monotonic()
            log.write(json.dumps(row) + "\n")
            log.flush()
    training.save()
    training.device.stop()


def main() -> None:
    begun = time.monotonic()
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, required=True)
    arguments.add_argument("--shards", type=Path, required=True)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--start", type=Path, metavar="BASE", help="begin a new run with these weights")
    arguments.add_argument("--workers", type=int, default=2, help="processes, where there is no GPU")
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    given.run.mkdir(parents=True, exist_ok=True)
    run(given, Clock(begun, 60 * given.minutes))


if __name__ == "__main__":
    main()

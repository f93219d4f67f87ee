"""Trains the base model on shards: resumable at any time, and decayed to the end whenever asked to.

Knows batches, the schedule and checkpoints; does not know where shards come from. A missing shard is waited for.

    python -m pretraining.train --run FOLDER --shards FOLDER --phase a|b [--minutes M] [--decay-minutes D]
        [--start BASE] [--first SHARD] [--config FILE]

The learning rate warms up, stays, and falls linearly to zero over the last D minutes of M. To end a running training:
send SIGTERM (it saves), then start it again with `--minutes D --decay-minutes D`. Killed at any point, it loses at most
a minute of work. `--start` begins a new run with the weights of an exported base (its optimiser starts afresh).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from pretraining import shards
from pretraining.accelerator import Accelerator
from pretraining.configuration import USUAL, Configuration, Shape, Training, read
from pretraining.network import Network, from_llama
from pretraining.optimiser import Optimiser
from pretraining.workers import Batch, Workers

ROW_TOKENS = 2048  # of a packed row: two of the longest sequences
WARMUP_STEPS = 20
SAVE_SECONDS = 60.0


@dataclass(slots=True)
class Progress:
    """Where the run stands. `shard` and `batch` say which step of the phase comes next."""

    phase: str = ""
    shard: int = 0
    batch: int = 0
    tokens: int = 0
    seconds: float = 0.0


def _padded(group: list[tuple[np.ndarray, np.ndarray]]) -> Batch:
    """Inputs, shifted labels and their weights, padded with zeros to a multiple of 64."""
    length = -(-max(len(ids) for ids, _ in group) // 64) * 64
    inputs = torch.zeros(len(group), length, dtype=torch.long)
    labels = torch.zeros_like(inputs)
    weights = torch.zeros(len(group), length)
    for row, (ids, loss) in enumerate(group):
        tokens = torch.from_numpy(ids.astype(np.int64))
        inputs[row, : len(ids)] = tokens
        labels[row, : len(ids) - 1] = tokens[1:]
        weights[row, : len(ids) - 1] = torch.from_numpy(loss[1:].astype(np.float32))
    return inputs, labels, weights


def micro_batches(path: Path, seed: int, most: int) -> list[Batch]:
    """The shard in micro-batches of about `most` padded tokens of similar length, in an order fixed by `seed`."""
    sequences = sorted(shards.read(path), key=lambda s: len(s[0]))
    groups: list[list[tuple[np.ndarray, np.ndarray]]] = [[]]
    for sequence in sequences:
        if groups[-1] and (len(groups[-1]) + 1) * (-(-len(sequence[0]) // 64) * 64) > most:
            groups.append([])
        groups[-1].append(sequence)
    random.Random(seed).shuffle(groups)
    return [_padded(group) for group in groups if group]


def steps(folder: Path, progress: Progress, sizes: Training) -> Iterator[list[Batch]]:
    """Lists of micro-batches, one list a step, from `progress` on, which is moved on behind each of them."""
    while True:
        path = folder / f"{progress.phase}-{progress.shard:05d}.npz"
        while not path.exists():
            time.sleep(2)
        batches = micro_batches(path, progress.shard, sizes.micro_tokens)
        while progress.batch < len(batches):
            taken = batches[progress.batch : progress.batch + sizes.micro_batches]
            progress.batch += sizes.micro_batches
            yield taken
        progress.shard, progress.batch = progress.shard + 1, 0


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
    run: Path, phase: str, settings: Configuration, *, start: Path | None = None, first: int = 0, device: str = "cpu"
) -> tuple[Network, Optimiser, Progress]:
    """The saved run, or a new one (from `start`). A phase other than the saved one starts at shard `first`."""
    torch.manual_seed(0)
    path = run / "checkpoint.pt"
    state = torch.load(path, weights_only=True, map_location="cpu") if path.exists() else None
    if state:
        network = Network(Shape(**state["shape"]))
        network.load_state_dict(state["weights"])
    else:
        network = exported(start) if start else Network(settings.shape)
    network.to(device)
    optimiser = Optimiser(network, settings.training)
    progress = Progress(**state["progress"]) if state else Progress()
    if state:
        optimiser.load(state["optimiser"])
    if progress.phase != phase:
        progress.phase, progress.shard, progress.batch = phase, first, 0
    return network, optimiser, progress


def _factor(number: int, minutes_left: float, decay_minutes: float) -> float:
    warm = min(1.0, (number + 1) / WARMUP_STEPS)
    return warm * (min(1.0, max(0.0, minutes_left / decay_minutes)) if decay_minutes else 1.0)


def run(given: argparse.Namespace) -> None:
    settings, device = read(given.config), "cuda" if torch.cuda.is_available() else "cpu"
    network, optimiser, progress = restore(
        given.run, given.phase, settings, start=given.start, first=given.first, device=device
    )
    gpu = device == "cuda"
    workers = Accelerator(network, device, ROW_TOKENS) if gpu else Workers(network, given.workers)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    begun = last = saved = time.monotonic()
    with (given.run / "log.jsonl").open("a", encoding="utf-8") as log:
        for batches in steps(given.shards, progress, settings.training):
            left = given.minutes - (time.monotonic() - begun) / 60
            if stopping or left <= 0 or progress.tokens >= given.until_tokens:
                break
            gradients, loss, counted = workers.gradients(batches)
            factor = _factor(optimiser.number, left, given.decay_minutes)
            optimiser.step(gradients, factor)
            now = time.monotonic()
            tokens = sum(int((ids > 0).sum()) for ids, _, _ in batches)
            progress.tokens, progress.seconds = progress.tokens + tokens, progress.seconds + now - last
            row = {
                **asdict(progress),
                "step": optimiser.number,
                "loss": round(loss / counted, 4),
                "rate": round(factor, 4),
            }
            log.write(json.dumps({**row, "tokens_per_second": round(tokens / (now - last))}) + "\n")
            log.flush()
            last = now
            if now - saved > SAVE_SECONDS:
                save(given.run, network, optimiser, progress)
                saved = now
    save(given.run, network, optimiser, progress)
    workers.stop()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, required=True)
    arguments.add_argument("--shards", type=Path, required=True)
    arguments.add_argument("--phase", required=True)
    arguments.add_argument("--start", type=Path, metavar="BASE", help="begin a new run with these weights")
    arguments.add_argument("--first", type=int, default=0, help="the first shard of a phase that is new to the run")
    arguments.add_argument("--minutes", type=float, default=1e9)
    arguments.add_argument("--decay-minutes", type=float, default=0.0)
    arguments.add_argument("--until-tokens", type=float, default=1e18)
    arguments.add_argument("--workers", type=int, default=2, help="processes, where there is no GPU")
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    given.run.mkdir(parents=True, exist_ok=True)
    run(given)


if __name__ == "__main__":
    main()

"""What learning in increments costs and keeps: consecutive slices of a real history, learned one after the other.

    python -m benchmarks.increments REPOSITORY --out FOLDER [--slices N] [--commits N] [--samples N]

Three ways to learn the same samples: increments that replay earlier slices among the new (as `train` does), increments
without replay, and once over all. After each slice the loss (nats a token, on samples held out of training) is taken
on the next slice, which nobody has learned (prequential evaluation), and on all slices before (what is kept).
Every adapter stays in FOLDER: a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from codetune_git.domain import Sample
from codetune_git.git.history import walk
from codetune_git.git.repository import Repository
from codetune_git.model.base.base_model import EMBEDDED, BaseModel, open_base
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.fit import fit
from codetune_git.pipelines.training_data import MIXTURE, REPLAY
from codetune_git.process.workers import mapped
from codetune_git.samples.mixture import history_samples, with_replay

SEED = 0
HELD_OUT = 48  # samples of each slice


@dataclass(frozen=True, slots=True)
class Slice:
    """Samples of consecutive commits: to learn from, and held out."""

    samples: tuple[Sample, ...]
    held_out: tuple[Sample, ...]


def _slices(repository: Path, given: argparse.Namespace) -> list[Slice]:
    commits = list(walk(Repository.open(repository), "HEAD", limit=given.commits * (given.slices + 1)))
    found = []
    for start in range(0, given.commits * (given.slices + 1), given.commits):
        rng = random.Random(f"{SEED}-{start}")
        samples, _ = history_samples(commits[start : start + given.commits], rng=rng, settings=MIXTURE, each=mapped)
        drawn = rng.sample(samples, min(len(samples), given.samples + HELD_OUT))
        found.append(Slice(tuple(drawn[HELD_OUT:]), tuple(drawn[:HELD_OUT])))
    return found


def _encoded(base: BaseModel, samples: Sequence[Sample]) -> tuple[Example, ...]:
    return encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)[0]


def _learned(base: BaseModel, samples: Sequence[Sample], out: Path, parent: Path | None) -> Path:
    """One pass over all samples, however long it takes."""
    if not out.exists():
        settings = TrainingConfig(budget_seconds=1e6, epochs=1.0, seed=SEED, precision="fp32")
        fit(base, _encoded(base, samples), (), settings=settings, out=out, parent=parent)
    return out


def _losses(base: BaseModel, adapter: Path | None, slices: Sequence[Slice]) -> list[float]:
    from codetune_git.model.training.lora_trainer import LoraTrainer

    trainer = LoraTrainer(base, TrainingConfig(budget_seconds=1e6, seed=SEED), adapter)
    return [trainer.evaluate(_encoded(base, one.held_out)) for one in slices]


def _adapters(base: BaseModel, slices: Sequence[Slice], out: Path, share: float) -> list[Path]:
    """One after each slice but the last, which is only asked about."""
    parent, found, older = None, [], list[Sample]()
    for number, one in enumerate(slices[:-1]):
        rng = random.Random(f"{SEED}-replay-{number}")
        samples = with_replay(one.samples, older, rng=rng, share=share)
        parent = _learned(base, samples, out / f"{number}", parent)
        found.append(parent)
        older += one.samples
        print(f"{out.name}: slice {number + 1} of {len(slices) - 1}", flush=True)
    return found


def _row(name: str, losses: Sequence[Sequence[float]]) -> str:
    """`losses[k]`: after slice k, on every slice."""
    ahead = [row[k + 1] for k, row in enumerate(losses)]
    kept = mean(losses[-1][:-1])
    first = losses[-1][0]
    return f"| {name} | {' | '.join(f'{loss:.3f}' for loss in ahead)} | {mean(ahead):.3f} | {kept:.3f} | {first:.3f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--slices", type=int, default=8)
    arguments.add_argument("--commits", type=int, default=60, help="in each slice")
    arguments.add_argument("--samples", type=int, default=160, help="to learn from in each slice")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    base, slices = open_base(EMBEDDED), _slices(given.repository, given)
    print(f"{given.slices} slices of {given.commits} commits, {[len(one.samples) for one in slices[:-1]]} samples")
    untuned = _losses(base, None, slices)
    replaying = [_losses(base, a, slices) for a in _adapters(base, slices, given.out / "replay", REPLAY)]
    plain = [_losses(base, a, slices) for a in _adapters(base, slices, given.out / "plain", 0.0)]
    everything = [sample for one in slices[:-1] for sample in one.samples]
    once = _losses(base, _learned(base, everything, given.out / "once", None), slices)
    (given.out / "losses.json").write_text(json.dumps({"replay": replaying, "plain": plain, "once": once}))
    heads = " | ".join(f"{k + 2}" for k in range(given.slices))
    print(f"\n| loss ahead, on slice | {heads} | mean | kept, slices 1-{given.slices} | kept, slice 1 |")
    print("|---|" + "---|" * (given.slices + 3))
    print(_row("base, untuned", [untuned] * given.slices))
    print(_row(f"increments, {REPLAY:.0%} replayed", replaying))
    print(_row("increments, nothing replayed", plain))
    print(f"| once over all | {'| ' * (given.slices - 1)}| {once[-1]:.3f} | {mean(once[:-1]):.3f} | {once[0]:.3f} |")


if __name__ == "__main__":
    main()

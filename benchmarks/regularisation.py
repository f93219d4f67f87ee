"""What holds a small history's adapter back from learning by heart: dropout, weight decay, and the adapter's strength.

    python -m benchmarks.regularisation REPOSITORY --out FOLDER [--commits 100] [--samples N] [--epochs N]

Three slices of the newest commits, each later than the one before: to learn from, to choose by (when to stop, how
strong the adapter is to be), and to judge by, which decided nothing. One training for each value, in turn, all on the
same samples in the same order; losses in nats a token. `choice` is the loss on the second slice, where it was least and
after all epochs; `later` is the loss on the third slice, of the adapter that was stopped early and of the one after all
epochs, each as it is and at the strength that the second slice chose. After it stands the paired difference to the
untuned base's with its standard error. Every row stays in FOLDER: a run that was interrupted goes on.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch
from safetensors import safe_open

from codetune_git.domain import Commit
from codetune_git.git.history import walk
from codetune_git.git.repository import Repository
from codetune_git.model.base.base_model import EMBEDDED, BaseModel, open_base
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import CheckpointConfig, Probe, TrainingConfig
from codetune_git.model.training.fit import fit
from codetune_git.model.training.lora_trainer import LoraTrainer
from codetune_git.model.training.scaling import chosen_scale, gain, losses_of
from codetune_git.process.workers import mapped
from codetune_git.samples.history import MixtureSettings
from codetune_git.samples.mixture import history_samples
from codetune_git.text.hunks import ContextSize

SEED = 0
CHOSEN_BY, JUDGED_BY = 30, 60  # commits
HELD_OUT, JUDGED = 32, 80  # samples of them
# Half the context of a training and more of the kinds that can be learned by heart: more steps in the time.
MIXTURE = MixtureSettings(context=ContextSize(before=500, after=150), draws=1, next_token=0.3)
USUAL = TrainingConfig(
    budget_seconds=1e6, epochs=5.0, batch_samples=8, evaluations=8, patience=1000, precision="fp32", seed=SEED
)
VARIANTS = {
    "neither": {},
    "dropout 0.05": {"dropout": 0.05},
    "dropout 0.1": {"dropout": 0.1},
    "weight decay 0.01": {"weight_decay": 0.01},
    "weight decay 0.1": {"weight_decay": 0.1},
}


@dataclass(frozen=True, slots=True)
class Slices:
    samples: tuple[Example, ...]
    choice: tuple[Example, ...]
    later: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """The losses of the third slice's samples: by an adapter as it was trained, and at the `scale` that was chosen."""

    plain: list[float]
    scale: float
    scaled: list[float]


@dataclass(frozen=True, slots=True)
class Row:
    """What is measured of one training: `early` is its adapter that was stopped early, `end` that of the last step."""

    name: str
    training: float
    best: float
    last: float
    at: str
    said: str
    early: Later
    end: Later


def _samples(base: BaseModel, commits: Sequence[Commit], most: int) -> tuple[Example, ...]:
    rng = random.Random(SEED)
    found, _ = history_samples(commits, rng=rng, settings=MIXTURE, each=mapped)
    drawn = rng.sample(found, min(len(found), most))
    return encode_samples(drawn, base.family, load_tokenizer(base.folder), base.budget)[0]


def _slices(base: BaseModel, repository: Path, commits: int, samples: int) -> Slices:
    newest = list(walk(Repository.open(repository), "HEAD", limit=commits + CHOSEN_BY + JUDGED_BY))
    learned, chosen = newest[: -CHOSEN_BY - JUDGED_BY], newest[-CHOSEN_BY - JUDGED_BY : -JUDGED_BY]
    return Slices(
        _samples(base, learned, samples),
        _samples(base, chosen, HELD_OUT),
        _samples(base, newest[-JUDGED_BY:], JUDGED),
    )


def _later(trainer: LoraTrainer, slices: Slices) -> Later:
    scale, _ = chosen_scale(trainer, slices.choice, TrainingConfig(0.0).scales, lambda: True)
    plain = losses_of(trainer, slices.later, 1.0)
    return Later(plain, scale, plain if scale == 1.0 else losses_of(trainer, slices.later, scale))


def _at_the_end(file: Path) -> dict[str, torch.Tensor]:
    """The adapter after the last step, from what the training has kept to go on from, named as PEFT stores it."""
    prefix = "learner/weights/"
    with safe_open(file, "pt") as opened:
        names = [name for name in opened.keys() if name.startswith(prefix)]  # noqa: SIM118 (not a mapping)
        return {name.removeprefix(prefix).replace(".default", ""): opened.get_tensor(name) for name in names}


def _learned(base: BaseModel, slices: Slices, name: str, settings: TrainingConfig, out: Path) -> Row:
    stem = name.replace(" ", "-")
    file, kept = out / f"{stem}.json", out / f"{stem}.safetensors"
    if file.exists():
        found = json.loads(file.read_text())
        return Row(**{**found, "early": Later(**found["early"]), "end": Later(**found["end"])})
    others = tuple(one.sample for one in slices.later if one.sample)
    report = fit(
        base,
        slices.samples,
        slices.choice,
        settings=replace(settings, scales=()),
        out=out / stem,
        checkpoint=CheckpointConfig(kept, seconds=60.0),
        probe=Probe(others, seconds=60.0),
    )
    trainer = LoraTrainer(base, settings, out / stem)
    early = _later(trainer, slices)
    trainer.load_adapter(_at_the_end(kept))
    looks = [point for point in report.curve if point.held_out_loss is not None]
    best = min(looks, key=lambda point: point.held_out_loss or 0.0)
    row = Row(
        name,
        report.curve[-1].training_loss,
        best.held_out_loss or 0.0,
        looks[-1].held_out_loss or 0.0,
        f"{best.step} of {report.steps}",
        str(report.memorised).removeprefix("memorised: "),
        early,
        _later(trainer, slices),
    )
    file.write_text(json.dumps(asdict(row)))
    return row


def _said(row: Row, untuned: Sequence[float], weights: Sequence[float]) -> str:
    """A row of the table."""

    def beside(later: Later) -> str:
        parts = []
        for losses in (later.plain, later.scaled):
            less, error = gain(untuned, losses, weights)
            parts.append(f"{sum(losses) / sum(weights):.4f} ({-less:+.4f} ± {error:.4f})")
        return f"{parts[0]} | {later.scale:g}: {parts[1]}"

    choice = f"{row.best:.4f} at {row.at} | {row.last:.4f}"
    return f"| {row.name} | {row.training:.3f} | {choice} | {beside(row.early)} | {beside(row.end)} | {row.said} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repository", type=Path)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--commits", type=int, default=100, help="to learn from")
    arguments.add_argument("--samples", type=int, default=64, help="of them")
    arguments.add_argument("--epochs", type=float, default=USUAL.epochs)
    arguments.add_argument("--rate", type=float, default=USUAL.learning_rate)
    arguments.add_argument("--only", nargs="*", choices=VARIANTS, help="these alone")
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    base, settings = open_base(EMBEDDED), replace(USUAL, epochs=given.epochs, learning_rate=given.rate)
    slices = _slices(base, given.repository, given.commits, given.samples)
    weights = [sample.mass for sample in slices.later]
    bare = LoraTrainer(base, settings, None)
    untuned = losses_of(bare, slices.later, 1.0)
    print(f"{len(slices.samples)} samples of {given.commits} commits, {given.epochs:g} epochs at {given.rate:g}")
    print(f"base, untuned: choice {bare.evaluate(slices.choice):.4f}, later {sum(untuned) / sum(weights):.4f}\n")
    heads = "training | choice, least | choice, end | later, early | scaled | later, end | scaled | memorised, early"
    print(f"| | {heads} |\n|{'---|' * 9}")
    for name in given.only or VARIANTS:
        row = _learned(base, slices, name, replace(settings, **VARIANTS[name]), given.out)
        print(_said(row, untuned, weights), flush=True)


if __name__ == "__main__":
    main()

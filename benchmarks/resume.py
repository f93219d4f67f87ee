"""A training that is killed twice against one that is not: the same losses, step by step.

    python -m benchmarks.resume REPOSITORY [--steps 15] [--out docs/resume.svg]

Both train the embedded base on the repository's commits with dropout, by the same call of `fit`; the second one in
processes that get SIGKILL after a third and two thirds of the steps, with what they keep kept as often as by
`git codetune train`. Steps that were lost are learned twice and drawn twice. Says how far the two adapters and curves
lie apart, and what keeping costs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import load_file

from benchmarks.curves import drawn
from codetune_git.git.repository import Repository
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.prompts.family import Encoded
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import CheckpointConfig, StepMetrics, TrainingConfig, TrainingProgress
from codetune_git.model.training.fit import fit
from codetune_git.pipelines.commits import mine_commits
from codetune_git.pipelines.training_data import TrainingCommits, draw_training_data
from codetune_git.store import Cursor

_BATCH = 4
_COMMITS, _HELD_OUT = 60, 20
_SAMPLES = "samples.json"
_SECONDS = 600.0  # more than it takes: the budget must not decide

Said = list[tuple[int, float, float | None]]


def _draw(repository: Path, file: Path) -> None:
    """The samples of the newest commits, for all trainings: drawing them is not what is looked at here."""
    opened = Repository.open(repository)
    tip = opened.head()
    assert tip is not None, "a repository without commits"
    commits = mine_commits(opened, tip, Cursor()).commits
    held, older = commits[-_HELD_OUT:], commits[-_HELD_OUT - _COMMITS : -_HELD_OUT]
    data = draw_training_data(
        open_base(EMBEDDED), TrainingCommits(older, held=held), decided=(), seconds=_SECONDS, seed=0
    )
    file.write_text(json.dumps([[asdict(one) for one in some] for some in (data.examples, data.held_out[:16])]))


def _train(folder: Path, steps: int, name: str) -> None:
    """In a process of its own: a training that says step, loss and held-out loss in a line each."""

    def say(p: StepMetrics) -> None:
        if not p.resumed:
            print(json.dumps([p.step, p.loss, p.held_out_loss]), flush=True)

    samples, held_out = (
        [Example(Encoded(**one["encoded"]), one["weight"]) for one in some]
        for some in json.loads((folder / _SAMPLES).read_text())
    )
    settings = TrainingConfig(_SECONDS, dropout=0.1, batch_samples=_BATCH, epochs=1.0, precision="fp32")
    keep = CheckpointConfig(folder / f"{name}.safetensors")
    examples = samples[: steps * _BATCH]
    fit(open_base(EMBEDDED), examples, held_out, settings=settings, out=folder / name, checkpoint=keep, report=say)


def _heard(arguments: Sequence[str], kill_at: int | None) -> Said:
    """What a training says, until it ends or is killed after so many steps."""
    said: Said = []
    command = [sys.executable, "-m", "benchmarks.resume", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(tuple(json.loads(line)))
            if said[-1][0] == kill_at:
                process.kill()
    return said


def _cost(file: Path) -> tuple[float, float]:
    """Megabytes of what was kept, and seconds to write it."""
    from codetune_git.model.training.checkpoint import write_checkpoint

    with safe_open(file, "pt") as opened:
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 (not a mapping)
    begun = time.monotonic()
    write_checkpoint(file.with_name("again.safetensors"), "", TrainingProgress(False, 0.0), tensors)
    return file.stat().st_size / 1e6, time.monotonic() - begun


def _compared(repository: Path, steps: int, out: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _draw(repository, folder / _SAMPLES)
        arguments = [str(repository), "--steps", str(steps), "--into", name, "--name"]
        whole = _heard([*arguments, "whole"], None)
        kills = [len(whole) // 3, 2 * len(whole) // 3]
        parts = [_heard([*arguments, "killed"], kill) for kill in (*kills, None)]
        weights = [load_file(folder / one / "adapter_model.safetensors") for one in ("whole", "killed")]
        apart = max(float((weights[0][key] - weights[1][key]).abs().max()) for key in weights[0])
        size, seconds = _cost(folder / "killed.safetensors")
    expected = {step: (loss, held) for step, loss, held in whole}
    loss_apart = max(abs(loss - expected[step][0]) for part in parts for step, loss, _ in part)
    held_apart = max(abs((held or 0) - (expected[step][1] or 0)) for part in parts for step, _, held in part)
    twice = sum(map(len, parts)) - len(whole)
    print(f"{len(whole)} steps; killed after {kills[0]} and {kills[1]}, {twice} steps learned twice")
    print(f"apart at most: weights {apart:.1e}, loss {loss_apart:.1e}, held-out loss {held_apart:.1e} nats")
    print(f"kept: {size:.1f} MB, written durably in {seconds:.2f} s")
    names = ("undisturbed", f"killed after {kills[0]} steps", f"gone on, killed after {kills[1]}", "gone on to the end")
    curves = {name: [(step, loss) for step, loss, _ in said] for name, said in zip(names, (whole, *parts), strict=True)}
    out.write_text(drawn(curves, across="step", up="training loss, nats a token"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--out", type=Path, default=Path("docs/resume.svg"))
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.into:
        _train(given.into, given.steps, given.name)
    else:
        _compared(given.repository, given.steps, given.out)


if __name__ == "__main__":
    main()

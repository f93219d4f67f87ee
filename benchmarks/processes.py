"""One process and two under torch's launcher, on a CPU, at the same global batch: the loss of both along the steps.

    python -m benchmarks.processes REPOSITORY --out FILE.svg [--samples N]

Prints the greatest difference of the two curves and of the two adapters, and draws the curves.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.curves import drawn
from benchmarks.throughput import Rows, examples_of, rows_of
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.training.config import StepMetrics, TrainingConfig

SEED, BATCH = 0, 16


def _child(data: Path, out: Path) -> None:
    from accelerate import Accelerator

    from codetune_git.model.training.fit import fit

    rows: Rows = json.loads(data.read_text(encoding="utf-8"))
    seen: list[float] = []

    def note(progress: StepMetrics) -> None:
        seen.append(progress.loss)

    settings = TrainingConfig(budget_seconds=1e6, epochs=1.0, precision="fp32", batch_samples=BATCH, seed=SEED)
    fit(open_base(EMBEDDED), examples_of(rows), (), settings=settings, out=out, report=note)
    if Accelerator().is_main_process:
        out.with_suffix(".json").write_text(json.dumps(seen), encoding="utf-8")


def _trained(processes: int, data: Path, out: Path) -> list[float]:
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes), "--module"]
    own = ["benchmarks.processes", "--child", str(data), "--out", str(out)]
    subprocess.run([sys.executable, *launch, *own], check=True)
    losses: list[float] = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    return losses


def _difference(one: Path, two: Path) -> float:
    from safetensors.numpy import load_file

    from codetune_git.weight_files import WEIGHTS

    left, right = load_file(one / WEIGHTS), load_file(two / WEIGHTS)
    return max(float(abs(left[name] - right[name]).max()) for name in left)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("source", type=Path, nargs="?", help="the repository")
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--samples", type=int, default=320)
    arguments.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.child:
        _child(given.child, given.out)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = folder / "rows.json"
        data.write_text(json.dumps(rows_of(given.source, open_base(EMBEDDED), given.samples)), encoding="utf-8")
        one, two = (_trained(n, data, folder / f"of-{n}") for n in (1, 2))
        print(
            f"{len(one)} steps of {BATCH} samples; the curves differ by at most "
            f"{max(abs(a - b) for a, b in zip(one, two, strict=True)):.2g} nats, "
            f"the adapters by {_difference(folder / 'of-1', folder / 'of-2'):.2g}"
        )
    curves = {"one process": list(enumerate(one, 1)), "two processes": list(enumerate(two, 1))}
    given.out.write_text(drawn(curves, across="step", up="loss of the last ten steps, nats a token"), encoding="utf-8")


if __name__ == "__main__":
    main()

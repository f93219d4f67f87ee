"""Speed: the light runtime against transformers + peft, each in a fresh process, scoring the same 20-line hunk.

    python -m benchmarks.runtime [--base FOLDER] [--rounds 5] [--threads 1]

An adapter is trained for a moment and compiled; then every runtime is started, loaded and asked, in turns, so that a
busy machine disturbs all alike. Times are medians of wall-clock seconds. The error is that of the gaps, in nats,
against torch.
"""

from __future__ import annotations

import argparse
import inspect
import json
import subprocess
import sys
import tempfile
import textwrap
from importlib.metadata import files
from pathlib import Path
from statistics import mean, median
from typing import Any

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.base.base_model import EMBEDDED, BaseModel, open_base
from codetune_git.model.scoring.compile import EXACT, SMALL, compile_adapter
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import encode_samples
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.fit import fit

_HUNK_LINES = 20

# Runs in the fresh process; prints seconds to load, seconds for the first and for the following hunks, and the gaps.
_CHILD = """
import json, sys, time
begun = time.monotonic()
from pathlib import Path
from codetune_git.domain import Question
kind, threads, questions, *folders = sys.argv[1:]
if kind == "light":
    from codetune_git.model.scoring.light_runtime import LightModel
    model = LightModel.load(Path(folders[0]), threads=int(threads))
else:
    import torch
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.scoring.torch_runtime import TorchModel
    torch.set_num_threads(int(threads))
    model = TorchModel.load(open_base(Path(folders[0])), Path(folders[1]))
loaded = time.monotonic()
asked = [Question(q[0], q[1], q[2], q[3], tuple(q[4])) for q in json.loads(questions)]
gaps = model.log_odds(asked[:1])
first = time.monotonic()
for question in asked[1:]:
    gaps += model.log_odds([question])
last = time.monotonic()
print(json.dumps([loaded - begun, first - loaded, (last - first) / (len(asked) - 1), gaps]))
"""


def questions() -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    """Six hunks of a module of the standard library, each with another spacing and other quotes as candidates."""
    lines = inspect.getsource(textwrap).splitlines(keepends=True)
    asked: list[tuple[str, str, str, str, tuple[str, ...]]] = []
    for start in range(100, 400, 50):
        staged = "".join(lines[start : start + _HUNK_LINES])
        around = "".join(lines[start - 60 : start]), "".join(lines[start + _HUNK_LINES : start + 40])
        candidates = (staged.replace(" = ", "="), staged.replace("'", '"'), staged.replace("(", "( "))
        asked.append(("textwrap.py", around[0], staged, around[1], candidates))
    return asked


def trained(base: BaseModel, folder: Path) -> Path:
    """An adapter that changes the base a little."""
    samples = [Sample(SampleKind.RESTORATION, q[0], q[1], q[4][1], q[3], q[2]) for q in questions()]
    examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
    fit(base, examples, (), settings=TrainingConfig(60, epochs=2, precision="fp32"), out=folder / "adapter")
    return folder / "adapter"


def started(kind: str, threads: int, folders: tuple[Path, ...]) -> list[Any]:
    arguments = [kind, str(threads), json.dumps(questions()), *map(str, folders)]
    ended = subprocess.run([sys.executable, "-c", _CHILD, *arguments], capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def installed(*names: str) -> float:
    """Megabytes of installed packages, without what they depend on."""
    paths = [path.locate() for name in names for path in files(name) or ()]
    return sum(Path(str(path)).stat().st_size for path in paths if Path(str(path)).is_file()) / 1e6


def errors(gaps: list[list[float]], right: list[list[float]]) -> list[float]:
    return [abs(a - b) for one, other in zip(gaps, right, strict=True) for a, b in zip(one, other, strict=True)]


def measure(base: BaseModel, rounds: int, threads: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        adapter = trained(base, folder)
        compile_adapter(base, adapter, folder / "exact", precision=EXACT)
        compile_adapter(base, adapter, folder / "small", precision=SMALL)
        runtimes = {
            "transformers + peft": ("torch", (base.folder, adapter)),
            "light, float16 stored": ("light", (folder / "exact",)),
            "light, int8 stored": ("light", (folder / "small",)),
        }
        runs: dict[str, list[list[Any]]] = {name: [] for name in runtimes}
        for _ in range(rounds):
            for name, (kind, folders) in runtimes.items():
                runs[name].append(started(kind, threads, folders))
        slow = [median(run[i] for run in runs["transformers + peft"]) for i in range(3)]
        right = runs["transformers + peft"][0][3]
        print(
            f"{'':22} {'load s':>8} {'ratio':>6} {'1st hunk':>9} {'hunk s':>8} {'ratio':>6} {'MB':>6}  gap error, nats"
        )
        for name, found in runs.items():
            load, first, hunk = (median(run[i] for run in found) for i in range(3))
            size = sum(megabytes(path) for path in runtimes[name][1])
            off = errors(found[0][3], right)
            times = f"{load:8.2f} {slow[0] / load:6.1f} {first:9.3f} {hunk:8.3f} {slow[2] / hunk:6.1f}"
            print(f"{name:22} {times} {size:6.1f}  mean {mean(off):.4f} max {max(off):.4f}")
    print(f"\ninstalled: ctranslate2 {installed('ctranslate2'):.0f} MB, ", end="")
    print(f"torch + transformers + peft {installed('torch', 'transformers', 'peft'):.0f} MB")


def main() -> None:
    arguments = argparse.ArgumentParser(description="The light runtime against transformers + peft.")
    arguments.add_argument("--base", type=Path, default=EMBEDDED, help="checkpoint folder (default: the embedded base)")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--threads", type=int, default=1)
    given = arguments.parse_args()
    measure(open_base(given.base), given.rounds, given.threads)


if __name__ == "__main__":
    main()

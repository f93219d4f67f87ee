"""Memory: what a training is estimated to take against what its process then takes.

    python -m benchmarks.memory [--base FOLDER ...] [--precision fp32 ...] [--tokens 2048] [--checkpointing] [--loose]

Without a base: the embedded one and a Llama of 65 million random weights. Each training runs in a fresh process on the
processor, on a module of the standard library; measured is the peak of its resident memory less what it held after a
step on a few tokens of the embedded base, when all libraries are loaded. The peak of loading is given beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from codetune_git.model.base.base_model import EMBEDDED
from codetune_git.model.base.dimensions import dimensions_of
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.memory import MemoryPlan, estimate

# Runs in the fresh process; prints bytes: resident before, at the peak of loading, at the peak of the training.
_CHILD = """
import argparse, gc, inspect, json, resource, sys, textwrap
from pathlib import Path
from codetune_git.model.base.loading import require_training
require_training()
import psutil, torch, transformers.models.llama.modeling_llama
from codetune_git.domain import Sample, SampleKind
from codetune_git.model.training import lora_trainer as room
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.prompts.family import Encoded
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.memory import MemoryPlan
from codetune_git.model.tokenizers.loading import load_tokenizer

folder, precision, tokens, checkpointing, eight_bit, loose, steps = json.loads(sys.argv[1])
torch.set_num_threads(1)
base = open_base(Path(folder))
lines = inspect.getsource(argparse).splitlines(keepends=True)
samples = []
for start in range(0, len(lines) - 220, 20):
    before, hunk, after = ("".join(lines[start + a : start + b]) for a, b in ((0, 80), (80, 100), (100, 140)))
    samples.append(Sample(SampleKind.RESTORATION, "argparse.py", before, hunk.replace('"', "'"), after, hunk))
    samples.append(Sample(SampleKind.NEXT_TOKEN, "argparse.py", "", "", "", "".join(lines[start : start + 200])))
examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
settings = TrainingConfig(600, batch_tokens=tokens)
room.LoraTrainer._planned = lambda *_: MemoryPlan(precision, tokens, checkpointing, eight_bit, loose)


def warmed_up():
    first = room.LoraTrainer(open_base(EMBEDDED), settings, None)
    first.bf16 = precision != "fp32"
    first.step([Example(Encoded((5,) * 64, (True,) * 64))], (0,), 1.0, 0)


warmed_up()
gc.collect()
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = psutil.Process().memory_info().rss
trainer = room.LoraTrainer(base, settings, None)
loaded = peak()
trainer.bf16 = precision != "fp32"
order = sorted(range(len(examples)), key=lambda i: -examples[i].length)
each = 2 * tokens // base.budget.total  # two parts: the second one finds what the first one left
for step in range(steps):
    trainer.step(examples, order[each * step :][:each], 1.0, step)
    state = trainer.adapter_state()
print(json.dumps([before, loaded, peak()]))
"""


def random_llama(folder: Path) -> Path:
    """65 million weights in the shape of a Llama, with the embedded base's tokenizer."""
    import torch
    import transformers

    sizes = {"hidden_size": 640, "intermediate_size": 1728, "num_hidden_layers": 12}
    config = transformers.LlamaConfig(
        **sizes, vocab_size=8192, num_attention_heads=10, num_key_value_heads=10, tie_word_embeddings=True
    )
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    transformers.AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16).save_pretrained(folder)
    shutil.copyfile(EMBEDDED / "tokenizer.json", folder / "tokenizer.json")
    return folder


def measured(folder: Path, plan: MemoryPlan, steps: int) -> list[int]:
    given = [str(folder), plan.precision, plan.batch_tokens, plan.checkpointing, plan.eight_bit, plan.loose, steps]
    ended = subprocess.run(
        [sys.executable, "-c", _CHILD, json.dumps(given)],
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        sys.exit(ended.stderr)
    found: list[int] = json.loads(ended.stdout.splitlines()[-1])
    return found


def compare(folders: list[Path], plans: list[MemoryPlan], steps: int) -> None:
    print(f"{'base':14} {'M weights':>9}  {'plan':58} {'estimate':>8} {'measured':>8} {'ratio':>6} {'loading':>8}")
    for folder in folders:
        shape = dimensions_of(folder)
        for plan in plans:
            expected = estimate(shape, plan, rank=TrainingConfig(0).rank).total
            before, loaded, peak = measured(folder, plan, steps)
            sums = f"{expected / 1e6:8.0f} {(peak - before) / 1e6:8.0f} {expected / (peak - before):6.2f}"
            weights = f"{shape.parameters / 1e6:9.1f}"
            print(f"{folder.name:14} {weights}  {plan!s:58} {sums} {(loaded - before) / 1e6:8.0f}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Estimated against measured memory of a training, in MB.")
    arguments.add_argument("--base", type=Path, nargs="+", help="checkpoint folders")
    arguments.add_argument("--precision", nargs="+", default=["fp32", "bf16", "nf4"], choices=["fp32", "bf16", "nf4"])
    arguments.add_argument("--tokens", type=int, default=2048)
    arguments.add_argument("--steps", type=int, default=2)
    arguments.add_argument("--checkpointing", action="store_true", help="also with gradient checkpointing")
    arguments.add_argument("--loose", action="store_true", help="let the allocator keep what was freed")
    given = arguments.parse_args()
    plans = [MemoryPlan(precision, given.tokens, loose=given.loose) for precision in given.precision]
    if given.checkpointing:
        plans += [replace(plan, checkpointing=True, eight_bit=True) for plan in plans]
    with tempfile.TemporaryDirectory() as name:
        compare(given.base or [EMBEDDED, random_llama(Path(name) / "random")], plans, given.steps)


if __name__ == "__main__":
    main()

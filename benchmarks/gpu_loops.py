"""One part of `benchmarks.gpu`, in a process of its own: imports all it needs, waits for a line, measures, writes JSON.

    python -m benchmarks.gpu_loops PART OUT [--tiny] < line

The base is a Llama of random weights. Each loop makes the same steps from the same batches, 16 samples a step, in bf16;
the first steps are not measured. Tokens are counted without padding. Memory is torch's own count.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from benchmarks import gpu_memory
from benchmarks.throughput import Rows, clocked, examples_of, now, sft_trainer_of, tokenizer_of, trainer_of
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.base.loading import require_training
from codetune_git.model.training.batching import shuffled_batches
from codetune_git.model.training.memory import MemoryPlan, estimate

_SAMPLES = 16
_WHOLE, _COUNTING = 0.25, 0.2  # of the samples all tokens count, of the others the last part


@dataclass(frozen=True, slots=True)
class Base:
    """Sizes as transformers names them, how it is held, and the steps of a loop: before measuring, and measured."""

    sizes: dict[str, int]
    plan: MemoryPlan
    unmeasured: int
    measured: int
    longest: int = 1024

    @property
    def vocabulary(self) -> int:
        return self.sizes["vocab_size"]


@dataclass(frozen=True, slots=True)
class Speed:
    """`peak`: bytes at the height of training, `estimated` and `taken`: where all tokens count and fill the plan."""

    plan: str
    tokens_per_second: float
    counting_per_second: float
    peak: int
    estimated: int | None = None
    taken: int | None = None


def _sizes(hidden: int, inner: int, layers: int, heads: int, keys: int, vocabulary: int) -> dict[str, int]:
    return {
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": keys,
        "vocab_size": vocabulary,
    }


LEAN = MemoryPlan("nf4", 4096, checkpointing=True, eight_bit=True)
BASES = {
    "135M": Base(_sizes(576, 1536, 30, 9, 3, 49152), MemoryPlan("bf16", 4096), 3, 10),  # SmolLM2
    "3B": Base(_sizes(3072, 8192, 28, 24, 8, 128256), LEAN, 1, 2),  # Llama 3.2
}
TINY = _sizes(64, 128, 2, 4, 2, 512)
# Of the estimates; heads that share their keys read attention in another way.
_MIDDLING = {"65M": _sizes(640, 1728, 12, 10, 10, 8192), "65M, shared keys": _sizes(640, 1728, 12, 10, 2, 8192)}


def _rows(base: Base) -> Rows:
    """All steps' samples, one batch after the other, each of similar lengths."""
    rng = random.Random(0)
    count = _SAMPLES * (base.unmeasured + base.measured)
    lengths = [rng.randint(base.longest // 8, base.longest) for _ in range(count)]
    order = [index for batch in shuffled_batches(lengths, rng, samples=_SAMPLES) for index in batch]
    rows = []
    for index in order:
        length = lengths[index]
        counting = length - 1 if rng.random() < _WHOLE else int(length * _COUNTING)
        ids = gpu_memory.random_ids(length, base.vocabulary, index)
        rows.append({"ids": list(ids), "loss": [0] * (length - counting) + [1] * counting})
    return rows


def _speed(base: Base, rows: Rows, seconds: float, **more: Any) -> Speed:
    measured = rows[_SAMPLES * base.unmeasured :]
    read, counting = (sum(sum(row["loss"]) if which else len(row["ids"]) for row in measured) for which in (0, 1))
    peak = torch.cuda.max_memory_allocated()
    return Speed(str(base.plan), read / seconds, counting / seconds, peak, **more)


def ours(base: Base) -> Speed:
    rows, model = _rows(base), gpu_memory.random_llama(base.sizes, base.plan)
    trainer = gpu_memory.trainer_on(model, base.plan)
    examples = examples_of(rows)
    gpu_memory.count_anew()
    start = 0.0
    for number in range(base.unmeasured + base.measured):
        if number == base.unmeasured:
            start = now()
        trainer.step(examples, tuple(range(_SAMPLES * number, _SAMPLES * (number + 1))), 1.0, number)
    return _with_estimate(base, _speed(base, rows, now() - start), lambda: trainer)


def _with_estimate(base: Base, speed: Speed, trainer: Callable[[], Any]) -> Speed:
    """What is held already when this is asked, weights, adapter and averages, is a part of what is taken."""
    held = torch.cuda.memory_allocated()
    found = gpu_memory.taken(trainer, base.vocabulary)
    expected = estimate(gpu_memory.shape_of_llama(base.sizes), base.plan, rank=gpu_memory.SETTINGS.rank).total
    return replace(speed, estimated=expected, taken=held + found.training)


def _others(base: Base, made: Callable[..., Any]) -> Speed:
    rows, model = _rows(base), gpu_memory.random_llama(base.sizes, base.plan)
    changes = {
        "train_sampling_strategy": "sequential",
        "gradient_checkpointing": base.plan.checkpointing,
        "gradient_checkpointing_kwargs": {"use_reentrant": False},
        "optim": "adamw_bnb_8bit" if base.plan.eight_bit else "adamw_torch_fused",
    }
    with tempfile.TemporaryDirectory() as folder:
        trainer = made(model, tokenizer_of(open_base(EMBEDDED)), rows, folder, **changes)
        gpu_memory.count_anew()
        return _speed(base, rows, clocked(trainer, base.unmeasured))


def _plain(base: Base) -> Speed:
    return _others(base, trainer_of)


def _trl(base: Base) -> Speed:
    return _others(base, sft_trainer_of)


def estimates(tiny: bool) -> list[dict[str, Any]]:
    """What trainings are said to take, and what they take; one that fails says so and ends none of the others."""
    gpu_memory.warm_up()
    plans = [
        MemoryPlan("fp32", 4096),
        MemoryPlan("bf16", 4096),
        MemoryPlan("bf16", 4096, checkpointing=True),
        MemoryPlan("nf4", 4096),
        LEAN,
    ]
    if tiny:
        plans = [replace(plan, batch_tokens=1024) for plan in plans]
    found = []
    for name, sizes in ({"tiny": TINY} if tiny else _MIDDLING).items():
        shape = gpu_memory.shape_of_llama(sizes)
        for plan in plans:
            row: dict[str, Any] = {"base": name, "plan": str(plan)}
            try:
                expected = estimate(shape, plan, rank=gpu_memory.SETTINGS.rank).total
                real = gpu_memory.taken(lambda: _exact(sizes, plan), sizes["vocab_size"])  # noqa: B023 (called at once)
                row |= {"estimated": expected, "taken": real.training, "loading": real.loading}
            except Exception as error:
                row["failed"] = repr(error)
            found.append(row)
    return found


def _exact(sizes: dict[str, int], plan: MemoryPlan) -> Any:
    """Weights in full precision are trained in full precision."""
    trainer = gpu_memory.trainer_on(gpu_memory.random_llama(sizes, plan), plan)
    trainer.bf16 = plan.precision != "fp32"
    return trainer


def _as_planned(base: Base) -> Speed:
    """As the tool holds a small base by itself: in full precision, multiplied with in bf16."""
    return ours(replace(base, plan=MemoryPlan("fp32", base.plan.batch_tokens)))


def _at_once(base: Base) -> Speed:
    """With a step's samples read all at once, as the other loops do."""
    return ours(replace(base, plan=replace(base.plan, batch_tokens=_SAMPLES * base.longest)))


LOOPS: dict[str, Callable[[Base], Speed]] = {
    "codetune": ours,
    "codetune, fp32": _as_planned,
    "codetune, whole steps": _at_once,
    "Trainer": _plain,
    "SFTTrainer": _trl,
}
ESTIMATES = "estimates"
_COMPARED = ("codetune", "Trainer", "SFTTrainer")
# The last ones are what can best be done without.
PARTS = (
    *(f"{base}: {loop}" for base in BASES for loop in _COMPARED),
    ESTIMATES,
    *(f"135M: {loop}" for loop in LOOPS if loop not in _COMPARED),
)


def _tiny(base: Base) -> Base:
    return replace(base, sizes=TINY, plan=replace(base.plan, batch_tokens=1024), unmeasured=1, measured=1, longest=48)


def _found(part: str, tiny: bool) -> Any:
    if part == ESTIMATES:
        return estimates(tiny)
    name, _, loop = part.partition(": ")
    return asdict(LOOPS[loop](_tiny(BASES[name]) if tiny else BASES[name]))


def _import_for(part: str) -> None:
    """All that takes time, before it is this part's turn."""
    require_training()
    names = ["transformers.models.llama.modeling_llama"]
    names += ["transformers.trainer"] * ("Trainer" in part)
    names += ["trl.trainer.sft_trainer"] * ("SFTTrainer" in part)
    names += ["bitsandbytes"] * (not part.startswith("135M"))
    for name in names:
        import_module(name)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("part", choices=PARTS)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--tiny", action="store_true", help="on bases of a few thousand weights: to try it out")
    given = arguments.parse_args()
    _import_for(given.part)
    if not sys.stdin.readline():
        return  # who started it has ended
    given.out.write_text(json.dumps(_found(given.part, given.tiny)))


if __name__ == "__main__":
    main()

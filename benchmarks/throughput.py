"""How many tokens a second training reads, beside transformers' Trainer and TRL's SFTTrainer on the same data.

    python -m benchmarks.throughput REPOSITORY [--base FOLDER] [--samples N] [--rounds N]

One pass over the same N samples of the repository's history, 16 a step, LoRA on all linear layers, fp32 on a CPU and
bf16 on a GPU, each loop in a process of its own, one after the other, in turns; the table has each loop's median.
Tokens are counted without padding, once as read and once as counting in the loss; memory is the process's peak.
The other loops get what their users would turn on: batches of similar length, no reports, no checkpoints.
TRL is asked where it is installed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codetune_git.model.base.base_model import EMBEDDED, BaseModel, open_base
from codetune_git.model.prompts.family import Encoded
from codetune_git.model.training.batching import Example, shuffled_batches

BATCH, RATE, SEED = 16, 3e-4, 0
Rows = list[dict[str, list[int]]]


def rows_of(repository: Path, base: BaseModel, count: int) -> Rows:
    """The first samples of a training there, as token ids and loss mask."""
    from codetune_git.git.history import walk
    from codetune_git.git.repository import Repository
    from codetune_git.pipelines.training_data import TrainingCommits, draw_training_data

    commits = list(walk(Repository.open(repository), "HEAD", limit=400))
    data = draw_training_data(base, TrainingCommits(commits), decided=(), seconds=1e4, seed=SEED)
    encoded = [example.encoded for example in data.examples[:count]]
    return [{"ids": list(one.ids), "loss": [int(counts) for counts in one.loss]} for one in encoded]


def examples_of(rows: Rows) -> list[Example]:
    return [Example(Encoded(tuple(row["ids"]), tuple(map(bool, row["loss"])))) for row in rows]


def now() -> float:
    """When all is done that a GPU was told to do."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def _ours(base: BaseModel, rows: Rows) -> float:
    from codetune_git.model.training.config import TrainingConfig
    from codetune_git.model.training.lora_trainer import LoraTrainer

    examples = examples_of(rows)
    trainer = LoraTrainer(base, TrainingConfig(budget_seconds=1e9, learning_rate=RATE, seed=SEED), None)
    trainer.bf16 = not trainer.on_cpu
    batches = shuffled_batches([example.length for example in examples], random.Random(SEED), samples=BATCH)
    start = now()
    for number, batch in enumerate(batches):
        trainer.step(examples, batch, 1.0, number)
    return now() - start


def lora() -> Any:
    from peft import LoraConfig

    return LoraConfig(task_type="CAUSAL_LM", r=16, lora_alpha=32, use_rslora=True, target_modules="all-linear")


def _usual(folder: str, changes: dict[str, Any]) -> dict[str, Any]:
    """What both of the other loops are told."""
    import torch

    usual = {
        "output_dir": folder,
        "per_device_train_batch_size": BATCH,
        "num_train_epochs": 1,
        "learning_rate": RATE,
        "train_sampling_strategy": "group_by_length",
        "bf16": torch.cuda.is_available(),
        "gradient_checkpointing": False,
        "logging_strategy": "no",
        "save_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "seed": SEED,
    }
    return {**usual, **changes}


def clocked(trainer: Any, unmeasured: int = 0) -> float:
    """Seconds that the training takes after so many steps, in which a GPU still loads its kernels."""
    from transformers import TrainerCallback

    class Clock(TrainerCallback):  # type: ignore[misc]
        start = end = 0.0

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.start = now()

        def on_step_end(self, _: Any, state: Any, *__: Any, **___: Any) -> None:
            if state.global_step == unmeasured:
                self.start = now()

        def on_train_end(self, *_: Any, **__: Any) -> None:
            self.end = now()

    clock = Clock()
    trainer.add_callback(clock)
    trainer.train()
    return clock.end - clock.start


def tokenizer_of(base: BaseModel) -> Any:
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast(
        tokenizer_file=str(base.folder / "tokenizer.json"), pad_token="<eos>", eos_token="<eos>"
    )


def trainer_of(model: Any, tokenizer: Any, rows: Rows, folder: str, **changes: Any) -> Any:
    """transformers' Trainer on plain PEFT; `changes` of its usual arguments."""
    from peft import get_peft_model
    from transformers import DataCollatorForSeq2Seq, Trainer, TrainingArguments

    data = [
        {
            "input_ids": row["ids"],
            "attention_mask": [1] * len(row["ids"]),
            "labels": [token if counts else -100 for token, counts in zip(row["ids"], row["loss"], strict=True)],
        }
        for row in rows
    ]
    return Trainer(
        get_peft_model(model, lora()),
        TrainingArguments(**_usual(folder, changes)),
        data_collator=DataCollatorForSeq2Seq(tokenizer, pad_to_multiple_of=8),
        train_dataset=data,
    )


def sft_trainer_of(model: Any, tokenizer: Any, rows: Rows, folder: str, **changes: Any) -> Any:
    """TRL's; `changes` of its usual arguments."""
    import pyarrow
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    table = pyarrow.table({"input_ids": [r["ids"] for r in rows], "completion_mask": [r["loss"] for r in rows]})
    data = Dataset(table, fingerprint="rows")  # made from memory once: nothing is looked up by it
    return SFTTrainer(
        model,
        SFTConfig(**_usual(folder, changes), max_length=None, completion_only_loss=True),
        train_dataset=data,
        processing_class=tokenizer,
        peft_config=lora(),
    )


def _trainer(base: BaseModel, rows: Rows) -> float:
    from codetune_git.model.base.loading import load_model

    with tempfile.TemporaryDirectory() as folder:
        return clocked(trainer_of(load_model(base), tokenizer_of(base), rows, folder))


def _trl(base: BaseModel, rows: Rows) -> float:
    from codetune_git.model.base.loading import load_model

    with tempfile.TemporaryDirectory() as folder:
        return clocked(sft_trainer_of(load_model(base), tokenizer_of(base), rows, folder))


LOOPS: dict[str, Callable[[BaseModel, Rows], float]] = {"codetune": _ours, "Trainer": _trainer, "SFTTrainer": _trl}


def _one(loop: str, base: Path, data: Path) -> None:
    seconds = LOOPS[loop](open_base(base), json.loads(data.read_text(encoding="utf-8")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mebibytes": peak}))


def _measured(loop: str, base: Path, data: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.throughput", "--loop", loop, "--base", str(base), str(data)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _table(rows: Rows, runs: dict[str, list[dict[str, float]]]) -> None:
    read, counting = (sum(sum(row["loss"]) if which else len(row["ids"]) for row in rows) for which in (0, 1))
    print(f"{len(rows)} samples, {read} tokens, {counting} of them in the loss\n")
    print("| loop | tokens/s read | in the loss | peak MiB | time of codetune / its time |\n|---|---|---|---|---|")
    ours = statistics.median(run["seconds"] for run in runs["codetune"])
    for loop, some in runs.items():
        seconds = statistics.median(run["seconds"] for run in some)
        peak = max(run["mebibytes"] for run in some)
        print(f"| {loop} | {read / seconds:.0f} | {counting / seconds:.0f} | {peak:.0f} | {seconds / ours:.2f} |")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("source", type=Path, help="the repository")
    arguments.add_argument("--base", type=Path, default=EMBEDDED)
    arguments.add_argument("--samples", type=int, default=480)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--loop", choices=sorted(LOOPS), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.loop:
        _one(given.loop, given.base, given.source)
        return
    rows = rows_of(given.source, open_base(given.base), given.samples)
    loops = [loop for loop in LOOPS if loop != "SFTTrainer" or find_spec("trl")]
    runs: dict[str, list[dict[str, float]]] = {loop: [] for loop in loops}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "rows.json"
        data.write_text(json.dumps(rows), encoding="utf-8")
        for _ in range(given.rounds):
            for loop in loops:
                runs[loop].append(_measured(loop, given.base, data))
    _table(rows, runs)


if __name__ == "__main__":
    main()

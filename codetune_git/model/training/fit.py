"""Trains a LoRA adapter within a time budget and leaves it as a PEFT folder, whole or not at all.

Knows the order of the steps, the clock and the budget. Does not know torch (lora_trainer.py does), where
samples come from or what becomes of the adapter.

1 load the base, and the parent adapter or a fresh one
2 rehearse a step: is bf16 faster here, and how many tokens a second?
3 plan the steps that fit into what is left of the budget; too many samples: the first ones
4 the loss on the held-out samples before
5 train; where the machine turns out slower, plan fewer steps; evaluate on the held-out samples from time to time;
  write checkpoints, if that is wanted: after an interruption the same call goes on here
6 give the best adapter seen the strength that suits the held-out samples; ask it what it says by heart
7 write it beside its place, rename
"""

from __future__ import annotations

import json
import math
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codetune_git.errors import DataRefused, Unavailable, UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.loading import out_of_memory, require_training
from codetune_git.model.training.batching import Batch, Example, padded
from codetune_git.model.training.config import (
    CheckpointConfig,
    Probe,
    StepMetrics,
    StopReason,
    TrainingConfig,
    TrainingProgress,
    TrainingReport,
)
from codetune_git.model.training.devices import give_back_what_was_freed
from codetune_git.model.training.plan import make_plan
from codetune_git.weight_files import CONFIG, WEIGHTS

if TYPE_CHECKING:
    from codetune_git.model.training.checkpoint import StateDict
    from codetune_git.model.training.lora_trainer import LoraTrainer
    from codetune_git.model.training.state import TrainingState

# What all looks at the held-out samples together may cost of the time for learning.
_EVALUATION_SHARE = 0.1
_STEPS_BETWEEN_LOOKS = 4
# A look costs about this part of learning from as many tokens.
_LOOK_COST = 0.4
_FEWEST_HELD_OUT = 16
# bf16 must gain this much to be worth its rounding.
_BF16_GAIN = 1.1
# Enough samples to know the speed; on a busy core a whole batch would cost more than it saves.
_REHEARSED = 4


def _timed(trainer: LoraTrainer, samples: Sequence[Example], batch: Batch) -> float:
    """Seconds for one step, at the second try: the first one also prepares kernels."""
    trainer.rehearse(samples, batch)
    start = time.monotonic()
    trainer.rehearse(samples, batch)
    return time.monotonic() - start


def _bf16_pays(trainer: LoraTrainer, samples: Sequence[Example], batch: Batch) -> bool:
    """Whether bf16 is faster here: on many processors it is several times slower, so little is tried."""
    trainer.bf16 = False
    exact = _timed(trainer, samples, batch)
    trainer.bf16 = True
    return _timed(trainer, samples, batch) * _BF16_GAIN < exact


def _rehearsed(trainer: LoraTrainer, samples: Sequence[Example], settings: TrainingConfig) -> float:
    """Step 2: sets the precision; returns padded tokens a second of one device."""
    lengths = [sample.length for sample in samples]
    middle = sorted(range(len(samples)), key=lambda index: lengths[index])
    each = max(1, min(_REHEARSED, settings.batch_samples // trainer.devices))
    start = max(0, (len(middle) - each) // 2)
    batch = tuple(middle[start : start + each])
    if settings.precision == "auto" and trainer.on_cpu and trainer.plan.precision == "fp32":
        trainer.bf16 = trainer.broadcast(_bf16_pays(trainer, samples, batch[:1]))
    else:
        trainer.bf16 = settings.precision != "fp32"
    seconds = _timed(trainer, samples, batch)
    return trainer.broadcast(padded(lengths, batch) / seconds)


def _slice(held_out: Sequence[Example], tokens: float) -> tuple[Example, ...]:
    """Evenly spread held-out samples with about so many tokens in all, sixteen at least."""
    whole = sum(example.length for example in held_out)
    count = min(len(held_out), max(_FEWEST_HELD_OUT, int(len(held_out) * tokens / max(1, whole))))
    return tuple(held_out[i * len(held_out) // count] for i in range(count)) if count else ()


def _batches(samples: Sequence[Example], settings: TrainingConfig, tokens: float) -> tuple[Batch, ...]:
    """Step 3, from nothing but what is given: a training that goes on follows the plan that it began with."""
    lengths = [sample.length for sample in samples]
    rng = random.Random(settings.seed)
    return make_plan(lengths, tokens, rng, samples=settings.batch_samples, epochs=settings.epochs).batches


def _steps_between_looks(steps: int, settings: TrainingConfig) -> int:
    return max(_STEPS_BETWEEN_LOOKS, round(steps / settings.evaluations))


def _begun(trainer: LoraTrainer, samples: Sequence[Example], settings: TrainingConfig, ends: float) -> TrainingProgress:
    """Steps 2 and 3: all that is measured on the clock, once for a training whose learning `ends` then."""
    speed = _rehearsed(trainer, samples, settings)
    left = trainer.broadcast(ends - time.monotonic()) * (1 - _EVALUATION_SHARE)
    tokens = max(0.0, left) * speed * trainer.devices
    batches = _batches(samples, settings, tokens)
    lengths = [sample.length for sample in samples]
    learning = sum(padded(lengths, batch) for batch in batches) / trainer.devices / speed
    share = min(settings.budget_seconds, learning) * _EVALUATION_SHARE / (settings.evaluations + 2)
    looked_at = trainer.broadcast(share * speed / _LOOK_COST)
    due = _steps_between_looks(len(batches), settings)
    return TrainingProgress(trainer.bf16, tokens, looked_at, len(batches), due)


def _train(
    state: TrainingState,
    samples: Sequence[Example],
    held_out: Sequence[Example],
    *,
    batches: Sequence[Batch],
    report: Callable[[StepMetrics], None],
    should_stop: Callable[[], bool],
) -> StopReason:
    """Step 5: learns until the plan, the budget, the gain or the user's patience ends."""
    now, trainer, settings = state.progress, state.trainer, state.settings
    planned = len(batches)
    while now.step < now.steps and now.looks_without_gain < settings.patience:
        if trainer.broadcast(should_stop()):
            if state.checkpoint is not None:
                raise state.interrupted()
            state.evaluate(held_out)
            return StopReason.INTERRUPTED
        if not trainer.broadcast(math.isfinite(state.train_step(samples, batches))):
            return StopReason.DIVERGED
        now.steps = now.step + trainer.broadcast(state.steps_left())
        loss = None
        if now.due <= now.step < now.steps:
            loss, now.due = state.evaluate(held_out), now.step + _steps_between_looks(planned, settings)
        report(state.metrics(loss))
        state.save_checkpoint_when_due()
    state.save_checkpoint()  # what comes after it takes time too
    if now.looks_without_gain >= settings.patience:
        return StopReason.NO_GAIN
    state.evaluate(held_out)
    return StopReason.BUDGET if now.steps < planned else StopReason.PLANNED


def _write(state: StateDict, configuration: dict[str, object], out: Path) -> None:
    """Step 7: `out` appears at once, whole."""
    from safetensors.torch import save_file

    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    save_file(state, unfinished / WEIGHTS, metadata={"format": "pt"})
    (unfinished / CONFIG).write_text(json.dumps(configuration, indent=2, sort_keys=True) + "\n")
    os.replace(unfinished, out)


def _check(samples: Sequence[Example], settings: TrainingConfig, out: Path) -> None:
    require_training()
    if not samples:
        raise DataRefused("no samples to train on: read more history or loosen the selection")
    if not 1 <= settings.batch_samples < 32:
        raise UsageError(f"batch of {settings.batch_samples} samples: LoRA learns best from 1 to 31 a step")
    if out.exists():
        raise UsageError(f"{out}: exists already; give a new folder for the adapter")


@contextmanager
def _memory_watched() -> Iterator[None]:
    """Running out of memory as an error that says what to do; and at the end nothing is held that others may need."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if out_of_memory(error):
            raise Unavailable(
                "out of memory while training on one sample at a time: close other programs or take a smaller base"
            ) from error
        raise
    finally:
        give_back_what_was_freed()


@_memory_watched()
def fit(
    base: BaseModel,
    samples: Sequence[Example],
    held_out: Sequence[Example],
    *,
    settings: TrainingConfig,
    out: Path,
    parent: Path | None = None,
    checkpoint: CheckpointConfig | None = None,
    probe: Probe | None = None,
    report: Callable[[StepMetrics], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainingReport:
    """Trains a LoRA adapter on `samples` (most important first) and writes it to `out`, which must not exist yet.

    It starts from the adapter in `parent`, or from the base. `should_stop` is asked before each step and between the
    parts of what follows; where it says yes, the best adapter so far is written. With `checkpoint`, Interrupted is
    raised instead, and the same call goes on from there, as it does where the process was killed, to the adapter that
    it would have come to undisturbed.
    The same samples, settings and thread count give the same adapter as long as the time budget does not cut the plan
    short and the precision is not left to be measured.
    Raises Unavailable without torch or memory, DataRefused for unusable samples, bases or parents, UsageError.
    """
    _check(samples, settings, out)
    started = time.monotonic()
    from codetune_git.model.training.checkpoint import fingerprint
    from codetune_git.model.training.lora_trainer import LoraTrainer
    from codetune_git.model.training.probe import probed
    from codetune_git.model.training.state import CheckpointWriter, TrainingState

    trainer = LoraTrainer(base, settings, parent)  # 1
    writer = saved = None
    if checkpoint is not None:
        plan, devices = trainer.plan, trainer.devices
        work = f"{checkpoint.work} {plan.precision} {plan.eight_bit}"  # the optimiser's state fits no other
        mark = fingerprint(base, samples, held_out, settings=settings, parent=parent, devices=devices, work=work)
        writer = CheckpointWriter(checkpoint, mark)
        saved = writer.read()
    reserved = probe.seconds if probe else 0.0
    ends = started + settings.budget_seconds - reserved
    progress = saved[0] if saved else _begun(trainer, samples, settings, ends)  # 2
    state = TrainingState(trainer, settings, progress, started=started, checkpoint=writer, reserved=reserved)
    batches = _batches(samples, settings, progress.tokens_planned)  # 3
    seen = _slice(held_out, progress.tokens_looked_at)
    if saved:
        state.resume(saved[1])
        report(state.metrics(None, resumed=True))
    else:
        state.evaluate(seen)  # 4
    why = _train(state, samples, seen, batches=batches, report=report, should_stop=should_stop)  # 5
    if why is not StopReason.INTERRUPTED:
        state.choose_scale(seen, should_stop)  # 6
        if probe:
            read = state.samples_read(samples, batches)
            state.memorised = probed(trainer, base, read, probe, seed=settings.seed, should_stop=should_stop)
        if trainer.broadcast(should_stop()) and state.checkpoint is not None:
            raise state.interrupted()
    if trainer.index == 0:
        _write(state.best, trainer.configuration(), out)  # 7
    return state.report(len(samples), batches, why)

"""Trains a LoRA adapter within a time budget and leaves it as a PEFT folder, whole or not at all.

Knows the order of the steps, the clock and the budget. Does not know torch (learner.py does), where samples come from
or what becomes of the adapter.

1 load the base, and the parent adapter or a fresh one
2 rehearse a step: is bf16 faster here, and how many tokens a second?
3 plan the steps that fit into what is left of the budget; too many samples: the first ones
4 the loss on the held-out samples before
5 learn; where the machine turns out slower, plan fewer steps; look at the held-out samples from time to time
6 keep the best adapter seen, write it beside its place, rename
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
from codetune_git.model.adapter import CONFIG, WEIGHTS
from codetune_git.model.base import BaseModel
from codetune_git.model.batching import Batch, Example, padded
from codetune_git.model.fitting import CurvePoint, FitProgress, FitReport, FitSettings, StoppedWhy
from codetune_git.model.loading import require_training
from codetune_git.model.memory import out_of_memory
from codetune_git.model.plan import learning_rate_factor, make_plan

if TYPE_CHECKING:
    from codetune_git.model.learner import Learner, State

# What all looks at the held-out samples together may cost of the time for learning.
_EVALUATION_SHARE = 0.1
_STEPS_BETWEEN_LOOKS = 4
# A look costs about this part of learning from as many tokens.
_LOOK_COST = 0.4
_FEWEST_HELD_OUT = 16
# bf16 must gain this much to be worth its rounding.
_BF16_GAIN = 1.1
_WRITING_SECONDS = 0.5
# Enough samples to tell the precisions apart; on a busy core a whole batch would cost more than it saves.
_REHEARSED = 4


def _timed(learner: Learner, samples: Sequence[Example], batch: Batch) -> float:
    """Seconds for one step, at the second try: the first one also prepares kernels."""
    learner.rehearse(samples, batch)
    start = time.monotonic()
    learner.rehearse(samples, batch)
    return time.monotonic() - start


def _rehearsed(learner: Learner, samples: Sequence[Example], settings: FitSettings) -> float:
    """Step 2: sets the precision; returns padded tokens a second of one device."""
    lengths = [sample.length for sample in samples]
    middle = sorted(range(len(samples)), key=lambda index: lengths[index])
    each = max(1, min(_REHEARSED, settings.batch_samples // learner.devices))
    start = max(0, (len(middle) - each) // 2)
    batch = tuple(middle[start : start + each])
    learner.bf16 = settings.precision != "fp32"
    seconds = _timed(learner, samples, batch)
    if settings.precision == "auto" and learner.on_cpu and learner.plan.precision == "fp32":
        learner.bf16 = False
        exact = _timed(learner, samples, batch)
        learner.bf16 = learner.agreed(seconds * _BF16_GAIN < exact)
        seconds = seconds if learner.bf16 else exact
    return learner.agreed(padded(lengths, batch) / seconds)


def _slice(held_out: Sequence[Example], tokens: float) -> tuple[Example, ...]:
    """Evenly spread held-out samples with about so many tokens in all, sixteen at least."""
    whole = sum(example.length for example in held_out)
    count = min(len(held_out), max(_FEWEST_HELD_OUT, int(len(held_out) * tokens / max(1, whole))))
    return tuple(held_out[i * len(held_out) // count] for i in range(count)) if count else ()


class _Run:
    """Steps 4 and 5: the state between the steps of one training."""

    def __init__(self, learner: Learner, settings: FitSettings, started: float) -> None:
        self.learner, self.settings, self.started = learner, settings, started
        self.step = self.tokens = 0
        self.learning_seconds = self.look_seconds = 0.0
        self.curve: list[CurvePoint] = []
        self.best: State = {}
        self.before: float | None = None
        self.best_loss = math.inf
        self.looks_without_gain = 0
        self.losses: list[float] = []

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def look(self, held_out: Sequence[Example]) -> float | None:
        """The held-out loss now; keeps the adapter where it is the best so far (or nothing was held out)."""
        start = time.monotonic()
        loss = self.learner.mean_loss(held_out) if held_out else None
        self.look_seconds = time.monotonic() - start
        if loss is None or loss < self.best_loss:
            self.best, self.looks_without_gain = self.learner.state(), 0
            self.best_loss = math.inf if loss is None else loss
        else:
            self.looks_without_gain += 1
        if self.step:
            mean = sum(self.losses) / max(1, len(self.losses))
            self.curve.append(CurvePoint(self.step, self.tokens, mean, loss))
            self.losses.clear()
        else:
            self.before = loss
        return loss

    def steps_left(self, steps: int) -> int:
        """How many of the planned steps still fit into the budget at the speed seen so far."""
        left = self.settings.budget_seconds - self.seconds - self.look_seconds - _WRITING_SECONDS
        if not self.step:
            return steps
        return min(steps - self.step, max(0, int(left * self.step / self.learning_seconds)))

    def learn(self, samples: Sequence[Example], batches: Sequence[Batch], steps: int) -> None:
        """One step of all devices, each on its batch."""
        start = time.monotonic()
        own = batches[self.step * self.learner.devices + self.learner.index]
        self.losses.append(self.learner.step(samples, own, learning_rate_factor(self.step, steps)))
        everyone = batches[self.step * self.learner.devices : (self.step + 1) * self.learner.devices]
        self.tokens += sum(samples[index].length for batch in everyone for index in batch)
        self.step += 1
        self.learning_seconds += time.monotonic() - start

    def report(self, samples: int, batches: Sequence[Batch], why: StoppedWhy) -> FitReport:
        read = {index for batch in batches[: self.step * self.learner.devices] for index in batch}
        return FitReport(
            steps=self.step,
            tokens=self.tokens,
            unread=tuple(index for index in range(samples) if index not in read),
            seconds=self.seconds,
            tokens_per_second=self.tokens / max(self.learning_seconds, 1e-9),
            bf16=self.learner.bf16,
            curve=tuple(self.curve),
            held_out_loss_before=self.before,
            held_out_loss_after=self.best_loss if math.isfinite(self.best_loss) else None,
            stopped_why=why,
            memory=str(self.learner.plan),
        )


def _learned(
    run: _Run,
    samples: Sequence[Example],
    held_out: Sequence[Example],
    *,
    batches: Sequence[Batch],
    progress: Callable[[FitProgress], None],
    should_stop: Callable[[], bool],
) -> StoppedWhy:
    """Step 5: learns until the plan, the budget, the gain or the user's patience ends."""
    planned = steps = len(batches) // run.learner.devices
    due = every = max(_STEPS_BETWEEN_LOOKS, round(planned / run.settings.evaluations))
    why = StoppedWhy.PLANNED
    while run.step < steps:
        if run.learner.agreed(should_stop()):
            why = StoppedWhy.INTERRUPTED
            break
        run.learn(samples, batches, steps)
        if not run.learner.agreed(math.isfinite(run.losses[-1])):
            return StoppedWhy.DIVERGED
        steps = run.step + run.learner.agreed(run.steps_left(steps))
        loss = None
        if run.step >= due and run.step < steps:
            loss, due = run.look(held_out), run.step + every
        recent = run.losses[-10:] or [run.curve[-1].training_loss]
        progress(FitProgress(run.step, steps, run.tokens, sum(recent) / len(recent), loss, run.seconds))
        if run.looks_without_gain >= run.settings.patience:
            return StoppedWhy.NO_GAIN
    run.look(held_out)
    return StoppedWhy.BUDGET if why is StoppedWhy.PLANNED and steps < planned else why


def _write(state: State, configuration: dict[str, object], out: Path) -> None:
    """Step 6: `out` appears at once, whole."""
    from safetensors.torch import save_file

    unfinished = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    save_file(state, unfinished / WEIGHTS, metadata={"format": "pt"})
    (unfinished / CONFIG).write_text(json.dumps(configuration, indent=2, sort_keys=True) + "\n")
    os.replace(unfinished, out)


def _check(samples: Sequence[Example], settings: FitSettings, out: Path) -> None:
    require_training()
    if not samples:
        raise DataRefused("no samples to train on: read more history or loosen the selection")
    if not 1 <= settings.batch_samples < 32:
        raise UsageError(f"batch of {settings.batch_samples} samples: LoRA learns best from 1 to 31 a step")
    if out.exists():
        raise UsageError(f"{out}: exists already; give a new folder for the adapter")


@contextmanager
def _memory_named() -> Iterator[None]:
    """Running out of memory as an error that says what to do; each library has a message of its own."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if out_of_memory(error):
            raise Unavailable(
                "out of memory while training on one sample at a time: close other programs or take a smaller base"
            ) from error
        raise


@_memory_named()
def fit(
    base: BaseModel,
    samples: Sequence[Example],
    held_out: Sequence[Example],
    *,
    settings: FitSettings,
    out: Path,
    parent: Path | None = None,
    progress: Callable[[FitProgress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FitReport:
    """Trains a LoRA adapter on `samples` (most important first) and writes it to `out`, which must not exist yet.

    It starts from the adapter in `parent`, or from the base. `should_stop` is asked before each step; where it says
    yes, the best adapter so far is kept. The same samples, settings and thread count give the same adapter as long as
    the time budget does not cut the plan short and the precision is not left to be measured.
    Raises Unavailable without torch or memory, DataRefused for unusable samples, bases or parents, UsageError.
    """
    _check(samples, settings, out)
    started = time.monotonic()
    from codetune_git.model.learner import Learner

    learner = Learner(base, settings, parent)  # 1
    speed = _rehearsed(learner, samples, settings)  # 2
    run = _Run(learner, settings, started)
    lengths = [sample.length for sample in samples]
    left = learner.agreed(settings.budget_seconds - run.seconds) * (1 - _EVALUATION_SHARE)
    plan = make_plan(  # 3
        lengths,
        max(0.0, left) * speed,
        random.Random(settings.seed),
        samples=settings.batch_samples,
        epochs=settings.epochs,
        devices=learner.devices,
    )
    learning = sum(padded(lengths, batch) for batch in plan.batches) / learner.devices / speed
    share = min(settings.budget_seconds, learning) * _EVALUATION_SHARE / (settings.evaluations + 2)
    seen = _slice(held_out, learner.agreed(share * speed / _LOOK_COST))
    run.look(seen)  # 4
    why = _learned(run, samples, seen, batches=plan.batches, progress=progress, should_stop=should_stop)  # 5
    if learner.index == 0:
        _write(run.best, learner.configuration(), out)  # 6
    return run.report(len(samples), plan.batches, why)

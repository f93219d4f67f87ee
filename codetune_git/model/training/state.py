"""The state of a training between two steps: its progress, the best adapter so far and its checkpoint.

Knows evaluations, the budget left and when a checkpoint is due. Does not know torch, the format of a checkpoint or the
order in which a training goes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from codetune_git.errors import Interrupted
from codetune_git.model.training.batching import Batch, Example
from codetune_git.model.training.checkpoint import StateDict, read_checkpoint, write_checkpoint
from codetune_git.model.training.config import (
    CheckpointConfig,
    CurvePoint,
    StepMetrics,
    StopReason,
    TrainingConfig,
    TrainingProgress,
    TrainingReport,
)
from codetune_git.model.training.memorisation import Memorised
from codetune_git.model.training.plan import learning_rate_factor
from codetune_git.model.training.scaling import chosen_scale, scaled

if TYPE_CHECKING:
    from codetune_git.model.training.lora_trainer import LoraTrainer

_WRITING_SECONDS = 0.5
_SCALING_SHARE = 0.05  # of the budget, at most, for the choice of the adapter's strength
_LEARNER, _BEST = "learner/", "best/"


def _below(prefix: str, tensors: StateDict) -> StateDict:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


class CheckpointWriter:
    """Writes and reads the checkpoint of one training. The first device alone writes."""

    def __init__(self, config: CheckpointConfig, mark: str) -> None:
        self._config, self._mark = config, mark
        self._due = 0.0

    @property
    def due(self) -> bool:
        """Whether enough time has gone by since the last writing, and so much that it costs little."""
        return time.monotonic() >= self._due

    def read(self) -> tuple[TrainingProgress, StateDict] | None:
        return read_checkpoint(self._config.file, self._mark)

    def write(self, progress: TrainingProgress, parts: Mapping[str, StateDict]) -> bool:
        """False where the disk does not take it: a training that is not disturbed needs no file."""
        begun = time.monotonic()
        tensors = {part + name: tensor for part, state in parts.items() for name, tensor in state.items()}
        written = write_checkpoint(self._config.file, self._mark, progress, tensors)
        now = time.monotonic()
        self._due = now + max(self._config.seconds, (now - begun) / self._config.share)
        return written


class TrainingState:
    """A trainer, how far it is (`progress`) and the best adapter so far.

    `checkpoint` is None where none is to be written. `reserved` are the seconds that the work after the last step
    takes, without the evaluations on held-out samples.
    """

    def __init__(
        self,
        trainer: LoraTrainer,
        settings: TrainingConfig,
        progress: TrainingProgress,
        *,
        started: float,
        checkpoint: CheckpointWriter | None,
        reserved: float = 0.0,
    ) -> None:
        self.trainer, self.settings, self.progress, self.checkpoint = trainer, settings, progress, checkpoint
        self._started = started - progress.seconds
        self._reserved = reserved + _WRITING_SECONDS
        self._saved_at: int | None = None
        self._scale_chosen = False
        self.best: StateDict = {}
        self.scale = 1.0
        self.memorised: Memorised | None = None
        trainer.bf16 = progress.bf16

    def resume(self, tensors: StateDict) -> None:
        """Go on from the tensors of a checkpoint."""
        self.trainer.load_state_dict(_below(_LEARNER, tensors))
        self.best = _below(_BEST, tensors)

    @property
    def seconds(self) -> float:
        """Seconds since the training began, those before an interruption included."""
        return time.monotonic() - self._started

    def evaluate(self, held_out: Sequence[Example]) -> float | None:
        """The held-out loss in nats a token. Keeps the adapter with the least loss, the last one without samples."""
        now, start = self.progress, time.monotonic()
        loss = self.trainer.evaluate(held_out) if held_out else None
        now.look_seconds = time.monotonic() - start
        if loss is None or now.best_loss is None or loss < now.best_loss:
            self.best, now.looks_without_gain, now.best_loss = self.trainer.adapter_state(), 0, loss
        else:
            now.looks_without_gain += 1
        if now.step:
            mean = sum(now.losses) / max(1, len(now.losses))
            now.curve.append(CurvePoint(now.step, now.tokens, mean, loss))
            now.losses.clear()
        else:
            now.before = loss
        return loss

    def _scaling_seconds(self) -> float:
        """Seconds that trying all scales takes, bounded by a share of the budget."""
        looks = 1 + len(self.settings.scales) if self.settings.scales else 0
        return min(looks * self.progress.look_seconds, _SCALING_SHARE * self.settings.budget_seconds)

    def steps_left(self) -> int:
        """How many of the planned steps still fit into the budget at the speed seen so far."""
        now = self.progress
        afterwards = now.look_seconds + self._scaling_seconds() + self._reserved
        left = self.settings.budget_seconds - self.seconds - afterwards
        return min(now.steps - now.step, max(0, int(left * now.step / now.learning_seconds)))

    def train_step(self, samples: Sequence[Example], batches: Sequence[Batch]) -> float:
        """One optimiser step; returns the mean loss on its batch in nats a token."""
        now, start = self.progress, time.monotonic()
        batch = batches[now.step]
        loss = self.trainer.step(samples, batch, learning_rate_factor(now.step, now.steps), now.step)
        now.tokens += sum(samples[index].length for index in batch)
        now.losses.append(loss)
        now.step += 1
        now.learning_seconds += time.monotonic() - start
        return loss

    def save_checkpoint(self) -> bool:
        """Write a checkpoint; whether the next call can go on from here, on all devices as on the first.

        No checkpoint is written once the scale is being chosen: the next call chooses it again from the same adapter.
        """
        if self.checkpoint is not None and self.progress.step and not self._scale_chosen:
            written, tensors = False, self.trainer.state_dict()  # of which each device may hold a part
            if self.trainer.index == 0:
                self.progress.seconds = self.seconds
                written = self.checkpoint.write(self.progress, {_LEARNER: tensors, _BEST: self.best})
            self._saved_at = self.progress.step if self.trainer.broadcast(written) else None
        return bool(self.progress.step) and self._saved_at == self.progress.step

    def save_checkpoint_when_due(self) -> None:
        if self.checkpoint is not None and self.trainer.broadcast(self.checkpoint.due):
            self.save_checkpoint()

    def interrupted(self) -> Interrupted:
        """The error to raise once the checkpoint is written."""
        place = f"interrupted at step {self.progress.step} of {self.progress.steps}"
        return Interrupted(
            f"{place}: the next training goes on from there" if self.save_checkpoint() else "interrupted"
        )

    def metrics(self, loss: float | None, *, resumed: bool = False) -> StepMetrics:
        now = self.progress
        recent = now.losses[-10:] or [now.curve[-1].training_loss]
        return StepMetrics(now.step, now.steps, now.tokens, sum(recent) / len(recent), loss, self.seconds, resumed)

    def choose_scale(self, held_out: Sequence[Example], should_stop: Callable[[], bool]) -> None:
        """Load the best adapter and multiply it by the scale with the least held-out loss.

        A parent's adapter that no step improved keeps its scale: over many trainings it would fade or grow.
        """
        now, settings = self.progress, self.settings
        self._scale_chosen = True
        self.trainer.load_adapter(self.best)
        until = settings.budget_seconds - self._reserved - now.look_seconds

        def in_time() -> bool:
            return self.seconds < until and not should_stop()

        trained = now.best_loss is not None and now.best_loss != now.before
        if not trained or not settings.scales or not self.trainer.broadcast(in_time()):
            return
        self.scale, loss = chosen_scale(self.trainer, held_out, settings.scales, in_time)
        if self.scale != 1.0:
            self.best, now.best_loss = scaled(self.best, self.scale), loss
            self.trainer.load_adapter(self.best)

    @staticmethod
    def _read(batches: Sequence[Batch]) -> set[int]:
        return {index for batch in batches for index in batch}

    def samples_read(self, samples: Sequence[Example], batches: Sequence[Batch]) -> list[Example]:
        """The samples of the batches that were trained on."""
        return [samples[index] for index in sorted(self._read(batches[: self.progress.step]))]

    def report(self, samples: int, batches: Sequence[Batch], why: StopReason) -> TrainingReport:
        now = self.progress
        read = self._read(batches[: now.step])
        return TrainingReport(
            steps=now.step,
            tokens=now.tokens,
            unread=tuple(index for index in range(samples) if index not in read),
            seconds=self.seconds,
            tokens_per_second=now.tokens / max(now.learning_seconds, 1e-9),
            bf16=now.bf16,
            curve=tuple(now.curve),
            held_out_loss_before=now.before,
            held_out_loss_after=now.best_loss,
            stopped_why=why,
            memory=str(self.trainer.plan),
            devices=self.trainer.devices,
            scale=self.scale,
            memorised=self.memorised,
        )

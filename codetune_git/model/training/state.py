"""One training between its steps: how far it is, the best adapter so far, and what is kept of it in case it ends.

Knows looks, the budget left and when the file of a kept training is due. Does not know torch, what that file looks
like, or in what order a training goes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from codetune_git.errors import Interrupted
from codetune_git.model.training.batching import Batch, Example
from codetune_git.model.training.checkpoint import State, read_checkpoint, write_checkpoint
from codetune_git.model.training.config import (
    CurvePoint,
    FitProgress,
    FitReport,
    FitSettings,
    Keep,
    Progress,
    StoppedWhy,
)
from codetune_git.model.training.memorisation import Memorised
from codetune_git.model.training.plan import learning_rate_factor
from codetune_git.model.training.scaling import chosen_scale, scaled

if TYPE_CHECKING:
    from codetune_git.model.training.lora_trainer import Learner

_WRITING_SECONDS = 0.5
_SETTLING_SHARE = 0.05  # of the budget, at most, for the choice of the adapter's strength
_LEARNER, _BEST = "learner/", "best/"


def _below(prefix: str, tensors: State) -> State:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


class Kept:
    """The file of one training, which the first device writes."""

    def __init__(self, keep: Keep, mark: str) -> None:
        self._keep, self._mark = keep, mark
        self._due = 0.0

    @property
    def due(self) -> bool:
        """Whether enough time has gone by since the last writing, and so much that it costs little."""
        return time.monotonic() >= self._due

    def read(self) -> tuple[Progress, State] | None:
        return read_checkpoint(self._keep.file, self._mark)

    def write(self, progress: Progress, parts: Mapping[str, State]) -> bool:
        """False where the disk does not take it: a training that is not disturbed needs no file."""
        begun = time.monotonic()
        tensors = {part + name: tensor for part, state in parts.items() for name, tensor in state.items()}
        written = write_checkpoint(self._keep.file, self._mark, progress, tensors)
        now = time.monotonic()
        self._due = now + max(self._keep.seconds, (now - begun) / self._keep.share)
        return written


class Course:
    """A learner on its way; `now` says how far. `kept` is None where nobody wants to go on after an end by force.

    `reserved` are the seconds that whatever comes after the learning takes, the looks at the held-out samples apart.
    """

    def __init__(
        self,
        learner: Learner,
        settings: FitSettings,
        now: Progress,
        *,
        started: float,
        kept: Kept | None,
        reserved: float = 0.0,
    ) -> None:
        self.learner, self.settings, self.now, self.kept = learner, settings, now, kept
        self._started = started - now.seconds
        self._reserved = reserved + _WRITING_SECONDS
        self._kept_at: int | None = None
        self._settled = False
        self.best: State = {}
        self.scale = 1.0
        self.memorised: Memorised | None = None
        learner.bf16 = now.bf16

    def go_on(self, memory: State) -> None:
        """From where the training was whose tensors these are."""
        self.learner.remember(_below(_LEARNER, memory))
        self.best = _below(_BEST, memory)

    @property
    def seconds(self) -> float:
        """Since the beginning, those before an end by force included."""
        return time.monotonic() - self._started

    def look(self, held_out: Sequence[Example]) -> float | None:
        """The held-out loss now; keeps the adapter where it is the best so far (or nothing was held out)."""
        now, start = self.now, time.monotonic()
        loss = self.learner.mean_loss(held_out) if held_out else None
        now.look_seconds = time.monotonic() - start
        if loss is None or now.best_loss is None or loss < now.best_loss:
            self.best, now.looks_without_gain, now.best_loss = self.learner.state(), 0, loss
        else:
            now.looks_without_gain += 1
        if now.step:
            mean = sum(now.losses) / max(1, len(now.losses))
            now.curve.append(CurvePoint(now.step, now.tokens, mean, loss))
            now.losses.clear()
        else:
            now.before = loss
        return loss

    def _settling_seconds(self) -> float:
        """What trying all scales takes, or as much of it as the budget has room for."""
        looks = 1 + len(self.settings.scales) if self.settings.scales else 0
        return min(looks * self.now.look_seconds, _SETTLING_SHARE * self.settings.budget_seconds)

    def steps_left(self) -> int:
        """How many of the planned steps still fit into the budget at the speed seen so far."""
        now = self.now
        afterwards = now.look_seconds + self._settling_seconds() + self._reserved
        left = self.settings.budget_seconds - self.seconds - afterwards
        return min(now.steps - now.step, max(0, int(left * now.step / now.learning_seconds)))

    def learn(self, samples: Sequence[Example], batches: Sequence[Batch]) -> float:
        """One step; the loss on its batch."""
        now, start = self.now, time.monotonic()
        batch = batches[now.step]
        loss = self.learner.step(samples, batch, learning_rate_factor(now.step, now.steps), now.step)
        now.tokens += sum(samples[index].length for index in batch)
        now.losses.append(loss)
        now.step += 1
        now.learning_seconds += time.monotonic() - start
        return loss

    def keep(self) -> bool:
        """Whether the next call can go on from here; true of all devices where it is of the first.

        Once the strength is being chosen nothing is written any more: the next call has to choose it from the same
        adapter.
        """
        if self.kept is not None and self.now.step and not self._settled:
            written, memory = False, self.learner.memory()  # of which each device may hold a part
            if self.learner.index == 0:
                self.now.seconds = self.seconds
                written = self.kept.write(self.now, {_LEARNER: memory, _BEST: self.best})
            self._kept_at = self.now.step if self.learner.agreed(written) else None
        return bool(self.now.step) and self._kept_at == self.now.step

    def keep_now_and_then(self) -> None:
        if self.kept is not None and self.learner.agreed(self.kept.due):
            self.keep()

    def interrupted(self) -> Interrupted:
        """The error to raise, with all kept that was learned."""
        place = f"interrupted at step {self.now.step} of {self.now.steps}"
        return Interrupted(f"{place}: the next training goes on from there" if self.keep() else "interrupted")

    def progress(self, loss: float | None, *, resumed: bool = False) -> FitProgress:
        now = self.now
        recent = now.losses[-10:] or [now.curve[-1].training_loss]
        return FitProgress(now.step, now.steps, now.tokens, sum(recent) / len(recent), loss, self.seconds, resumed)

    def settle(self, held_out: Sequence[Example], should_stop: Callable[[], bool]) -> None:
        """Where the training has led to something better, gives it the strength that suits the held-out samples; the
        learner has the best adapter then. One that is a parent's still stays as it is: over many trainings without
        gain it would fade or grow."""
        now, settings = self.now, self.settings
        self._settled = True
        self.learner.restore(self.best)
        until = settings.budget_seconds - self._reserved - now.look_seconds

        def in_time() -> bool:
            return self.seconds < until and not should_stop()

        trained = now.best_loss is not None and now.best_loss != now.before
        if not trained or not settings.scales or not self.learner.agreed(in_time()):
            return
        self.scale, loss = chosen_scale(self.learner, held_out, settings.scales, in_time)
        if self.scale != 1.0:
            self.best, now.best_loss = scaled(self.best, self.scale), loss
            self.learner.restore(self.best)

    @staticmethod
    def _read(batches: Sequence[Batch]) -> set[int]:
        return {index for batch in batches for index in batch}

    def learned(self, samples: Sequence[Example], batches: Sequence[Batch]) -> list[Example]:
        """The samples that the plan has come to."""
        return [samples[index] for index in sorted(self._read(batches[: self.now.step]))]

    def report(self, samples: int, batches: Sequence[Batch], why: StoppedWhy) -> FitReport:
        now = self.now
        read = self._read(batches[: now.step])
        return FitReport(
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
            memory=str(self.learner.plan),
            devices=self.learner.devices,
            scale=self.scale,
            memorised=self.memorised,
        )

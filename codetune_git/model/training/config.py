"""Configuration, progress and report of a training, as plain values. Does not know torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from codetune_git.domain import Sample
from codetune_git.model.training.memorisation import Memorised
from codetune_git.settings import Precision


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How to train a LoRA adapter.

    `budget_seconds` bounds the whole call, loading included. `learning_rate` is the peak; 3e-4 suits the embedded base,
    2e-4 a large one. `rank`, `alpha` and `dropout` shape a new adapter; one with a parent has its parent's.
    `batch_samples` are learned from in one step (by all devices together), `batch_tokens` bounds what one device holds
    at once, padding included; less where memory is short. `epochs` is the most that each sample is read. The held-out
    loss is taken `evaluations` times on the way; after `patience` times without a new best, training ends. `precision`
    is how the base's weights are held, nf4 being 4 bits; by itself the widest that fits into the memory that is free.
    Trained to the end, the adapter is tried at these `scales` of its strength too; none: it stays as it is.

    `dropout` and `weight_decay` are 0 by measurement (benchmarks/regularisation.py). After five epochs over 64 samples
    a dropout of 0.1 took 0.004 to 0.009 nats a token off the loss on later commits, for steps 18 % longer, and decay of
    0.1 took 0.0003; after one epoch dropout took nothing. To stop early took 0.06 to 0.07, and where that had failed
    half the strength did as much.
    """

    budget_seconds: float
    learning_rate: float = 3e-4
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0
    weight_decay: float = 0.0
    scales: tuple[float, ...] = (0.5, 0.75, 1.25, 1.5)
    batch_samples: int = 16
    batch_tokens: int = 4096
    epochs: float = 3.0
    evaluations: int = 8
    patience: int = 3
    precision: Precision = "auto"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class CheckpointConfig:
    """Where and how often a training writes its checkpoint, from which the same call goes on after an interruption.

    `file` is written after the first step, then `seconds` apart at the least, and so rarely that the writing takes no
    more than `share` of the time: an adapter of a small base (some megabytes) loses ten seconds' work at most, and a
    large one on a slow disk is not held up. The caller removes it when it has what came of it.
    `work` names what else the caller wants of the training: what was kept of another is not gone on from.
    """

    file: Path
    work: str = ""
    seconds: float = 10.0
    share: float = 0.01


@dataclass(frozen=True, slots=True)
class Probe:
    """How a trained adapter is probed for memorised code: passages that come back word for word.

    Of up to `passages` pieces of it `tokens` tokens in a row are looked at, and of as many of `held_out`, which nobody
    has learned; as many as `seconds`, a part of the budget, allow.
    """

    held_out: tuple[Sample, ...]
    seconds: float
    passages: int = 48
    tokens: int = 32


class StopReason(StrEnum):
    PLANNED = "reached the planned end"
    BUDGET = "time budget spent"
    NO_GAIN = "no further gain on held-out samples"
    INTERRUPTED = "interrupted"
    DIVERGED = "the loss was no longer a number"


@dataclass(frozen=True, slots=True)
class StepMetrics:
    """After step `step` of `steps`: `loss` in nats per token (mean of the last steps), `tokens` read, time so far.

    `resumed`: nothing was learned yet by this call, it goes on from here.
    """

    step: int
    steps: int
    tokens: int
    loss: float
    held_out_loss: float | None
    seconds: float
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Mean training loss since the point before, and the held-out loss after `step` steps; nats per token."""

    step: int
    tokens: int
    training_loss: float
    held_out_loss: float | None


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """How a training went. The adapter that was saved is the one with the least held-out loss, `held_out_loss_after`.

    `unread` are the samples (by index) that the budget did not reach. `tokens` counts without padding,
    `tokens_per_second` while training (not loading). Held-out losses are None without held-out samples. `memory` says
    how the training was made to fit. `scale` is the strength that the adapter was given, which its weights hold
    already. `memorised` is None where it was not measured.
    """

    steps: int
    tokens: int
    unread: tuple[int, ...]
    seconds: float
    tokens_per_second: float
    bf16: bool
    curve: tuple[CurvePoint, ...]
    held_out_loss_before: float | None
    held_out_loss_after: float | None
    stopped_why: StopReason
    memory: str
    devices: int = 1
    scale: float = 1.0
    memorised: Memorised | None = None

    def __str__(self) -> str:
        """For people."""
        before, after = self.held_out_loss_before, self.held_out_loss_after
        measured = before is not None and after is not None
        loss = (
            f"held-out loss {before:.3f} to {after:.3f} nats a token" if measured else "nothing held out to measure on"
        )
        scale = "" if self.scale == 1.0 else f" at {self.scale:g} times the strength that was trained"
        return (
            f"{self.tokens} tokens in {self.steps} steps at {self.tokens_per_second:.0f} tokens/s, "
            f"{loss}{scale}; {self.stopped_why}; {self.memory}"
            + (f"; {self.devices} devices together" if self.devices > 1 else "")
        )


@dataclass(slots=True)
class TrainingProgress:
    """The progress of a training: all of a checkpoint but its tensors.

    The plan follows from `tokens_planned`, and what a look reads from `tokens_looked_at`: both were measured on the
    clock, and a training that goes on must not measure again. Random numbers follow from the seed and the step.
    `steps` is the plan's end as the budget allows it by now, `due` the step after which the next look is taken.
    """

    bf16: bool
    tokens_planned: float
    tokens_looked_at: float = 0.0
    steps: int = 0
    due: int = 0
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    learning_seconds: float = 0.0
    look_seconds: float = 0.0
    before: float | None = None
    best_loss: float | None = None
    looks_without_gain: int = 0
    losses: list[float] = field(default_factory=list)
    curve: list[CurvePoint] = field(default_factory=list)

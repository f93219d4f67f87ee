"""How much memory a training takes, and how to make it fit: arithmetic on a base's sizes.

Knows what the training loop keeps: weights, adapter, gradients, optimiser state, activations. Does not know devices,
torch or files. The terms of the activations are what torch saves for the backward pass of a Llama, counted with
`torch.autograd.graph.saved_tensors_hooks`; `benchmarks/memory.py` holds the sums against what processes really take.

1 weights: as they are held; in 4 bits with their scales, and the largest layer once more, unpacked to multiply with;
  split among devices (FSDP) a share, and what is gathered at a time: two layers, and all that belongs to none
2 adapter, its gradients, the optimiser's two averages, the copy of the best adapter so far
3 activations: all layers', or with checkpointing each layer's input and one layer's at a time
4 the working set: of the loss over the vocabulary, or of a layer's backward pass
5 what the processor's allocator keeps of what was freed, unless it is told to give it back
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from codetune_git.errors import Unavailable, UsageError
from codetune_git.model.base.dimensions import ModelDimensions
from codetune_git.model.base.loading import FULL_PRECISION_BYTES
from codetune_git.model.training.config import TrainingConfig
from codetune_git.settings import Precision

# Of the free memory: an estimate may be off, and others want some, too.
_USABLE = 0.85
_WIDE, _NARROW = 4, 2
# 4 bits a weight, a scale of 8 bits for 64 of them, a scale of 32 bits for 256 scales.
_NF4 = 0.5 + 1 / 64 + 4 / (64 * 256)
# Log-probabilities, their gradient and the logits', each in full precision.
_LOSS_COPIES = 3
# Gradients of the inner values that the backward pass of a feed-forward part holds at once.
_INNER_GRADIENTS = 4
# What glibc keeps of freed activations, as a share of them: 0.55 to 1.0, by what came before.
_SLACK = 0.72


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """How a training is made to fit. `precision` is how the weights are held.

    `checkpointing`: activations are computed again instead of kept, for a third more time. `eight_bit`: the optimiser's
    averages are kept in 8 bits. `batch_tokens`: so many padded tokens are learned from at once. `loose`: the
    processor's allocator keeps what was freed, which saves a third of the time and takes about as much memory again.
    `split`: among so many devices the weights are split.
    """

    precision: Precision
    batch_tokens: int
    checkpointing: bool = False
    eight_bit: bool = False
    loose: bool = False
    split: int = 1

    def __str__(self) -> str:
        among = f" split among {self.split} devices" if self.split > 1 else ""
        parts = [f"weights in {self.precision}{among}", f"{self.batch_tokens} tokens at once"]
        parts += ["gradient checkpointing"] * self.checkpointing + ["8-bit optimiser"] * self.eight_bit
        parts += ["freed memory kept"] * self.loose
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes at the height of a training, by what they are for; the libraries' own are not in it."""

    weights: int
    adapter: int
    gradients: int
    optimiser: int
    activations: int
    slack: int

    @property
    def total(self) -> int:
        return self.weights + self.adapter + self.gradients + self.optimiser + self.activations + self.slack


def _weights(dims: ModelDimensions, precision: Precision, split: int) -> float:
    """Step 1."""
    linear = [inputs * outputs for inputs, outputs in dims.linear]
    if precision != "nf4":
        gathered = 2 * sum(linear) / dims.layers + dims.parameters - sum(linear) if split > 1 else 0
        return (dims.parameters / split + gathered) * (_WIDE if precision == "fp32" else _NARROW)
    unpacked = max(linear, default=0) * _NARROW
    return (dims.parameters - sum(linear)) * _NARROW + sum(linear) * _NF4 + unpacked


def _layer(dims: ModelDimensions, precision: Precision, rank: int) -> float:
    """Bytes that one layer keeps of one token for its backward pass."""
    attention = 2 * dims.queries + 2 * dims.keys
    inner = (4 if dims.gated else 2) * dims.inner
    low_rank = len(dims.linear) / dims.layers * rank
    statistics = dims.heads + 2
    if precision == "fp32":
        return _WIDE * (4 * dims.hidden + attention + inner + low_rank + statistics)
    # Normalisation stays in full precision, and each adapted layer gets a narrow copy of its own of its input.
    return _NARROW * (6 * dims.hidden + attention + inner + low_rank) + _WIDE * (2 * dims.hidden + statistics)


def _activations(dims: ModelDimensions, plan: MemoryPlan, rank: int) -> float:
    """Steps 3 and 4, for one token."""
    element = _WIDE if plan.precision == "fp32" else _NARROW
    loss = _LOSS_COPIES * _WIDE * dims.vocabulary
    layer = _layer(dims, plan.precision, rank)
    backward = _INNER_GRADIENTS * element * dims.inner
    last = _WIDE * dims.hidden  # what the last normalisation got
    if not plan.checkpointing:
        return dims.layers * layer + last + max(loss, backward)
    return dims.layers * dims.hidden * element + last + max(loss, layer + backward)


def estimate(dims: ModelDimensions, plan: MemoryPlan, *, rank: int) -> Estimate:
    """What a training of a LoRA adapter of this rank takes where every token counts in the loss."""
    adapter = rank * sum(inputs + outputs for inputs, outputs in dims.linear)
    averages = 2 * (1 if plan.eight_bit else _WIDE)
    activations = round(plan.batch_tokens * _activations(dims, plan, rank))
    return Estimate(
        weights=round(_weights(dims, plan.precision, plan.split)),
        adapter=2 * adapter * _WIDE,
        gradients=adapter * _WIDE,
        optimiser=adapter * averages,
        activations=activations,
        slack=round(activations * _SLACK) if plan.loose else 0,
    )


def _plans(
    dims: ModelDimensions,
    settings: TrainingConfig,
    tokens: tuple[int, ...],
    *,
    quantising: bool,
    on_cpu: bool,
    split: int,
) -> Iterator[MemoryPlan]:
    """From the fastest and most exact to the leanest. Fewer tokens at once cost the least: the gradients are the same,
    and so is nearly the time."""
    held: list[Precision] = [settings.precision]
    if settings.precision == "auto":
        held = ["fp32"] if dims.size <= FULL_PRECISION_BYTES else []
        held += ["bf16", "nf4"] if quantising else ["bf16"]
    narrow = (False, True) if quantising else (False,)
    loose = (True, False) if on_cpu else (False,)
    for weights, checkpointing, eight_bit, kept, most in product(held, (False, True), narrow, loose, tokens):
        yield MemoryPlan(weights, most, checkpointing, eight_bit, kept, split)


def plan_memory(
    dims: ModelDimensions,
    free: int,
    settings: TrainingConfig,
    *,
    longest: int,
    quantising: bool,
    on_cpu: bool,
    split: int = 1,
) -> MemoryPlan:
    """The first plan that fits into `free` bytes, or the leanest where none does: that may still be enough.

    `longest` are the tokens of the longest sample, `quantising` says whether bitsandbytes is there, among `split`
    devices the weights are split, which 4 and 8 bits cannot be. Raises Unavailable where not even the weights fit.
    """
    if split > 1 and settings.precision == "nf4":
        raise UsageError("weights in 4 bits (nf4) cannot be split among devices: use bf16, or leave FSDP out")
    quantising = quantising and split == 1
    tokens = [min(settings.batch_tokens, settings.batch_samples * longest)]
    while tokens[-1] > longest:
        tokens.append(max(longest, tokens[-1] // 2))
    plans = list(_plans(dims, settings, tuple(tokens), quantising=quantising, on_cpu=on_cpu, split=split))
    estimates = [estimate(dims, plan, rank=settings.rank) for plan in plans]
    for plan, found in zip(plans, estimates, strict=True):
        if found.total <= free * _USABLE:
            return plan
    if estimates[-1].weights > free:
        hint = (
            "" if quantising or split > 1 else ", or run `pip install 'codetune-git[train,gpu]'` to hold it in 4 bits"
        )
        raise Unavailable(
            f"the base model's weights take {estimates[-1].weights / 1e9:.1f} GB in {plans[-1].precision} "
            f"and {free / 1e9:.1f} GB are free: take a smaller base{hint}"
        )
    return plans[-1]

"""How much can be learned in the time that is given: steps from measured speed, the learning rate along them.

Knows token counts, seconds and shares; does not know torch, clocks or what is learned.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from codetune_git.model.training.batching import Batch, padded, shuffled_batches

_WARMUP_SHARE, _WARMUP_CEILING = 0.05, 20
# Batches of similar length still hold about this many tokens more than their examples.
_PADDING = 1.08
# Fewer steps hardly change the adapter; and the last one, which nobody stops, must not be most of the time.
_FEWEST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The first `used` examples are learned from, in these batches, one a step."""

    used: int
    batches: tuple[Batch, ...]


def _affordable(lengths: Sequence[int], tokens: float) -> int:
    """How many of the first examples fit into so many tokens; one at least."""
    spent, count = 0.0, 0
    for count, length in enumerate(lengths):
        spent += length * _PADDING
        if spent > tokens and count:
            return count
    return count + 1


def make_plan(lengths: Sequence[int], tokens: float, rng: random.Random, *, samples: int, epochs: float) -> Plan:
    """Steps that cost about `tokens` padded tokens in all, at most `epochs` passes over the examples.

    Where not all can be read once, the first ones are: they are given in order of importance. A step learns from
    `samples` of them; from fewer where time would not do for a few such steps.
    """
    used = _affordable(lengths, tokens)
    used_lengths = lengths[:used]
    # A part of the examples was chosen to fit: all of it is read, once.
    whole = used == len(lengths)
    samples = samples if whole else max(1, min(samples, used // _FEWEST_STEPS))
    most = epochs * used if whole else used
    batches: list[Batch] = []
    read = spent = 0
    while not batches or (read < most and not (whole and spent >= tokens)):
        for batch in shuffled_batches(used_lengths, rng, samples=samples):
            batches.append(batch)
            read += len(batch)
            spent += padded(used_lengths, batch)
            if read >= most or (whole and spent >= tokens):
                break
    return Plan(used, tuple(batches))


def learning_rate_factor(step: int, steps: int) -> float:
    """The share of the peak learning rate at `step` (from 0) of `steps`: a short rise, then a cosine down to 0."""
    warmup = min(_WARMUP_CEILING, max(1, round(steps * _WARMUP_SHARE)))
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warmup + 1) / (max(1, steps - warmup) + 1))))

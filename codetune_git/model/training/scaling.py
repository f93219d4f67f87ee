"""How strong a trained adapter should be, by what its strength makes of held-out samples.

Between the base's weights and the tuned ones, and a little beyond, there is often a point that suits new code better
than either (Wortsman et al. 2022 for whole models): the adapter's part is multiplied by a few numbers, and the best one
is taken where its gain is more than noise. It goes into the weights, so that loading the adapter and training on from
it need not know of it.
Knows samples, losses and what of their difference is noise. Does not know when that is asked or how long it may take.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from codetune_git.model.training.batching import Example

if TYPE_CHECKING:
    from codetune_git.model.training.checkpoint import StateDict
    from codetune_git.model.training.lora_trainer import LoraTrainer

# Standard errors by which a scale has to be better. A weaker adapter is nearer to the base, remembers less and is wrong
# by little if it is wrong: one is enough. After five epochs over 64 samples of httpx, half the strength was better by
# 1.9 on 32 held-out samples, and on 80 later ones by 0.065 nats a token (3.5). To make an adapter stronger takes two.
_ERRORS_BELOW, _ERRORS_ABOVE = 1.0, 2.0
_FEWEST = 8  # samples: of fewer, the error of their mean is known too badly to be a measure of anything


def gain(before: Sequence[float], after: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """How much less loss there is for each unit of weight, and the standard error of that.

    `before` and `after` are the summed losses of the same samples, so that what makes one sample harder than another
    is no noise. A mean over tokens is a ratio of two sums over samples, and its error is taken as that of a ratio.
    """
    whole, number = sum(weights), len(weights)
    differences = [one - other for one, other in zip(before, after, strict=True)]
    mean = sum(differences) / whole
    if number < _FEWEST:
        return mean, math.inf
    squares = sum((difference - mean * weight) ** 2 for difference, weight in zip(differences, weights, strict=True))
    return mean, math.sqrt(squares * number / (number - 1)) / whole


def preferred(tried: Mapping[float, Sequence[float]], weights: Sequence[float]) -> float:
    """Of the scales, each with the losses of the same samples, the best one, if it beats 1 by more than noise."""
    best = min(tried, key=lambda scale: sum(tried[scale]))
    mean, error = gain(tried[1.0], tried[best], weights)
    return best if mean > (_ERRORS_BELOW if best < 1.0 else _ERRORS_ABOVE) * error else 1.0


def losses_of(trainer: LoraTrainer, samples: Sequence[Example], scale: float) -> list[float]:
    """The summed loss of each sample, the trainer's adapter at this scale."""
    predictions = trainer.predict(samples, scale)
    return [sum(one.losses) * sample.weight for one, sample in zip(predictions, samples, strict=True)]


def chosen_scale(
    trainer: LoraTrainer, held_out: Sequence[Example], scales: Sequence[float], in_time: Callable[[], bool]
) -> tuple[float, float]:
    """The scale at which the trainer's adapter suits the held-out samples best, and their mean loss at it; 1 unless
    another one is better by more than noise. From 1 on scales are tried both ways, as far as it gets better and as
    `in_time` allows."""
    samples = [sample for sample in held_out if sample.mass]
    if not samples:
        return 1.0, 0.0
    weights = [sample.mass for sample in samples]
    tried = {1.0: losses_of(trainer, samples, 1.0)}
    for way in (sorted((s for s in scales if s < 1), reverse=True), sorted(s for s in scales if s > 1)):
        nearer = 1.0
        for scale in way:
            if not trainer.broadcast(in_time()):
                break
            tried[scale] = losses_of(trainer, samples, scale)
            if not trainer.broadcast(sum(tried[scale]) < sum(tried[nearer])):
                break
            nearer = scale
    best = trainer.broadcast(preferred(tried, weights))
    return best, sum(tried[best]) / sum(weights)


def scaled(state: StateDict, scale: float) -> StateDict:
    """The adapter at this strength: of the two factors of each change the second one is multiplied. Neither alpha nor
    rank is touched, so that a training which goes on from it learns as fast as any other."""
    second = (".lora_B.", ".lora_embedding_B")
    return {name: t * scale if any(part in name for part in second) else t for name, t in state.items()}

"""From evidence to confidence, and from confidence to silence. Knows features and weights; does not know text.

Confidence is the probability that a proposal is right, at the rate at which staged lines are wrong at all. It is a
logistic regression over the evidence, with an offset and a slope of its own for each convention (how they are fitted
stands in regression.py), and each convention speaks from a threshold of its own (thresholds.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from codetune_git.domain import REWRITE
from codetune_git.suggesting.features import NOTHING, Features
from codetune_git.suggesting.prevalence import USUAL

FEWEST_HUNKS = 30  # clean hunks without which there is no telling how often anything would be wrong


@dataclass(frozen=True, slots=True)
class Basis:
    """What a calibration rests on: hunks as committed, hunks in which something was broken, and what came of them.

    `flagged` of the `clean` hunks would have been spoken about, `lone` of these for a deviation that stands alone; of
    `broken` cases `restored` came back. `newest_flagged` of the `newest` hunks are those of the last commits.
    """

    clean: int = 0
    flagged: int = 0
    lone: int = 0
    broken: int = 0
    restored: int = 0
    newest: int = 0
    newest_flagged: int = 0


class OwnWeights(NamedTuple):
    """What a convention adds to the weights of all: of a one, of the counts' log-odds, and of these in company."""

    offset: float = 0.0
    counted: float = 0.0
    as_one: float = 0.0
    as_others: float = 0.0

    @classmethod
    def features(cls, of: Features) -> OwnWeights:
        """What these weights are for, a one for the offset."""
        return cls(1.0, of.counted, of.as_one, of.as_others)


UNKNOWN = OwnWeights()


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the features, each convention's own ones beside these, and thresholds.

    `thresholds` are confidences by convention, `threshold` holds for those that nothing is known of; above 1.0 means
    silence.
    `prevalence` is the share of places that are wrong at all, which confidence rests on.
    What no convention names has an offset and a weight of the model's log-odds of its own, `rewrite`, and a threshold.
    """

    intercept: float
    weights: Features
    own: Mapping[str, OwnWeights]
    threshold: float
    thresholds: Mapping[str, float] = field(default_factory=dict)
    rewrite: tuple[float, float] = (0.0, 0.0)
    rewrite_threshold: float = math.inf
    prevalence: float = USUAL
    basis: Basis = field(default_factory=Basis)

    def logit(self, kind: str, features: Features) -> float:
        if kind == REWRITE:
            return self.rewrite[0] + self.rewrite[1] * features.model
        own = self.own.get(kind, UNKNOWN)
        return self.intercept + _dot(self.weights, features) + _dot(own, OwnWeights.features(features))

    def confidence(self, kind: str, features: Features) -> float:
        return sigmoid(self.logit(kind, features))

    def passes_threshold(self, kind: str, confidence: float) -> bool:
        """Whether `confidence` is enough to say something of this kind."""
        if kind == REWRITE:
            return confidence >= self.rewrite_threshold
        return confidence >= self.thresholds.get(kind, self.threshold)

    @property
    def speaking(self) -> frozenset[str]:
        """The conventions that speak, of those that were judged."""
        return frozenset(kind for kind, threshold in self.thresholds.items() if threshold <= 1)

    @property
    def silent(self) -> bool:
        """Whether nothing could ever be said."""
        return min(self.threshold, self.rewrite_threshold, *self.thresholds.values()) > 1

    @property
    def uses_model(self) -> bool:
        """Whether what the model says of a convention counts at all."""
        return self.weights.model != 0.0


SILENT = Calibration(0.0, NOTHING, {}, math.inf)


def _dot(weights: Sequence[float], features: Sequence[float]) -> float:
    return sum(w * x for w, x in zip(weights, features, strict=True))


def sigmoid(x: float) -> float:
    """The probability whose log-odds are `x`."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0

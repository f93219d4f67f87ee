"""Whether confidence means what it says: of all proposals that are given so much, how many are right.

Knows scored proposals with their cross-fitted log-odds. Does not know when one speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from codetune_git.suggesting.calibration import sigmoid
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.regression import weights_of

EDGES = (0.0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """The proposals with confidences in [low, high): their number, mean confidence, and the share that is right.

    Both means are at the rate at which staged lines are wrong: broken cases weigh as much as they are frequent.
    """

    low: float
    high: float
    number: int
    confidence: float
    right: float


def reliability(evaluation: CountsEvaluation, judged: Sequence[tuple[ScoredProposal, float]]) -> tuple[Bin, ...]:
    """A bin for each pair of EDGES that holds anything; `judged` are rows of the evaluation with their log-odds."""
    weights = weights_of(replace(evaluation, rows=tuple(row for row, _ in judged)))
    known = [(sigmoid(logit), row.truth, float(w)) for (row, logit), w in zip(judged, weights, strict=True)]
    found = []
    for low, high in pairwise(EDGES):
        inside = [one for one in known if low <= one[0] < high or (high == 1.0 and one[0] == 1.0)]
        total = sum(weight for _, _, weight in inside)
        if total > 0:
            confidence = sum(p * weight for p, _, weight in inside) / total
            right = sum(truth * weight for _, truth, weight in inside) / total
            found.append(Bin(low, high, len(inside), confidence, right))
    return tuple(found)

"""What the model adds to a calibration by counts: a weight of its log-odds, a threshold for what it writes itself.

Knows scored proposals for which the model has been asked, and the calibration by counts. Does not know the model.

The counts have been judged on all that a repository holds, the model on a sample. So all of the counts' weights stay
as they are, and only an offset and a weight of the model's log-odds are fitted on top. They are kept where, on files
that they were not fitted on, at least as much is restored and no more clean hunks are flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evaluation.metrics import Metrics, combined, metrics_of
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.regression import Array, Part, newton

LEAST_REWRITE_CONFIDENCE = 0.9  # of what no convention names, and no count speaks for
MARGIN = 0.05  # how far above the loudest clean hunk that must stay silent, as a part of what is left to certainty
_RIDGE, _REWRITE_RIDGE = (1.0, 1.0), (0.1, 0.1)


@dataclass(frozen=True, slots=True)
class ModelWeight:
    """The metrics of both ways of judging, each on files that it was not fitted on, and the calibration to judge by."""

    counts: Metrics
    both: Metrics
    calibration: Calibration

    @property
    def pays(self) -> bool:
        """Whether the model's log-odds count for conventions."""
        return self.calibration.uses_model


def _clean_hunks(rows: Iterable[ScoredProposal]) -> int:
    return len({row.hunk for row in rows if row.clean})


def _fit(rows: Sequence[ScoredProposal], weight: Array, ridge: tuple[float, float], base: Array) -> tuple[float, float]:
    """An offset and a weight of the model's log-odds, on top of the log-odds `base` of each row."""
    x = np.array([[1.0, row.features.model] for row in rows])
    y = np.array([float(row.right) for row in rows])
    offset, slope = newton([Part(x, y, weight, np.arange(2), base)], ridge=np.array(ridge), prior=np.zeros(2))
    return float(offset), float(slope)


def with_model_weight(counts: Calibration, rows: Sequence[ScoredProposal]) -> Calibration:
    """The calibration by counts with an offset and a weight of the model's log-odds, as `rows` ask for."""
    named = [row for row in rows if row.kind != REWRITE]
    if len({row.right for row in named}) < 2:
        return counts
    by_counts = np.array([counts.logit(row.kind, row.features) for row in named])
    looks, broken = len({row.hunk for row in named}), max(1, sum(row.right for row in named))
    weight = np.where([row.clean for row in named], 1.0, counts.prevalence * looks / broken)
    offset, slope = _fit(named, weight, _RIDGE, by_counts)
    weights = counts.weights._replace(model=slope)
    return replace(counts, intercept=counts.intercept + offset, weights=weights)


def with_rewrites(calibration: Calibration, rows: Sequence[ScoredProposal]) -> Calibration:
    """The calibration with a say for rewrites: from surer on than any was in a clean hunk."""
    free = [row for row in rows if row.kind == REWRITE]
    if len({row.right for row in free}) < 2:
        return calibration
    fit = _fit(free, np.ones(len(free)), _REWRITE_RIDGE, np.zeros(len(free)))
    with_rewrite = replace(calibration, rewrite=fit)
    top = max((with_rewrite.confidence(REWRITE, row.features) for row in free if row.clean), default=0.0)
    return replace(with_rewrite, rewrite_threshold=max(LEAST_REWRITE_CONFIDENCE, top + MARGIN * (1 - top)))


def _halves(rows: Sequence[ScoredProposal]) -> tuple[list[ScoredProposal], list[ScoredProposal]]:
    """Hunks of one file are too alike to judge each other."""
    return [row for row in rows if row.file % 2 == 0], [row for row in rows if row.file % 2]


def fit_model_weight(counts: Calibration, rows: Sequence[ScoredProposal]) -> ModelWeight:
    """The calibration by counts, and the model's part where it pays. `rows`: the sample that it was asked about."""
    named = [row for row in rows if row.kind != REWRITE]
    one, other = _halves(named)
    fits = [(with_model_weight(counts, one), other), (with_model_weight(counts, other), one)]
    both = combined([metrics_of(rest, fit, _clean_hunks(rest)) for fit, rest in fits])
    alone = metrics_of(named, counts, _clean_hunks(named))
    pays = both.restored.hits > alone.restored.hits and both.false_alarms.hits <= alone.false_alarms.hits
    judged_by = with_model_weight(counts, named) if pays else counts
    return ModelWeight(alone, both, with_rewrites(judged_by, rows))

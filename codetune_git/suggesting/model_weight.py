"""What the model adds to a calibration by counts: the weight of its gap, and a say for what it writes itself.

Knows judged proposals whose gaps are known, and the calibration by counts. Does not know the model.

The counts have been judged on all that a repository holds, the model on a sample. So all of the counts' weights stay
as they are, and only an offset and a weight of the gap are fitted on top of their log-odds. They are kept where, on
files that they were not fitted on, at least as much is restored and no more clean hunks are flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import Calibration, Judged
from codetune_git.suggesting.marks import Marks, combined, marks
from codetune_git.suggesting.regression import newton

LEAST_REWRITE_CONFIDENCE = 0.9  # of what no convention names, and no count speaks for
MARGIN = 0.05  # how far above the loudest clean hunk that must stay silent, as a part of what is left to certainty
_RIDGE, _REWRITE_RIDGE = (1.0, 1.0), (0.1, 0.1)


@dataclass(frozen=True, slots=True)
class Heard:
    """The marks of both ways of judging, each on files that it was not fitted on, and the calibration to judge by."""

    counts: Marks
    both: Marks
    calibration: Calibration

    @property
    def pays(self) -> bool:
        """Whether the model is listened to about conventions."""
        return self.calibration.hears_model


def _clean_hunks(rows: Iterable[Judged]) -> int:
    return len({row.hunk for row in rows if row.clean})


def with_gaps(counts: Calibration, rows: Sequence[Judged]) -> Calibration:
    """The calibration by counts with an offset and a weight of the model's gap, as `rows` ask for."""
    named = [row for row in rows if row.kind != REWRITE]
    if len({row.right for row in named}) < 2:
        return counts
    by_counts = np.array([counts.logit(row.kind, row.features) for row in named])
    x = np.array([[1.0, row.features[-1]] for row in named])
    y = np.array([row.right for row in named], dtype=np.float64)
    looks, broken = len({row.hunk for row in named}), max(1, int(y.sum()))
    weight = np.where([row.clean for row in named], 1.0, counts.prevalence * looks / broken)
    offset, gap = newton(x, y, weight, ridge=np.array(_RIDGE), prior=np.zeros(2), base=by_counts)
    weights = (*counts.weights[:-1], float(gap))
    return replace(counts, intercept=counts.intercept + float(offset), weights=weights)


def with_rewrites(calibration: Calibration, rows: Sequence[Judged]) -> Calibration:
    """The calibration with a say for rewrites: from surer on than any was in a clean hunk."""
    free = [row for row in rows if row.kind == REWRITE]
    if len({row.right for row in free}) < 2:
        return calibration
    x = np.array([[1.0, row.features[-1]] for row in free])
    y = np.array([row.right for row in free], dtype=np.float64)
    fitted = newton(x, y, np.ones(len(free)), ridge=np.array(_REWRITE_RIDGE), prior=np.zeros(2))
    heard = replace(calibration, rewrite=(float(fitted[0]), float(fitted[1])))
    top = max((heard.confidence(REWRITE, row.features) for row in free if row.clean), default=0.0)
    return replace(heard, rewrite_threshold=max(LEAST_REWRITE_CONFIDENCE, top + MARGIN * (1 - top)))


def _halves(rows: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
    """Hunks of one file are too alike to judge each other."""
    return [row for row in rows if row.file % 2 == 0], [row for row in rows if row.file % 2]


def heard(counts: Calibration, rows: Sequence[Judged]) -> Heard:
    """The calibration by counts, and the model's part where it pays. `rows`: the sample that it was asked about."""
    named = [row for row in rows if row.kind != REWRITE]
    one, other = _halves(named)
    fits = [(with_gaps(counts, one), other), (with_gaps(counts, other), one)]
    both = combined([marks(rest, fit, _clean_hunks(rest)) for fit, rest in fits])
    alone = marks(named, counts, _clean_hunks(named))
    pays = both.restored.hits > alone.restored.hits and both.false_alarms.hits <= alone.false_alarms.hits
    judged_by = with_gaps(counts, named) if pays else counts
    return Heard(alone, both, with_rewrites(judged_by, rows))

"""From evidence to confidence, and from confidence to silence. Knows features and labels; does not know text.

A logistic regression over the evidence with an offset and a slope of its own for each convention, shrunk towards the
common ones by a Gaussian prior (so that a convention that this repository follows loosely is believed less), fitted by
Newton's method. The threshold is read off cross-fitted confidences: the share of clean hunks in which anything would
be said is at most the rate that the user allows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from codetune_git.domain import REWRITE
from codetune_git.suggesting.evidence import FEATURES

Array = npt.NDArray[np.float64]
COMMON_RIDGE, OWN_RIDGE = 0.1, 2.0
FOLDS = 5
LEAST_CONFIDENCE = 0.75  # where no clean hunk was loud, an exam of some hundred hunks still proves little
LEAST_REWRITE_CONFIDENCE = 0.9  # of what no convention names, and no count speaks for
MARGIN = 0.05  # how far above the loudest clean hunk that must stay silent, as a part of what is left to certainty


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal of the convention `kind` whose truth is known, with its features in the order of FEATURES.

    `hunk` numbers the committed hunk, `case` the way it was staged (as it is: `clean`, or broken), `site` the site.
    `broken` sites of the case are to be restored, with a right proposal for each or not (0: none, or nobody knows).
    """

    kind: str
    features: tuple[float, ...]
    right: bool
    hunk: int
    case: int
    site: int
    clean: bool
    broken: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the features (in the order of FEATURES), offsets and repository slopes by convention, the threshold.

    `threshold` is a confidence; 1.0 or above means silence. `rewrite_threshold` is the higher one of what no convention
    names. `clean_hunks` and `false_alarms` say what they rest on.
    """

    intercept: float
    weights: tuple[float, ...]
    offsets: Mapping[str, float]
    slopes: Mapping[str, float]
    threshold: float
    clean_hunks: int = 0
    false_alarms: int = 0
    rewrite_threshold: float = math.inf

    def logit(self, kind: str, features: tuple[float, ...]) -> float:
        common = sum(w * x for w, x in zip(self.weights, features, strict=True))
        own = self.offsets.get(kind, 0.0) + self.slopes.get(kind, 0.0) * features[0]
        return self.intercept + common + own

    def confidence(self, kind: str, features: tuple[float, ...]) -> float:
        return sigmoid(self.logit(kind, features))

    def speaks(self, kind: str, confidence: float) -> bool:
        """Whether `confidence` is enough to say something of this kind."""
        enough = self.rewrite_threshold if kind == REWRITE else self.threshold
        return confidence >= max(enough, self.threshold)


SILENT = Calibration(0.0, (0.0,) * len(FEATURES), {}, {}, math.inf)


def sigmoid(x: float) -> float:
    """The probability whose log-odds are `x`."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0


def _design(rows: Sequence[Judged], kinds: Sequence[str], used: Sequence[bool]) -> Array:
    """One row per evidence: 1, the features in use, then an indicator and a repository slope per convention."""
    index = {kind: i for i, kind in enumerate(kinds)}
    width = 1 + len(FEATURES)
    x = np.zeros((len(rows), width + 2 * len(kinds)))
    x[:, 0] = 1.0
    for i, row in enumerate(rows):
        x[i, 1:width] = [value if use else 0.0 for value, use in zip(row.features, used, strict=True)]
        place = width + 2 * index[row.kind]
        x[i, place] = 1.0
        x[i, place + 1] = x[i, 1]
    return x


def _newton(x: Array, y: Array, weight: Array, ridge: Array) -> Array:
    """The maximum a posteriori weights of a logistic regression."""
    beta = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (weight * (y - p)) - ridge * beta
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if float(np.abs(step).max()) < 1e-6:
            break
    return beta


def _fit_weights(rows: Sequence[Judged], used: Sequence[bool]) -> Calibration:
    kinds = sorted({row.kind for row in rows})
    x = _design(rows, kinds, used)
    y = np.array([row.right for row in rows], dtype=np.float64)
    # Cases with many sites must not outvote the others.
    sizes = Counter(row.case for row in rows)
    weight = np.array([1.0 / math.sqrt(sizes[row.case]) for row in rows])
    width = 1 + len(FEATURES)
    ridge = np.concatenate([[1e-3], np.full(len(FEATURES), COMMON_RIDGE), np.full(2 * len(kinds), OWN_RIDGE)])
    beta = _newton(x, y, weight, ridge)
    return Calibration(
        intercept=float(beta[0]),
        weights=tuple(float(w) if use else 0.0 for w, use in zip(beta[1:width], used, strict=True)),
        offsets={kind: float(beta[width + 2 * i]) for i, kind in enumerate(kinds)},
        slopes={kind: float(beta[width + 2 * i + 1]) for i, kind in enumerate(kinds)},
        threshold=math.inf,
    )


def _loudest(rows: Sequence[Judged], calibration: Calibration) -> dict[int, float]:
    """The highest confidence among `rows` in each clean hunk."""
    loudest: dict[int, float] = {}
    for row in rows:
        if row.clean:
            loudest[row.hunk] = max(loudest.get(row.hunk, 0.0), calibration.confidence(row.kind, row.features))
    return loudest


def _threshold(confidences: Sequence[float], allowed: int, least: float) -> tuple[float, int]:
    """The lowest confidence, `least` at least, that at most `allowed` of `confidences` reach, and how many do."""
    ranked = sorted(confidences, reverse=True)
    silenced = ranked[allowed] if allowed < len(ranked) else 0.0
    threshold = max(least, silenced + (1.0 - silenced) * MARGIN)
    if threshold <= silenced:  # certain and wrong: no confidence is above that
        threshold = math.inf
    return threshold, sum(c >= threshold for c in ranked)


def fit(
    rows: Sequence[Judged], clean_hunks: int, rate: float, used: Sequence[bool] = (True,) * len(FEATURES)
) -> Calibration:
    """The calibration that flags at most `rate` of the `clean_hunks` behind `rows` (to the nearest hunk), cross-fitted.

    What no convention names must be surer than it was in any clean hunk. `used` switches features off. Rows without a
    wrong or a right example give silence.
    """
    if len({row.right for row in rows}) < 2:
        return SILENT
    loudest: dict[int, float] = {}
    loudest_rewrite: dict[int, float] = {}
    for fold in range(FOLDS):
        training = [row for row in rows if row.hunk % FOLDS != fold]
        if len({row.right for row in training}) < 2:
            return SILENT
        fitted, asked = _fit_weights(training, used), [row for row in rows if row.hunk % FOLDS == fold]
        loudest |= _loudest([row for row in asked if row.kind != REWRITE], fitted)
        loudest_rewrite |= _loudest([row for row in asked if row.kind == REWRITE], fitted)
    whole = _fit_weights(rows, used)
    threshold, alarms = _threshold(list(loudest.values()), round(rate * clean_hunks), LEAST_CONFIDENCE)
    rewrite_threshold, _ = _threshold(list(loudest_rewrite.values()), 0, LEAST_REWRITE_CONFIDENCE)
    return replace(
        whole,
        threshold=threshold,
        rewrite_threshold=rewrite_threshold,
        clean_hunks=clean_hunks,
        false_alarms=alarms,
    )

"""Fits confidence to judged proposals. Knows features and labels; does not know text, nor from when on one speaks.

A logistic regression whose offset and slope (of the counts' log-odds) are sums of three: of all conventions, of the
family, of the convention. The own parts have Gaussian priors around zero, so that a convention that was hardly seen is
believed as its family is; the common weights have one around what the counts say at their word.

Broken cases are made, as many as are wanted; how often staged lines are wrong is no matter of theirs. So their rows
are weighed as if a share, the prevalence (prevalence.py), of the hunks in which a convention occurs were wrong (King
and Zeng 2001): log-odds come out at the rate of real commits. Rows of one hunk and convention weigh as the square root
of their number: whoever writes ten sites alike has decided once or twice.

A deviation of the house's own people that hardly anybody repeats, and that nobody has mended, is no proof that it was
meant: it counts as wrong for the part of such deviations that a reader would take back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from codetune_git.languages.table import CATALOGUE, family_of
from codetune_git.suggesting.calibration import Calibration, CountedExam, Judged
from codetune_git.suggesting.evidence import COUNTED, FEATURES

Array = npt.NDArray[np.float64]
PRIOR = (1.0, 1.0, 1.0, 0.3, -0.3, 0.0)  # of the common weights
COMMON_RIDGE = (0.05, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0)
FAMILY_RIDGE, OWN_RIDGE = (1.0, 40.0), (2.0, 40.0)  # of offset and slope
OLD_WEIGHT = 0.5  # of a hunk that was sought for a rare convention: how people wrote then
_MOST_NEWTON, _CLOSE = 40, 1e-6  # steps, and how short the last one is


def weights_of(exam: CountedExam) -> Array:
    """What each of the exam's rows weighs."""
    together = Counter((row.case, row.kind) for row in exam.rows)
    broken = Counter(row.kind for row in exam.rows if row.right)

    def weight(row: Judged) -> float:
        if row.broken:
            return exam.prevalence * exam.seen.get(row.kind, 1) / max(1, broken[row.kind])
        return (1.0 if row.clean else OLD_WEIGHT) / math.sqrt(together[row.case, row.kind])

    return np.array([weight(row) for row in exam.rows])


def _family(kind: str) -> str:
    """Told apart from conventions, of which some are called as their family."""
    return f"family {family_of(kind)}"


def _design(rows: Sequence[Judged], kinds: Sequence[str], families: Sequence[str]) -> Array:
    """One line a row: 1, the features, then for each family and each convention an indicator and the log-odds."""
    start = 1 + len(FEATURES)
    place = {name: start + 2 * i for i, name in enumerate([*families, *kinds])}
    x = np.zeros((len(rows), start + 2 * len(place)))
    for line, row in zip(x, rows, strict=True):
        line[0] = 1.0
        line[1:start] = row.features
        for name in (_family(row.kind), row.kind):
            line[place[name]] = 1.0
            line[place[name] + 1] = sum(row.features[:COUNTED])
    return x


def newton(x: Array, y: Array, weight: Array, *, ridge: Array, prior: Array, base: Array | float = 0.0) -> Array:
    """The maximum a posteriori weights of a logistic regression, on top of the log-odds `base`.

    A step that leads past the maximum is halved: from far away the whole one may lead nowhere.
    """
    beta = prior.copy()

    def loss(at: Array) -> float:
        logit = x @ at + base
        return float(weight @ (np.logaddexp(0.0, logit) - y * logit) + ridge @ (at - prior) ** 2 / 2)

    for _ in range(_MOST_NEWTON):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ beta + base, -30, 30)))
        gradient = x.T @ (weight * (y - p)) - ridge * (beta - prior)
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step, known = np.linalg.solve(hessian, gradient), loss(beta)
        while loss(beta + step) > known and float(np.abs(step).max()) >= _CLOSE:
            step /= 2
        beta += step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return beta


def fitted(exam: CountedExam) -> Calibration:
    """The calibration of an exam, which still speaks of nothing: thresholds are another room's."""
    rows = exam.rows
    kinds = sorted({row.kind for row in rows})
    families = sorted({_family(kind) for kind in kinds})
    x = _design(rows, kinds, families)
    y = np.array([row.truth for row in rows], dtype=np.float64)
    ridge = np.concatenate([COMMON_RIDGE, np.tile(FAMILY_RIDGE, len(families)), np.tile(OWN_RIDGE, len(kinds))])
    common = (math.log(exam.prevalence), *PRIOR)
    prior = np.concatenate([common, np.zeros(len(ridge) - len(common))])
    beta = [float(b) for b in newton(x, y, weights_of(exam), ridge=ridge, prior=prior)]
    start = 1 + len(FEATURES)
    own = {name: beta[start + 2 * i : start + 2 * i + 2] for i, name in enumerate([*families, *kinds])}
    every = {convention.name for convention in CATALOGUE} | set(kinds)
    parts = {kind: (own.get(_family(kind), [0.0, 0.0]), own.get(kind, [0.0, 0.0])) for kind in sorted(every)}
    return Calibration(
        intercept=beta[0],
        weights=tuple(beta[1:start]),
        offsets={kind: family[0] + alone[0] for kind, (family, alone) in parts.items()},
        slopes={kind: family[1] + alone[1] for kind, (family, alone) in parts.items()},
        threshold=math.inf,
        prevalence=exam.prevalence,
    )

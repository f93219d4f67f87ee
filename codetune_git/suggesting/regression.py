"""Fits confidence to scored proposals. Knows features and labels; does not know text, nor from when on one speaks.

A logistic regression whose offset and slopes (of the counts' log-odds, alone and in foreign company) are sums of
three: of all conventions, of the family, of the convention. The own parts have Gaussian priors around zero, so that a
convention that was hardly seen is believed as its family is; the common weights have one around what the counts say at
their word.

Broken cases are made, as many as are wanted; how often staged lines are wrong is no matter of theirs. So their rows
are weighed as if a share, the prevalence (prevalence.py), of the hunks in which a convention occurs were wrong (King
and Zeng 2001): log-odds come out at the rate of real commits. Rows of one hunk and convention weigh as the square root
of their number: ten sites written alike are one or two decisions.

A deviation of the house's own people that hardly anybody repeats, and that nobody has mended, is no proof that it was
meant: it counts as wrong for the part of such deviations that a reader would take back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codetune_git.languages.table import CATALOGUE, family_of
from codetune_git.suggesting.calibration import OWN_FEATURES, Calibration, own_features
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.evidence import FEATURES

Array = npt.NDArray[np.float64]
PRIOR = (1.0, 1.0, 1.0, 0.3, -0.3, 0.0, 0.0, 0.1, 0.1, 0.0)  # of the common weights
COMMON_RIDGE = (0.05, *(5.0,) * len(FEATURES))
FAMILY_RIDGE, OWN_RIDGE = (0.2, 0.3, 0.3, 0.3), (0.2, 0.3, 0.3, 0.3)  # of what a convention has of its own
OLD_WEIGHT = 0.5  # of a hunk that was sought for a rare convention: how people wrote then
_MOST_NEWTON, _CLOSE = 40, 1e-6  # steps, and how short the last one is


def weights_of(evaluation: CountsEvaluation) -> Array:
    """What each of the evaluation's rows weighs."""
    together = Counter((row.case, row.kind) for row in evaluation.rows)
    broken = Counter(row.kind for row in evaluation.rows if row.right)

    def weight(row: ScoredProposal) -> float:
        if row.broken:
            return evaluation.prevalence * evaluation.seen.get(row.kind, 1) / max(1, broken[row.kind])
        return (1.0 if row.clean else OLD_WEIGHT) / math.sqrt(together[row.case, row.kind])

    return np.array([weight(row) for row in evaluation.rows])


def _family(kind: str) -> str:
    """Told apart from conventions, of which some are called as their family."""
    return f"family {family_of(kind)}"


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of one convention, with their features behind a one, and which weights are theirs.

    `places` are the columns of the common weights, of the family's own and of the convention's own ones.
    """

    x: Array
    y: Array
    weight: Array
    places: npt.NDArray[np.intp]


def _parts(
    rows: Sequence[ScoredProposal], weights: Array, kinds: Sequence[str], families: Sequence[str]
) -> list[_Part]:
    start, width = 1 + len(FEATURES), 2 + len(OWN_FEATURES)
    place = {name: start + width * i for i, name in enumerate([*families, *kinds])}
    found = []
    for kind in kinds:
        chosen = [i for i, row in enumerate(rows) if row.kind == kind]
        features = np.array([(1.0, *rows[i].features) for i in chosen])
        own = np.array([own_features(rows[i].features) for i in chosen])
        columns = [np.arange(start), *(place[name] + np.arange(width) for name in (_family(kind), kind))]
        y = np.array([rows[i].truth for i in chosen])
        found.append(_Part(np.column_stack([features, own, own]), y, weights[chosen], np.concatenate(columns)))
    return found


def _newton_of_parts(parts: Sequence[_Part], ridge: Array, prior: Array) -> Array:
    """As `newton`, where each part of the rows has a few of the weights only: a small piece of the Hessian."""
    beta = prior.copy()

    def loss(at: Array) -> float:
        logits = ((part, part.x @ at[part.places]) for part in parts)
        rows = sum(float(part.weight @ (np.logaddexp(0.0, z) - part.y * z)) for part, z in logits)
        return rows + float(ridge @ (at - prior) ** 2 / 2)

    for _ in range(_MOST_NEWTON):
        gradient, hessian = -ridge * (beta - prior), np.diag(ridge)
        for part in parts:
            p = 1.0 / (1.0 + np.exp(-np.clip(part.x @ beta[part.places], -30, 30)))
            gradient[part.places] += part.x.T @ (part.weight * (part.y - p))
            hessian[np.ix_(part.places, part.places)] += (part.x * (part.weight * p * (1 - p))[:, None]).T @ part.x
        step, known = np.linalg.solve(hessian, gradient), loss(beta)
        while loss(beta + step) > known and float(np.abs(step).max()) >= _CLOSE:
            step /= 2
        beta += step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return beta


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


def fitted(evaluation: CountsEvaluation) -> Calibration:
    """The calibration of an evaluation, which still speaks of nothing: thresholds are another room's."""
    rows = evaluation.rows
    kinds = sorted({row.kind for row in rows})
    families = sorted({_family(kind) for kind in kinds})
    parts = _parts(rows, weights_of(evaluation), kinds, families)
    ridge = np.concatenate([COMMON_RIDGE, np.tile(FAMILY_RIDGE, len(families)), np.tile(OWN_RIDGE, len(kinds))])
    common = (math.log(evaluation.prevalence), *PRIOR)
    prior = np.concatenate([common, np.zeros(len(ridge) - len(common))])
    beta = _newton_of_parts(parts, ridge, prior)
    start, width = 1 + len(FEATURES), 2 + len(OWN_FEATURES)
    own = {name: beta[start + width * i :][:width] for i, name in enumerate([*families, *kinds])}
    every = {convention.name for convention in CATALOGUE} | set(kinds)
    nothing = np.zeros(width)
    return Calibration(
        intercept=float(beta[0]),
        weights=tuple(map(float, beta[1:start])),
        own={
            kind: tuple(map(float, own.get(_family(kind), nothing) + own.get(kind, nothing))) for kind in sorted(every)
        },
        threshold=math.inf,
        prevalence=evaluation.prevalence,
    )

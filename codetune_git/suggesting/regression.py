"""Fits confidence to scored proposals. Knows features and labels; does not know text, nor from when on one speaks.

A logistic regression whose offset and slopes (of the counts' log-odds, alone and in foreign company) are sums of
three: of all conventions, of the family, of the convention. The own parts have Gaussian priors around zero, so that a
convention that was hardly seen is believed as its family is; the common weights have one around what the counts say at
their word.

Broken cases are made, as many as are wanted; how often staged lines are wrong is no matter of theirs. So their rows
are weighed as if a share, the prevalence (prevalence.py), of the hunks in which a convention occurs were wrong (King
and Zeng 2001): log-odds come out at the rate of real commits. What is wrong in such a case weighs as the case does.
Rows of one hunk and convention weigh as the square root of their number: ten sites written alike are one or two
decisions.

A deviation of the house's own people that hardly anybody repeats, and that nobody has mended, is no proof that it was
meant: it counts as wrong for the part of such deviations that a reader would take back.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codetune_git.languages.table import CATALOGUE, family_of
from codetune_git.suggesting.calibration import Calibration, OwnWeights
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.features import Features

Array = npt.NDArray[np.float64]
# What the common weights are near to, and how near; and those that a family or a convention has of its own, to zero.
PRIOR = Features(1.0, 1.0, 1.0, hunk_agrees=0.3, hunk_differs=-0.3, as_one=0.1, as_others=0.1)
INTERCEPT_RIDGE, COMMON_RIDGE = 0.05, 5.0
OWN_RIDGE = OwnWeights(0.2, 0.3, 0.3, 0.3)
OLD_WEIGHT = 0.5  # of a hunk that was sought for a rare convention: how people wrote then
_COMMON, _OWN = 1 + len(Features._fields), len(OwnWeights._fields)
_MOST_NEWTON, _CLOSE = 40, 1e-6  # steps, and how short the last one is


def weights_of(evaluation: CountsEvaluation) -> Array:
    """What each of the evaluation's rows weighs."""
    rows, seen = evaluation.rows, evaluation.seen
    together = Counter((row.case, row.kind) for row in rows)
    broken = Counter(row.kind for row in rows if row.right)
    right = {kind: evaluation.prevalence * seen.get(kind, 1) / times for kind, times in broken.items()}
    cases: dict[int, list[float]] = {}
    for row in rows:
        if row.right:
            cases.setdefault(row.case, []).append(right[row.kind])

    def weight(row: ScoredProposal) -> float:
        if row.right:
            return right[row.kind]
        here = cases.get(row.case, [0.0])
        case = sum(here) / len(here) if row.broken else 1.0 if row.clean else OLD_WEIGHT
        return case / math.sqrt(together[row.case, row.kind])

    return np.array([weight(row) for row in rows])


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that have some of a regression's weights only: the others are zero for them.

    `x` is rows times features, `y` how likely each row is right, `weight` what it weighs; `places` are the weights that
    the columns of `x` have among all, and `base` the log-odds that they come on top of.
    """

    x: Array
    y: Array
    weight: Array
    places: npt.NDArray[np.intp]
    base: Array | float = 0.0


def newton(parts: Sequence[Part], *, ridge: Array, prior: Array) -> Array:
    """The maximum a posteriori weights of a logistic regression with a Gaussian prior of precision `ridge`.

    A step that leads past the maximum is halved: from far away the whole one may lead nowhere.
    """
    beta = prior.copy()

    def loss(at: Array) -> float:
        logits = ((part, part.x @ at[part.places] + part.base) for part in parts)
        rows = sum(float(part.weight @ (np.logaddexp(0.0, z) - part.y * z)) for part, z in logits)
        return rows + float(ridge @ (at - prior) ** 2 / 2)

    for _ in range(_MOST_NEWTON):
        gradient, hessian = -ridge * (beta - prior), np.diag(ridge)
        for part in parts:
            p = 1.0 / (1.0 + np.exp(-np.clip(part.x @ beta[part.places] + part.base, -30, 30)))
            gradient[part.places] += part.x.T @ (part.weight * (part.y - p))
            hessian[np.ix_(part.places, part.places)] += (part.x * (part.weight * p * (1 - p))[:, None]).T @ part.x
        step, known = np.linalg.solve(hessian, gradient), loss(beta)
        while loss(beta + step) > known and float(np.abs(step).max()) >= _CLOSE:
            step /= 2
        beta += step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return beta


@dataclass(frozen=True, slots=True)
class _Places:
    """Which of all weights are whose: the common ones stand first, then each family's own, then each convention's."""

    families: tuple[str, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, kinds: Iterable[str]) -> _Places:
        known = tuple(sorted(set(kinds)))
        return cls(tuple(sorted({family_of(kind) for kind in known})), known)

    def owned(self, kind: str) -> list[int]:
        """The places of the own weights of the kind's family and of the kind itself, as far as they were seen."""
        owners = [self.families.index(family_of(kind))] if family_of(kind) in self.families else []
        owners += [len(self.families) + self.kinds.index(kind)] if kind in self.kinds else []
        return [_COMMON + _OWN * owner + place for owner in owners for place in range(_OWN)]


def _part(rows: Sequence[ScoredProposal], weight: Array, places: _Places) -> Part:
    """The rows of one convention: a one and the features for all, and twice what is weighed otherwise than by all."""
    x = [(1.0, *row.features, *OwnWeights.features(row.features) * 2) for row in rows]
    y = np.array([row.truth for row in rows])
    return Part(np.array(x), y, weight, np.array([*range(_COMMON), *places.owned(rows[0].kind)]))


def fitted(evaluation: CountsEvaluation) -> Calibration:
    """The calibration of an evaluation, which still speaks of nothing: thresholds are another room's."""
    weights, rows = weights_of(evaluation), evaluation.rows
    of_kind: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        of_kind.setdefault(row.kind, []).append(place)
    places = _Places.of(of_kind)
    parts = [_part([rows[i] for i in of_kind[kind]], weights[of_kind[kind]], places) for kind in places.kinds]
    owners = len(places.families) + len(places.kinds)
    ridge = np.array([INTERCEPT_RIDGE, *[COMMON_RIDGE] * len(PRIOR), *OWN_RIDGE * owners])
    prior = np.array([math.log(evaluation.prevalence), *PRIOR, *[0.0] * _OWN * owners])
    beta = newton(parts, ridge=ridge, prior=prior)

    def own(kind: str) -> OwnWeights:
        return OwnWeights(*map(float, beta[places.owned(kind)].reshape(-1, _OWN).sum(axis=0)))

    every = {convention.name for convention in CATALOGUE} | set(of_kind)
    return Calibration(
        intercept=float(beta[0]),
        weights=Features(*map(float, beta[1:_COMMON])),
        own={kind: own(kind) for kind in sorted(every)},
        threshold=math.inf,
        prevalence=evaluation.prevalence,
    )

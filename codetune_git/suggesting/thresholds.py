"""From when on each convention speaks: false alarms are spent where they buy most. Knows scored proposals and a fit.

Does not know text. Every confidence that it looks at is cross-fitted: of files that the fit has not seen.

A convention may speak from any confidence on; that costs alarms, the clean hunks in which it would then be heard, and
buys a share of its broken cases. What is bought is worth the square root of how often the convention occurs: slips are
made where there is something to write, but no convention is to drown the others. Only what is broken against a settled
habit buys anything: where a house writes both ways, the other one is no slip. For a price of an alarm each
convention chooses for itself; the price is the lowest at which all alarms together stay within what is allowed.

Alarms and broken cases are blurred: an alarm just below a threshold counts nearly for half, or each convention would
choose the threshold just above its loudest alarm, and the next hunk would be the alarm. A rate that rests on few hunks
is drawn towards the one of all conventions (POOLED hunks' worth of it): who was never wrong in five hunks has proven
little. An alarm at a deviation that hardly anybody repeats is more likely a slip that was overlooked: it counts for the
part of such deviations that are none.

Where one clean hunk in a hundred may be flagged, nothing is said that is likelier wrong than right at the rate at which
staged lines are wrong; where more may be, less is asked for. How often what a convention says is right follows from
the alarms and the broken cases beyond its threshold: where that is less than one time in four, it stays silent, and
where the fit, which knows less of one convention, is less sure, its confidence is raised. A convention that could not
be judged at all (its sites have stood one way only, and nothing in the settled code shows that the other one may be
written) speaks where it is likelier right than wrong, too.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from codetune_git.suggesting.calibration import SILENT, Basis, Calibration, sigmoid
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.regression import fitted

FOLDS = 5
POOLED = 20.0
_UNHEARD = 0.1  # the alarms that nobody has heard yet: who was never wrong may be so tomorrow
BLUR = 0.4  # nats
_EVEN_ODDS = 0.01  # the share of clean hunks that may be flagged where what is right half the time is worth saying
_LEAST_ODDS = 1 / 3  # of a convention as a whole, as a part of what is asked of each proposal
_ABOVE = 0.05  # nats above the loudest alarm that must stay silent
_SETTLED = math.log(9)  # the log-odds of the counts from which on a habit is settled: nine places in ten
_MOST_STEPS, _BELOW = 40, 6
_PRICES = [1.25**power for power in range(-20, 80)]


@dataclass(frozen=True, slots=True)
class _Alarm:
    """The loudest wrong proposal of a convention in a clean hunk."""

    logit: float
    hunk: int
    cost: float


@dataclass(frozen=True, slots=True)
class _Record:
    """How a convention did in hunks that the fit had not seen: alarms, loudest first, and what was right, ascending.

    `right` are broken cases of settled habits.
    """

    alarms: tuple[_Alarm, ...]
    right: tuple[float, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class _Choice:
    """Speaking from `logit` on: what it costs and buys, and how much of what is said is right where people write."""

    logit: float
    cost: float
    gain: float
    precision: float


def cross_fitted(evaluation: CountsEvaluation) -> list[tuple[ScoredProposal, float]]:
    """Each row with its log-odds by a fit on the files of the other folds; none where a fold has nothing right."""
    found: list[tuple[ScoredProposal, float]] = []
    for fold in range(FOLDS):
        training = tuple(row for row in evaluation.rows if row.file % FOLDS != fold)
        if not any(row.right for row in training):
            return []
        fit = fitted(replace(evaluation, rows=training))
        found += ((row, fit.logit(row.kind, row.features)) for row in evaluation.rows if row.file % FOLDS == fold)
    return found


def _records(judged: Sequence[tuple[ScoredProposal, float]], seen: Mapping[str, int]) -> dict[str, _Record]:
    alarms: defaultdict[str, dict[int, _Alarm]] = defaultdict(dict)
    right: defaultdict[str, list[float]] = defaultdict(list)
    for row, logit in judged:
        if row.clean:
            known = alarms[row.kind].get(row.hunk)
            if known is None or logit > known.logit:
                alarms[row.kind][row.hunk] = _Alarm(logit, row.hunk, 1 - row.truth)
        elif row.right and row.features.counted >= _SETTLED:
            right[row.kind].append(logit)
    return {
        kind: _Record(
            tuple(sorted(alarms[kind].values(), key=lambda one: (-one.logit, one.hunk))),
            tuple(sorted(right[kind])),
            seen.get(kind, 0),
        )
        for kind in sorted(right)
    }


def _pooled(records: Mapping[str, _Record]) -> list[float]:
    """The logits of all alarms, ascending; with how often anything was looked at they are a rate."""
    return sorted(alarm.logit for record in records.values() for alarm in record.alarms)


def _reaching(ascending: Sequence[float], logit: float) -> int:
    return len(ascending) - bisect_left(ascending, logit)


def _cost(alarms: Sequence[_Alarm], logit: float) -> float:
    """What the alarms cost whoever speaks from `logit` on."""
    return sum(alarm.cost * sigmoid((alarm.logit - logit) / BLUR) for alarm in alarms)


def least_logit(rate: float) -> float:
    """The log-odds of being right below which nothing is said where the share `rate` of clean hunks may be flagged."""
    return math.log(_EVEN_ODDS / rate) if rate else math.inf


def _choices(record: _Record, pooled: Sequence[float], *, looks: int, least: float, prevalence: float) -> list[_Choice]:
    """What a convention may choose from, silence excepted: from where on it is right as often as `least` asks for."""
    grid = {record.right[len(record.right) * step // _MOST_STEPS] for step in range(_MOST_STEPS)}
    grid |= {min(grid) - BLUR * step for step in range(1, _BELOW)}
    grid |= {alarm.logit + _ABOVE for alarm in record.alarms[:_MOST_STEPS]}
    found = []
    for logit in sorted(grid):
        own = _cost(record.alarms, logit)
        rate = _reaching(pooled, logit) / max(1, looks)
        cost = record.seen * (own + POOLED * rate) / (record.seen + POOLED)
        heard = sum(sigmoid((one - logit) / BLUR) for one in record.right)
        share = heard / len(record.right)
        right = prevalence * record.seen * share
        precision = right / (right + cost + _UNHEARD)
        if precision >= sigmoid(least):
            found.append(_Choice(logit, cost, math.sqrt(record.seen) * share, precision))
    return found


def _chosen(choices: Mapping[str, Sequence[_Choice]], price: float) -> dict[str, _Choice]:
    """What each convention chooses at this price; those that stay silent are left out."""
    found = {}
    for kind, some in choices.items():
        best = max(some, key=lambda one: (one.gain - price * one.cost, one.logit), default=None)
        if best is not None and best.gain > price * best.cost:
            found[kind] = best
    return found


def _alarms(records: Mapping[str, _Record], chosen: Mapping[str, _Choice]) -> dict[int, float]:
    """The clean hunks in which anything would be said, and what each of them costs."""
    found: dict[int, float] = {}
    for kind, choice in chosen.items():
        for alarm in records[kind].alarms:
            if alarm.logit >= choice.logit:
                found[alarm.hunk] = max(found.get(alarm.hunk, 0.0), alarm.cost)
    return found


def _spent(records: Mapping[str, _Record], evaluation: CountsEvaluation, rate: float) -> dict[str, _Choice]:
    """What is chosen at the lowest price at which all alarms together are a share `rate` of the clean hunks."""
    pooled, looks = _pooled(records), sum(record.seen for record in records.values())
    least, prevalence = least_logit(rate) + math.log(_LEAST_ODDS), evaluation.prevalence
    choices = {
        kind: _choices(record, pooled, looks=looks, least=least, prevalence=prevalence)
        for kind, record in records.items()
    }
    low, high = 0, len(_PRICES)  # alarms only fall as their price rises
    while low < high:
        middle = (low + high) // 2
        if sum(_alarms(records, _chosen(choices, _PRICES[middle])).values()) <= rate * evaluation.clean:
            high = middle
        else:
            low = middle + 1
    return _chosen(choices, _PRICES[low]) if low < len(_PRICES) else {}


def _raised(choice: _Choice) -> float:
    """By how many nats what a convention says is surer than the fit believes, as far as it is heard at all."""
    return max(0.0, math.log(choice.precision / (1 - choice.precision)) - choice.logit)


def _basis(
    judged: Sequence[tuple[ScoredProposal, float]], chosen: Mapping[str, float], evaluation: CountsEvaluation
) -> Basis:
    spoken = {row.hunk: row for row, logit in judged if row.clean and logit >= chosen.get(row.kind, math.inf)}
    right = [(row, logit) for row, logit in judged if row.right]
    return Basis(
        clean=evaluation.clean,
        flagged=len(spoken),
        lone=sum(row.lone for row in spoken.values()),
        broken=len(right),
        restored=sum(logit >= chosen.get(row.kind, math.inf) for row, logit in right),
        newest=evaluation.newest,
        newest_flagged=sum(hunk < evaluation.newest for hunk in spoken),
    )


def calibrated(evaluation: CountsEvaluation, rate: float) -> Calibration:
    """The calibration that flags at most about the share `rate` of the evaluation's clean hunks, cross-fitted.

    SILENT where there is nothing right to learn from. Nothing wrong is no reason: so agrees a house that agrees in all.
    """
    judged = cross_fitted(evaluation)
    if not judged:
        return SILENT
    chosen = _spent(_records(judged, evaluation.seen), evaluation, rate)
    raised, least = {kind: _raised(choice) for kind, choice in chosen.items()}, least_logit(rate)
    logits = {kind: max(choice.logit, least - raised[kind]) for kind, choice in chosen.items()}
    fit, judged_on = fitted(evaluation), sorted({row.kind for row in evaluation.rows})
    return replace(
        fit,
        own={kind: own._replace(offset=own.offset + raised.get(kind, 0.0)) for kind, own in fit.own.items()},
        threshold=sigmoid(least) if chosen else math.inf,
        thresholds={kind: sigmoid(logits[kind] + raised[kind]) if kind in logits else math.inf for kind in judged_on},
        basis=_basis(judged, logits, evaluation),
    )

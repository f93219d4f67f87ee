"""The gate before an adapter is published: its calibration must be at least as good as the active one.

1 the calibration by counts, with people's decisions among its clean hunks
2 the model's part, kept only where it restores more of the sample at no more false alarms
3 the gate: a calibration that suggests is replaced neither by a silent one nor by one that restores less
  beyond the error of measuring

Does not know how counts and answers came about, nor weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from codetune_git.pipelines.counts_profile import calibration_of
from codetune_git.suggesting.calibration import FEWEST_HUNKS, Calibration
from codetune_git.suggesting.evaluation.metrics import metrics_of
from codetune_git.suggesting.evaluation.results import EvalResults
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.evaluation.share import Share
from codetune_git.suggesting.model_weight import ModelWeight, fit_model_weight

# A few commits move what is just sure enough by some per cent, either way: that is no reason to forget them.
_STILL_AS_GOOD = 0.9


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """A calibration, the evaluation by counts that it rests on, and what the model's sample said, if it was asked."""

    calibration: Calibration
    evaluation: CountsEvaluation
    model_weight: ModelWeight | None

    @property
    def restored(self) -> Share:
        basis = self.calibration.basis
        return Share(basis.restored, basis.broken)

    @property
    def flagged(self) -> Share:
        return Share(self.calibration.basis.flagged, self.calibration.basis.clean)


def with_decided(evaluation: CountsEvaluation, decided: EvalResults) -> CountsEvaluation:
    """The evaluation with the clean hunks about which people have `decided`."""
    hunk = 1 + max((row.hunk for row in evaluation.rows), default=-1)
    case = 1 + max((row.case for row in evaluation.rows), default=-1)
    file = 1 + max((row.file for row in evaluation.rows), default=-1)
    later = (
        replace(r, hunk=r.hunk + hunk, case=r.case + case, file=r.file + file) for r in decided.proposals if r.clean
    )
    return replace(evaluation, rows=(*evaluation.rows, *later), clean=evaluation.clean + decided.clean_hunks)


def calibrate(evaluation: CountsEvaluation, answered: Sequence[ScoredProposal], rate: float) -> CalibrationResult:
    """Steps 1 and 2."""
    by_counts = calibration_of(evaluation, rate)
    if by_counts.silent or not answered:
        return CalibrationResult(by_counts, evaluation, None)
    sample = fit_model_weight(by_counts, answered)
    return CalibrationResult(sample.calibration, evaluation, sample)


def reason_for_silence(result: CalibrationResult) -> str:
    """Why a calibration is silent, in one line, with what to do."""
    evaluation = result.evaluation
    if evaluation.clean < FEWEST_HUNKS:
        needed = f"{FEWEST_HUNKS} are needed: train again after more commits"
        return f"{evaluation.clean} settled hunks to calibrate on, {needed}"
    if not any(row.right for row in evaluation.rows):
        return "no convention of the catalogue occurs in the settled hunks: look at git codetune conventions"
    return (
        f"at no price do {len(evaluation.seen)} conventions keep to the allowed rate of flagged hunks: "
        "allow more with codetune.falsePositiveRate"
    )


def reason_to_keep(result: CalibrationResult, active: Calibration | None, *, decided: bool) -> str | None:
    """Step 3: the reason why the `active` calibration stays; None where the new one may replace it.

    `decided`: people have rejected suggestions meanwhile, so that restoring less is no fault.
    """
    if active is None or active.silent:
        return None
    if result.calibration.silent:
        return f"the new profile would be silent ({reason_for_silence(result)})"
    if decided:
        return None
    # Both on all cases, as the active one was fitted on most of them, and at today's prevalence: where lines are wrong
    # less often now, a calibration that suggests less is no worse.
    shift = math.log(result.calibration.prevalence / active.prevalence)
    today = replace(active, intercept=active.intercept + shift)
    before, now = (
        metrics_of(result.evaluation.rows, one, result.evaluation.clean) for one in (today, result.calibration)
    )
    loses = now.restored.value < _STILL_AS_GOOD * before.restored.value
    if (
        loses
        and now.restored.interval[1] < before.restored.interval[0]
        and before.false_alarms.hits <= now.false_alarms.hits
    ):
        return (
            f"it restores {now.restored.value:.0%} of the broken cases, the active one {before.restored.value:.0%}: "
            "train again after more commits, or allow more with codetune.falsePositiveRate"
        )
    return None

"""The model is listened to where it restores more of what it was not fitted on, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from support.judged import house, row

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.model_weight import LEAST_REWRITE_CONFIDENCE, fit_model_weight, with_model_weight

COUNTS = Calibration(-5.0, Features(1.0), {}, threshold=0.9)


def sample(knows: float, *, hunks: int = 200) -> list[ScoredProposal]:
    """Broken cases that counts alone are not sure enough of; the model tells them from clean ones by `knows`."""
    rng = Random(7)
    right = (row(True, 6.0, hunk=n, case=10_000 + n, log_odds=rng.gauss(knows, 1)) for n in range(hunks))
    wrong = (row(False, 3.0, hunk=n, case=n + 1, clean=True, log_odds=rng.gauss(-knows, 1)) for n in range(hunks))
    return [*right, *wrong]


def test_a_model_that_knows_more_is_heard() -> None:
    found = fit_model_weight(COUNTS, sample(4.0))
    assert found.pays
    assert found.both.restored.hits > found.counts.restored.hits
    assert found.both.false_alarms.hits <= found.counts.false_alarms.hits
    assert found.calibration.weights[:-1] == COUNTS.weights[:-1]
    assert found.calibration.weights[-1] > 0.3


def test_a_model_that_knows_nothing_is_not() -> None:
    found = fit_model_weight(COUNTS, sample(0.0))
    assert not found.pays
    assert found.calibration == COUNTS


def test_only_an_offset_and_the_weight_of_the_model_are_fitted() -> None:
    found = with_model_weight(COUNTS, sample(2.0))
    assert replace(found, intercept=COUNTS.intercept, weights=COUNTS.weights) == COUNTS
    assert with_model_weight(COUNTS, [r for r in house(20, 1) if r.right]) == COUNTS


def test_what_it_writes_must_be_surer_than_it_ever_was_in_a_clean_hunk() -> None:
    free = [row(True, hunk=n, case=n + 1, kind=REWRITE, log_odds=7.0) for n in range(60)]
    free += [row(False, hunk=n, case=n + 100, kind=REWRITE, clean=True, log_odds=2.5) for n in range(40)]
    found = fit_model_weight(COUNTS, [*sample(0.0), *free])
    assert not found.pays
    said = found.calibration
    assert said.rewrite_threshold >= LEAST_REWRITE_CONFIDENCE
    assert all(said.passes_threshold(REWRITE, said.confidence(REWRITE, r.features)) == r.right for r in free)

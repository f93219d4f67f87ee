"""What came of a training, and how it is printed. Does not know how one trains or evaluates."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codetune_git.domain import Skipped
from codetune_git.model.training.memorisation import Memorised
from codetune_git.pipelines.commits import MinedCommits, by_reason
from codetune_git.pipelines.evaluation import ModelAnswers
from codetune_git.pipelines.publish_gate import CalibrationResult, reason_for_silence
from codetune_git.report.text import counted

if TYPE_CHECKING:
    from codetune_git.model.training.config import TrainingReport
    from codetune_git.pipelines.training_data import TrainingData


@dataclass(frozen=True, slots=True)
class TrainingOutcome:
    """What came of a training: samples by kind, the held-out loss if it was measured, memorised code, a line for the
    user.
    """

    kinds: dict[str, int]
    loss_after: float | None
    gained: bool
    memorised: Memorised | None
    over_budget: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    line: str

    @classmethod
    def of(cls, report: TrainingReport, data: TrainingData) -> TrainingOutcome:
        unread = frozenset(report.unread)
        learned = (one.sample for number, one in enumerate(data.examples) if number not in unread)
        kinds = Counter(sample.kind.value for sample in learned if sample is not None)
        skipped = data.skipped + tuple(Skipped("", "beyond the budget") for _ in unread)
        before, after = report.held_out_loss_before, report.held_out_loss_after
        gained = before is not None and after is not None and after < before
        return cls(dict(kinds), after, gained, report.memorised, data.over_budget, skipped, str(report))


def print_calibration(result: CalibrationResult, asked: ModelAnswers) -> None:
    """Print how the published calibration judges, and what it rests on; the model was `asked` about a sample."""
    if result.calibration.silent:
        print(f"Silent: {reason_for_silence(result)}.")
        return
    basis, flagged, restored = result.calibration.basis, result.flagged, result.restored
    low, high = flagged.interval
    print(
        f"Evaluated: {flagged.hits} of {flagged.total} clean hunks flagged (95 % interval {low:.1%} to {high:.1%}; "
        f"{basis.lone} for a form that stands alone), {restored.value:.0%} of {restored.total} broken ones restored, "
        f"by counts; {len(result.calibration.speaking)} conventions are suggested."
    )
    if result.model_weight is None:
        return
    alone, both = result.model_weight.counts.restored, result.model_weight.both.restored
    adds = "is used" if result.model_weight.pays else "adds nothing, so counts judge and it only rewrites freely"
    print(
        f"{str(asked).capitalize()}: with it {both.hits} of {both.total} are restored, without {alone.hits}; it {adds}."
    )


def print_summary(mined: MinedCommits, outcome: TrainingOutcome) -> None:
    """Print what was read and trained on, and what was left out."""
    samples = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(outcome.kinds.items()))
    print(f"Read {mined.read} commits; learned from {samples}.")
    if mined.held_out:
        print(f"Held out of training: {counted(len(mined.held_out), 'commit')}.")
    print(f"Trained on {outcome.line}.")
    if outcome.memorised:
        print(f"{str(outcome.memorised).capitalize()}.")
    for reason, number in by_reason(mined.skipped + outcome.skipped):
        print(f"Left out: {number} × {reason}")
    if outcome.over_budget:
        print(f"Left out: {len(outcome.over_budget)} older commits, for which the budget had no room")

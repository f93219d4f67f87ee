"""What the lessons of a training have led to, and how it is said. Does not know how they were learned or examined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codetune_git.domain import Skipped
from codetune_git.model.training.memorisation import Memorised
from codetune_git.pipelines.commits import Mined, by_reason
from codetune_git.pipelines.evaluation import Asked
from codetune_git.pipelines.publish_gate import Profile, why_silent
from codetune_git.report.text import counted

if TYPE_CHECKING:
    from codetune_git.model.training.config import TrainingReport
    from codetune_git.pipelines.training_data import Lessons


@dataclass(frozen=True, slots=True)
class Taught:
    """Counts of learned samples, the held-out loss if it was measured, what is known by heart, a line for the user."""

    kinds: dict[str, int]
    loss_after: float | None
    gained: bool
    memorised: Memorised | None
    beyond: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    line: str

    @classmethod
    def of(cls, report: TrainingReport, lessons: Lessons) -> Taught:
        unread = frozenset(report.unread)
        learned = (one.sample for number, one in enumerate(lessons.examples) if number not in unread)
        kinds = Counter(sample.kind.value for sample in learned if sample is not None)
        skipped = lessons.skipped + tuple(Skipped("", "beyond the budget") for _ in unread)
        before, after = report.held_out_loss_before, report.held_out_loss_after
        gained = before is not None and after is not None and after < before
        return cls(dict(kinds), after, gained, report.memorised, lessons.beyond, skipped, str(report))


def print_profile(profile: Profile, asked: Asked) -> None:
    """How the published profile judges, and what that rests on; the model was `asked` about a sample."""
    if profile.calibration.silent:
        print(f"Silent: {why_silent(profile)}.")
        return
    basis, flagged, restored = profile.calibration.basis, profile.flagged, profile.restored
    low, high = flagged.interval
    print(
        f"Examined: {flagged.hits} of {flagged.total} clean hunks flagged (95 % interval {low:.1%} to {high:.1%}; "
        f"{basis.lone} for a form that stands alone), {restored.value:.0%} of {restored.total} broken ones restored, "
        f"by counts; {len(profile.calibration.spoken)} conventions speak."
    )
    if profile.heard is None:
        return
    alone, both = profile.heard.counts.restored, profile.heard.both.restored
    adds = "is listened to" if profile.heard.pays else "adds nothing, so counts judge and it only rewrites freely"
    print(
        f"{str(asked).capitalize()}: with it {both.hits} of {both.total} are restored, without {alone.hits}; it {adds}."
    )


def print_summary(mined: Mined, taught: Taught) -> None:
    """What was read and learned, and what was left out."""
    samples = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(taught.kinds.items()))
    print(f"Read {mined.read} commits; learned from {samples}.")
    if mined.held_out:
        print(f"Held out of the lessons: {counted(len(mined.held_out), 'commit')}.")
    print(f"Trained on {taught.line}.")
    if taught.memorised:
        print(f"{str(taught.memorised).capitalize()}.")
    for reason, number in by_reason(mined.skipped + taught.skipped):
        print(f"Left out: {number} × {reason}")
    if taught.beyond:
        print(f"Left out: {len(taught.beyond)} older commits, for which the budget had no room")

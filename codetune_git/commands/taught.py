"""What the lessons of a training have led to, and how it is said. Does not know how they were learned or examined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codetune_git.commands.examining import FEWEST_HUNKS
from codetune_git.commands.mining import Mined, by_reason
from codetune_git.domain import Skipped
from codetune_git.model.memorisation import Memorised
from codetune_git.suggesting.calibration import SILENT, Calibration
from codetune_git.suggesting.marks import Marks

if TYPE_CHECKING:
    from codetune_git.model.fitting import FitReport


@dataclass(frozen=True, slots=True)
class Taught:
    """Counts of samples, the held-out loss, what the adapter says by heart, and a line for the user."""

    kinds: dict[str, int]
    loss_after: float
    gained: bool
    memorised: Memorised | None
    beyond: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    line: str

    @classmethod
    def of(
        cls, report: FitReport, *, kinds: Mapping[str, int], beyond: tuple[str, ...], skipped: tuple[Skipped, ...]
    ) -> Taught:
        before, after = report.held_out_loss_before or 0.0, report.held_out_loss_after or 0.0
        return cls(dict(kinds), after, after < before, report.memorised, beyond, skipped, str(report))


def print_summary(mined: Mined, taught: Taught, result: Marks, calibration: Calibration) -> None:
    low, high = result.false_alarms.interval
    samples = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in sorted(taught.kinds.items()))
    print(f"Read {mined.read} commits; learned from {samples}.")
    print(f"Trained on {taught.line}.")
    if taught.memorised:
        print(f"{str(taught.memorised).capitalize()}.")
    if calibration is SILENT:
        few = f"{result.false_alarms.total} settled hunks to calibrate on, {FEWEST_HUNKS} are needed"
        alike = "all rewrites in the exam were right, or all were wrong, so nothing tells them apart"
        print(
            f"Silent: {few if result.false_alarms.total < FEWEST_HUNKS else alike}. "
            "The counts were learned; train again when there are more commits."
        )
    else:
        print(
            f"Examined: {result.false_alarms.hits} of {result.false_alarms.total} clean hunks flagged "
            f"(95 % interval {low:.1%} to {high:.1%}), {result.restored.value:.0%} of {result.restored.total} "
            f"broken ones restored; speaks from {calibration.threshold:.0%} confidence."
        )
    for reason, number in by_reason(mined.skipped + taught.skipped):
        print(f"Left out: {number} × {reason}")
    if taught.beyond:
        print(f"Left out: {len(taught.beyond)} older commits, for which the budget had no room")

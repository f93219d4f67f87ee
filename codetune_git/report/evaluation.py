"""The metrics of an evaluation, for a terminal. Pure: metrics in, text out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codetune_git.suggesting.evaluation.metrics import Metrics
from codetune_git.suggesting.evaluation.reliability import Bin


@dataclass(frozen=True, slots=True)
class Measured:
    """A way of judging and its metrics."""

    title: str
    metrics: Metrics


def _row(one: Measured) -> str:
    low, high = one.metrics.false_alarms.interval
    alarms = f"{one.metrics.false_alarms.hits}/{one.metrics.false_alarms.total} [{low:.1%} {high:.1%}]"
    restored, precision = one.metrics.restored, one.metrics.precision
    return f"{one.title:<36} {alarms:<22} {restored.value:>7.1%} of {restored.total:<5} {precision.value:>9.1%}"


def _kinds(one: Measured) -> Iterator[str]:
    for kind, share in sorted(one.metrics.by_kind.items(), key=lambda item: (item[1].value, item[0])):
        yield f"  {kind:<28} {share.hits:>4}/{share.total:<4} {share.value:>6.0%}"


def render_metrics(measured: Sequence[Measured], commits: int, rate: float) -> str:
    """A table with a row for each way of judging, then the first one by convention."""
    head = f"{'judged by':<36} {'clean hunks flagged':<22} {'broken restored':>16} {'precision':>9}"
    lines = [
        f"{commits} commits that the adapter has not seen; at most {rate:.1%} of clean hunks may be flagged.",
        "",
        head,
        *map(_row, measured),
        "",
        f"Restored by what was broken ({measured[0].title}):",
        *_kinds(measured[0]),
    ]
    return "\n".join(lines)


def render_reliability(bins: Sequence[Bin]) -> str:
    """A row for each bin of confidences: what was said to be how sure, and how much of it was right."""
    head = f"{'confidence':<14} {'proposals':>9} {'mean':>7} {'right':>7}"
    rows = [f"{b.low:>5.0%} to {b.high:<5.0%} {b.number:>9} {b.confidence:>7.1%} {b.right:>7.1%}" for b in bins]
    return "\n".join(["", "By counts, at the rate at which staged lines are wrong:", head, *rows])

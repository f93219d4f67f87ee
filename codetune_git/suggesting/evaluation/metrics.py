"""Metrics of an evaluation: how often anything was said about clean hunks, and how much of what was broken came back.

Knows scored proposals and a calibration. Does not know how they came about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.evaluation.share import Share


@dataclass(frozen=True, slots=True)
class Metrics:
    """`false_alarms`: clean hunks in which anything was said. `restored`: broken cases put right exactly.

    `precision`: of all that was said, clean and broken cases alike. `by_kind`: cases restored, by what was broken.
    """

    false_alarms: Share
    restored: Share
    precision: Share
    by_kind: Mapping[str, Share]


def _accepted(rows: Iterable[ScoredProposal], calibration: Calibration) -> dict[int, ScoredProposal]:
    """What is said at each site of a case: the most confident proposal that reaches the threshold."""
    best: dict[int, tuple[float, ScoredProposal]] = {}
    for row in rows:
        confidence = calibration.confidence(row.kind, row.features)
        if calibration.passes_threshold(row.kind, confidence) and confidence > best.get(row.site, (0.0, row))[0]:
            best[row.site] = (confidence, row)
    return {site: row for site, (_, row) in best.items()}


def metrics_of(rows: Sequence[ScoredProposal], calibration: Calibration, clean_hunks: int) -> Metrics:
    """The metrics for an evaluation of `clean_hunks` hunks (some may have left no row) and their broken cases."""
    cases: defaultdict[int, list[ScoredProposal]] = defaultdict(list)
    for row in rows:
        cases[row.case].append(row)
    alarms = restored = said = right = 0
    broken_kinds: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases.values():
        accepted = _accepted(case, calibration)
        said += len(accepted)
        right += sum(row.right for row in accepted.values())
        if case[0].clean:
            alarms += bool(accepted)
            continue
        if not case[0].broken:  # its sites do not correspond to the committed ones: nobody knows what is right
            continue
        whole = any(row.kind == REWRITE for row in accepted.values())  # right, it restores all sites at once
        exact = (whole or len(accepted) == case[0].broken) and all(row.right for row in accepted.values())
        restored += exact
        for kind in {row.kind for row in case if row.right}:
            broken_kinds[kind].append(exact)
    total = sum(case[0].broken > 0 for case in cases.values())
    return Metrics(
        Share(alarms, clean_hunks),
        Share(restored, total),
        Share(right, said),
        {kind: Share(sum(outcomes), len(outcomes)) for kind, outcomes in sorted(broken_kinds.items())},
    )


def combined(parts: Sequence[Metrics]) -> Metrics:
    """The metrics of evaluations of different hunks as those of one."""
    none = Share(0, 0)
    kinds = {kind for part in parts for kind in part.by_kind}
    return Metrics(
        sum((part.false_alarms for part in parts), none),
        sum((part.restored for part in parts), none),
        sum((part.precision for part in parts), none),
        {kind: sum((part.by_kind.get(kind, none) for part in parts), none) for kind in sorted(kinds)},
    )

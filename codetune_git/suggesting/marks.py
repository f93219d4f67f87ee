"""Marks of an exam: how often anything was said about clean hunks, and how much of what was broken came back.

Knows judged proposals and a calibration. Does not know how they came about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import Calibration, Judged
from codetune_git.suggesting.share import Share


@dataclass(frozen=True, slots=True)
class Marks:
    """`false_alarms`: clean hunks in which anything was said. `restored`: broken cases put right exactly.

    `precision`: of all that was said, clean and broken cases alike. `by_kind`: cases restored, by what was broken.
    """

    false_alarms: Share
    restored: Share
    precision: Share
    by_kind: Mapping[str, Share]


def _spoken(rows: Iterable[Judged], calibration: Calibration) -> dict[int, Judged]:
    """What is said at each site of a case: the most confident proposal that reaches the threshold."""
    best: dict[int, tuple[float, Judged]] = {}
    for row in rows:
        confidence = calibration.confidence(row.kind, row.features)
        if calibration.speaks(row.kind, confidence) and confidence > best.get(row.site, (0.0, row))[0]:
            best[row.site] = (confidence, row)
    return {site: row for site, (_, row) in best.items()}


def marks(rows: Sequence[Judged], calibration: Calibration, clean_hunks: int) -> Marks:
    """The marks for an exam of `clean_hunks` hunks (some may have left no row at all) and their broken cases."""
    cases: defaultdict[int, list[Judged]] = defaultdict(list)
    for row in rows:
        cases[row.case].append(row)
    alarms = restored = said = right = 0
    broken_kinds: defaultdict[str, list[bool]] = defaultdict(list)
    for case in cases.values():
        spoken = _spoken(case, calibration)
        said += len(spoken)
        right += sum(row.right for row in spoken.values())
        if case[0].clean:
            alarms += bool(spoken)
            continue
        if not case[0].broken:  # its sites do not correspond to the committed ones: nobody knows what is right
            continue
        whole = any(row.kind == REWRITE for row in spoken.values())  # right, it restores all sites at once
        exact = (whole or len(spoken) == case[0].broken) and all(row.right for row in spoken.values())
        restored += exact
        for kind in {row.kind for row in case if row.right}:
            broken_kinds[kind].append(exact)
    total = sum(case[0].broken > 0 for case in cases.values())
    return Marks(
        Share(alarms, clean_hunks),
        Share(restored, total),
        Share(right, said),
        {kind: Share(sum(outcomes), len(outcomes)) for kind, outcomes in sorted(broken_kinds.items())},
    )


def combined(parts: Sequence[Marks]) -> Marks:
    """The marks of exams of different hunks as those of one."""
    none = Share(0, 0)
    kinds = {kind for part in parts for kind in part.by_kind}
    return Marks(
        sum((part.false_alarms for part in parts), none),
        sum((part.restored for part in parts), none),
        sum((part.precision for part in parts), none),
        {kind: sum((part.by_kind.get(kind, none) for part in parts), none) for kind in sorted(kinds)},
    )

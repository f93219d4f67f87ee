"""An exam's answers as text and back: kept with an adapter, so that later runs calibrate on all that is known.

Knows judged proposals. Does not know files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from codetune_git.errors import DataRefused
from codetune_git.suggesting.calibration import Judged
from codetune_git.suggesting.evidence import FEATURES
from codetune_git.suggesting.stored import load_json

VERSION = 3


def to_json(rows: Sequence[Judged], clean_hunks: int) -> str:
    """The answers of an exam of `clean_hunks` hunks."""
    written = [
        [
            *(row.kind, [round(x, 3) for x in row.features], int(row.right)),
            *(row.hunk, row.file, row.case, row.site, int(row.clean), row.broken, int(row.lone)),
        ]
        for row in rows
    ]
    record = {"version": VERSION, "features": list(FEATURES), "clean_hunks": clean_hunks, "rows": written}
    return json.dumps(record, separators=(",", ":"))


def _judged(row: Sequence[Any]) -> Judged:
    kind, features, right, *numbers = row
    hunk, file, case, site, clean, broken, lone = map(int, numbers)
    if len(features) != len(FEATURES):
        raise ValueError(f"{len(features)} answers for {len(FEATURES)} features")
    return Judged(
        kind, tuple(map(float, features)), bool(right), hunk, file, case, site, bool(clean), broken, bool(lone)
    )


def from_json(text: str) -> tuple[tuple[Judged, ...], int]:
    """The inverse of `to_json`; nothing for answers about other features. Raises DataRefused for anything else."""
    try:
        record = load_json(text)
        if record["version"] != VERSION or tuple(record["features"]) != FEATURES:
            return (), 0
        return tuple(map(_judged, record["rows"])), int(record["clean_hunks"])
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DataRefused(f"the record of the last exam is damaged ({error}): run git codetune train") from error


def joined(
    old: tuple[tuple[Judged, ...], int], new: tuple[tuple[Judged, ...], int], most: int
) -> tuple[tuple[Judged, ...], int]:
    """The answers of both exams, numbered on; of the older one only as many clean hunks as make `most` together."""
    share = min(1.0, max(0, most - new[1]) / max(1, old[1]))
    hunks = sorted({row.hunk for row in old[0]})
    kept = set(hunks[len(hunks) - round(share * len(hunks)) :])
    hunk = 1 + max((row.hunk for row in old[0]), default=-1)
    case = 1 + max((row.case for row in old[0]), default=-1)
    # An exam numbers its hunks from the newest on; in the record the newest have the highest numbers.
    top = hunk + max((row.hunk for row in new[0]), default=0)
    later = tuple(replace(row, hunk=top - row.hunk, case=row.case + case) for row in new[0])
    return tuple(row for row in old[0] if row.hunk in kept) + later, round(old[1] * share) + new[1]

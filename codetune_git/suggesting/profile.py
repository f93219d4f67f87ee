"""How a repository writes, as one value and as the JSON that an adapter's folder keeps beside its weights.

Knows the parts and the form of the record. Does not know the folder. Unknown or damaged records raise DataRefused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from codetune_git.domain import Precedent
from codetune_git.errors import DataRefused
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import Basis, Calibration, OwnWeights
from codetune_git.suggesting.features import Features, current_names
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.stored import load_json

VERSION = 4


def _offsets_and_slopes(record: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """The own weights in the form that they had while the counts' log-odds were the only feature with one."""
    return {kind: (offset, record["slopes"][kind]) for kind, offset in record["offsets"].items()}


def _calibration(record: Mapping[str, Any]) -> Calibration:
    weights = dict(zip(current_names(record["features"]), map(float, record["weights"]), strict=True))
    own = record["own"] if "own" in record else _offsets_and_slopes(record)
    return Calibration(
        intercept=float(record["intercept"]),
        weights=Features(**weights),
        own={str(kind): OwnWeights(*map(float, weights)) for kind, weights in own.items()},
        threshold=float(record["threshold"]),
        thresholds={str(k): float(v) for k, v in record["thresholds"].items()},
        rewrite=(float(record["rewrite"][0]), float(record["rewrite"][1])),
        rewrite_threshold=float(record["rewrite_threshold"]),
        prevalence=float(record["prevalence"]),
        basis=Basis(**{name: int(record["basis"][name]) for name in asdict(Basis())}),
    )


@dataclass(frozen=True, slots=True)
class StyleProfile:
    """How a repository writes: the counts of its conventions, their calibration, and example lines."""

    counts: Counts
    calibration: Calibration
    precedents: Precedents

    def to_json(self) -> str:
        """The record that an adapter's folder keeps."""
        c = self.calibration
        record = {
            "version": VERSION,
            "features": list(Features._fields),
            "intercept": c.intercept,
            "weights": list(c.weights),
            "own": {kind: list(weights) for kind, weights in c.own.items()},
            "threshold": min(c.threshold, 2.0),
            "thresholds": {kind: min(threshold, 2.0) for kind, threshold in c.thresholds.items()},
            "rewrite": list(c.rewrite),
            "rewrite_threshold": min(c.rewrite_threshold, 2.0),
            "prevalence": c.prevalence,
            "basis": asdict(c.basis),
            "counts": [[name, list(context), v, n] for (name, context, v), n in sorted(self.counts.tally.items())],
            "precedents": [
                [*place[:2], list(place[2]), [[p.path, p.line, p.commit, p.text] for p in found]]
                for place, found in self.precedents.table.items()
            ],
        }
        return json.dumps(record, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> StyleProfile:
        """The inverse of `to_json`. Raises DataRefused where `text` is no record of this version."""
        try:
            record = load_json(text)
            if record["version"] != VERSION or not set(current_names(record["features"])) <= set(Features._fields):
                raise DataRefused("the calibration was written by another version: run git codetune train")
            counts = Counts.of([{(row[0], tuple(row[1]), row[2]): int(row[3]) for row in record["counts"]}])
            precedents = Precedents(
                {
                    (row[0], row[1], tuple(row[2])): tuple(Precedent(*found) for found in row[3])
                    for row in record["precedents"]
                }
            )
            return cls(counts, _calibration(record), precedents)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise DataRefused(f"the calibration is damaged ({error}): run git codetune train") from error

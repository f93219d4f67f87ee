"""The results of evaluations: scored proposals, kept with an adapter so that later runs calibrate on all that is known.

Knows scored proposals and their form as JSON. Does not know the file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from codetune_git.errors import DataRefused
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.features import Features, current_names
from codetune_git.suggesting.stored import load_json

VERSION = 3


def _to_row(proposal: ScoredProposal) -> list[object]:
    p = proposal
    features = [round(x, 3) for x in p.features]
    return [p.kind, features, int(p.right), p.hunk, p.file, p.case, p.site, int(p.clean), p.broken, int(p.lone)]


def _from_row(row: Sequence[Any]) -> ScoredProposal:
    kind, values, right, *numbers = row
    features = dict(zip(Features._fields, map(float, values), strict=True))
    hunk, file, case, site, clean, broken, lone = map(int, numbers)
    return ScoredProposal(
        kind, Features(**features), bool(right), hunk, file, case, site, bool(clean), broken, bool(lone)
    )


@dataclass(frozen=True, slots=True)
class EvalResults:
    """The scored proposals of one or more evaluations of `clean_hunks` clean hunks; some hunks may have left none."""

    proposals: tuple[ScoredProposal, ...] = ()
    clean_hunks: int = 0

    def to_json(self) -> str:
        """The record that an adapter's folder keeps."""
        rows = [_to_row(proposal) for proposal in self.proposals]
        record = {"version": VERSION, "features": list(Features._fields), "clean_hunks": self.clean_hunks, "rows": rows}
        return json.dumps(record, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> EvalResults:
        """The inverse of `to_json`; empty for a record of other features. Raises DataRefused where it is damaged."""
        try:
            record = load_json(text)
            if record["version"] != VERSION or current_names(record["features"]) != Features._fields:
                return cls()
            return cls(tuple(map(_from_row, record["rows"])), int(record["clean_hunks"]))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DataRefused(
                f"the results of the last evaluation are damaged ({error}): run git codetune train"
            ) from error

    def followed_by(self, newer: EvalResults, most: int) -> EvalResults:
        """Both results, numbered on; of these older ones only as many clean hunks as make `most` together."""
        share = min(1.0, max(0, most - newer.clean_hunks) / max(1, self.clean_hunks))
        hunks = sorted({proposal.hunk for proposal in self.proposals})
        kept = set(hunks[len(hunks) - round(share * len(hunks)) :])
        hunk = 1 + max((proposal.hunk for proposal in self.proposals), default=-1)
        case = 1 + max((proposal.case for proposal in self.proposals), default=-1)
        # An evaluation numbers its hunks from the newest on; here the newest have the highest numbers.
        top = hunk + max((proposal.hunk for proposal in newer.proposals), default=0)
        later = (replace(p, hunk=top - p.hunk, case=p.case + case) for p in newer.proposals)
        return EvalResults(
            (*(proposal for proposal in self.proposals if proposal.hunk in kept), *later),
            round(self.clean_hunks * share) + newer.clean_hunks,
        )

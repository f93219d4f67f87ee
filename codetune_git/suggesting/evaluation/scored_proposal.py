"""Proposals whose truth is known, and the evaluation by counts that they come from.

Knows features and labels. Does not know text, nor how the proposals were made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codetune_git.suggesting.features import Features

# Of deviations that hardly anybody repeats and nobody has mended. Of 26 that were read one by one 20 were slips, but
# whoever left them alone will not thank for all of these: even odds.
LONE_WRONG = 0.5


@dataclass(frozen=True, slots=True)
class ScoredProposal:
    """A proposal of the convention `kind` whose truth is known, with its features.

    `hunk` numbers the committed hunk, `file` its file, `case` the way it was staged (as it is: `clean`, or broken),
    `site` the site. `broken` sites of the case are to be restored, with a right proposal for each or not (0: none, or
    nobody knows). `lone`: hardly anything else in the repository is written as this clean site is.
    """

    kind: str
    features: Features
    right: bool
    hunk: int
    file: int
    case: int
    site: int
    clean: bool
    broken: int
    lone: bool = False

    @property
    def truth(self) -> float:
        """How likely the proposal is right: a lone deviation may be a slip that was overlooked."""
        return LONE_WRONG if self.lone else float(self.right)


@dataclass(frozen=True, slots=True)
class CountsEvaluation:
    """Proposals judged by counts. `clean` hunks were judged as they stand, numbered from the newest on; the first
    `newest` of them are the last commits'.

    `seen` says in how many hunks each convention was looked at, `prevalence` which share of these is wrong at all.
    """

    rows: tuple[ScoredProposal, ...]
    clean: int
    newest: int
    seen: Mapping[str, int]
    prevalence: float

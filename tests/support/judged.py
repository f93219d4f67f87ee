"""ScoredProposal proposals for tests of the calibration: rows drawn from a seed. Knows what rows look like, no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation, ScoredProposal
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.prevalence import USUAL

HUNKS_A_FILE = 4


def row(
    right: bool,
    *features: float,
    hunk: int = 0,
    clean: bool = False,
    kind: str = "quotes",
    case: int = 0,
    log_odds: float = 0,
) -> ScoredProposal:
    """A proposal for a hunk as committed (`clean`) or for a case in which one site was broken."""
    return ScoredProposal(
        kind,
        Features(*features, model=log_odds),
        right,
        hunk,
        hunk // HUNKS_A_FILE,
        case or hunk,
        0,
        clean,
        int(not clean),
    )


def house(hunks: int, seed: int, *, kind: str = "quotes", contradicted: float = 0.0) -> list[ScoredProposal]:
    """A broken case of each hunk, restored by strong counts; in a share of them the clean hunk looks the same."""
    rng, found = Random(f"{seed} {kind}"), list[ScoredProposal]()
    for hunk in range(hunks):
        found.append(row(True, rng.gauss(6, 0.5), hunk=hunk, case=10_000 + hunk, kind=kind))
        odd = rng.random() < contradicted
        found.append(row(False, rng.gauss(6 if odd else -1, 0.5), hunk=hunk, case=1 + hunk, clean=True, kind=kind))
    return found


def evaluation(
    rows: Sequence[ScoredProposal],
    seen: Mapping[str, int],
    *,
    clean: int = 0,
    newest: int = 0,
    prevalence: float = USUAL,
) -> CountsEvaluation:
    """The evaluation of `rows`; `clean`: hunks, those included that left no row."""
    return CountsEvaluation(tuple(rows), clean, newest, seen, prevalence)


def flagged(rows: Sequence[ScoredProposal], calibration: Calibration) -> int:
    """How many clean hunks anything is said about."""
    said = (
        r for r in rows if r.clean and calibration.passes_threshold(r.kind, calibration.confidence(r.kind, r.features))
    )
    return len({r.hunk for r in said})


def restored(rows: Sequence[ScoredProposal], calibration: Calibration) -> float:
    """The share of what is right that is said."""
    right = [r for r in rows if r.right]
    return sum(calibration.passes_threshold(r.kind, calibration.confidence(r.kind, r.features)) for r in right) / len(
        right
    )

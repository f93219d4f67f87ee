"""Asks a model about a fixed sample of cases within a time limit. Joins commits, counts and a model.

Cases are made on all cores. The model answers them in parts, in one fixed order, until the time is up: time decides how
far the sample gets, and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from codetune_git.domain import LanguageModel
from codetune_git.errors import DataRefused
from codetune_git.process.terminal import Advance
from codetune_git.process.workers import mapped
from codetune_git.style.counting import Counts
from codetune_git.suggesting.evaluation.cases import CommittedFile, EvalCase, make_cases, score_cases
from codetune_git.suggesting.evaluation.results import EvalResults
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal

BROKEN_EACH = 2
PART = 12  # cases answered between two looks at the clock
MOST_ASKED = 600


def drawn_cases(
    files: Sequence[CommittedFile], counts: Counts, *, most_hunks: int, advance: Advance, seed: int = 0
) -> list[EvalCase]:
    """The cases of about `most_hunks` hunks, the newest first. No file is begun after that."""
    start, hunks, cases = time.monotonic(), 0, list[EvalCase]()
    make = partial(make_cases, repository=counts, seed=seed, broken_each=BROKEN_EACH)
    with closing(mapped(make, files)) as results:
        for number, of_file in enumerate(results, 1):
            cases += of_file
            hunks += sum(case.clean for case in of_file)
            rate = hunks / max(1e-3, time.monotonic() - start)
            advance(max(hunks / most_hunks, number / len(files)), 1.0, f"{rate:.1f} hunks/s")
            if hunks >= most_hunks:
                break
    return cases


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """The results of asking a model about the first `cases` of `sample` cases."""

    results: EvalResults
    cases: int
    sample: int

    def __str__(self) -> str:
        return f"asked the model about {self.cases} of {self.sample} cases"


def ask_model(cases: Sequence[EvalCase], model: LanguageModel, seconds: float, advance: Advance) -> ModelAnswers:
    """The answers to the cases in their order, as many as `seconds` allow."""
    start, done, scored = time.monotonic(), 0, list[ScoredProposal]()
    while done < len(cases) and time.monotonic() - start < seconds:
        part = cases[done : done + PART]
        scored += score_cases(part, model, first=done)
        done += len(part)
        rate = done / max(1e-3, time.monotonic() - start)
        advance(done, len(cases), f"{rate:.1f} hunks/s")
    clean_hunks = sum(case.clean for case in cases[:done])
    return ModelAnswers(EvalResults(tuple(scored), clean_hunks), done, len(cases))


def saved_results(adapter: Path) -> EvalResults:
    """The results saved with an adapter; none where they cannot be read, which the next training replaces."""
    try:
        return EvalResults.from_json((adapter / "exam.json").read_text())
    except (OSError, ValueError, DataRefused):
        return EvalResults()

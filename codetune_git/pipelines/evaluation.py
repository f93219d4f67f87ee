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
from codetune_git.suggesting import answers
from codetune_git.suggesting.calibration import Judged
from codetune_git.suggesting.exam import CommittedFile, Draft, drafts, examined

BROKEN_EACH = 2
PART = 12  # drafts answered between two looks at the clock
MOST_ASKED = 600

Answers = tuple[tuple[Judged, ...], int]
"""Answers to drafts, and how many clean hunks are among them."""


def drafted(
    files: Sequence[CommittedFile], counts: Counts, *, most_hunks: int, advance: Advance, seed: int = 0
) -> list[Draft]:
    """The cases of about `most_hunks` hunks, the newest first. No file is begun after that."""
    start, hunks, found = time.monotonic(), 0, list[Draft]()
    ask = partial(drafts, repository=counts, seed=seed, broken_each=BROKEN_EACH)
    with closing(mapped(ask, files)) as results:
        for number, some in enumerate(results, 1):
            found += some
            hunks += sum(draft.clean for draft in some)
            rate = hunks / max(1e-3, time.monotonic() - start)
            advance(max(hunks / most_hunks, number / len(files)), 1.0, f"{rate:.1f} hunks/s")
            if hunks >= most_hunks:
                break
    return found


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """The answers of a model: `rows` of the first `cases` of `sample` cases; `clean` of the cases are not broken."""

    rows: tuple[Judged, ...] = ()
    clean: int = 0
    cases: int = 0
    sample: int = 0

    def __str__(self) -> str:
        return f"asked the model about {self.cases} of {self.sample} cases"


def ask_model(drafts: Sequence[Draft], model: LanguageModel, seconds: float, advance: Advance) -> ModelAnswers:
    """The answers to the cases in their order, as many as `seconds` allow."""
    start, done, rows = time.monotonic(), 0, list[Judged]()
    while done < len(drafts) and time.monotonic() - start < seconds:
        part = drafts[done : done + PART]
        rows += examined(part, model, first=done)
        done += len(part)
        rate = done / max(1e-3, time.monotonic() - start)
        advance(done, len(drafts), f"{rate:.1f} hunks/s")
    return ModelAnswers(tuple(rows), sum(draft.clean for draft in drafts[:done]), done, len(drafts))


def saved_answers(adapter: Path) -> Answers:
    """The answers saved with an adapter; none where they cannot be read, which the next training replaces."""
    try:
        return answers.from_json((adapter / "exam.json").read_text())
    except (OSError, ValueError, DataRefused):
        return (), 0

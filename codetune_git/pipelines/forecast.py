"""How long a training will take, stage by stage, from how much there is to do and how fast this machine counts.

Every stage but loading and compiling costs what the bytes in it cost to parse, so one rate stands for the machine: how
many seconds it takes to count a megabyte of the repository's own code. The shares of the budget are upper bounds.
Knows numbers; reads nothing and does not know the clock.
"""

from __future__ import annotations

from dataclasses import dataclass

from codetune_git.pipelines.budget import Budget
from codetune_git.pipelines.training_data import REPLAY, TOKENS_PER_SECOND

# Counting was measured on two cores at 2.1 GHz, where a megabyte took 6 s on one of them. What learning, loading and
# compiling take is a rough figure of the same machine, not yet held against a quiet run.
USUAL_RATE = 6.0
_DRAWING = 0.85  # what drawing samples from a megabyte of changed files costs of counting it
_TOKENS_PER_BYTE = 0.27  # of a changed file: what samples are made of it
_TOKENS_PER_SECOND = 2500.0  # learned, on all cores, by a base with so many weights
_WEIGHTS = 5.4e6
_LOADING, _COMPILING = 8.0, 8.0  # seconds


@dataclass(frozen=True, slots=True)
class Work:
    """Bytes of files that were not counted yet, bytes of the files that the commits to learn from changed, and the
    weights of the base; `evaluations` that are taken."""

    uncounted: int
    changed: int
    weights: int
    evaluations: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Seconds of each stage."""

    reading: float
    counting: float
    drawing: float
    learning: float
    compiling: float
    examining: float

    @property
    def total(self) -> float:
        return sum((self.reading, self.counting, self.drawing, self.learning, self.compiling, self.examining))


def forecast(work: Work, budget: Budget, *, reading: float, rate: float, cores: int) -> Forecast:
    """`reading`: seconds that reading the commits took; `rate`: seconds that counting a megabyte takes on one core."""
    slower, evaluation = rate / USUAL_RATE, budget.training(evaluations=1) - budget.training(evaluations=2)
    counting = work.uncounted / 1e6 * rate / cores
    drawing = min(budget.drawing, work.changed / 1e6 * rate * _DRAWING / cores)
    tokens = min(work.changed * _TOKENS_PER_BYTE / (1 - REPLAY), budget.seconds * TOKENS_PER_SECOND)
    speed = _TOKENS_PER_SECOND / slower * min(1.0, _WEIGHTS / work.weights)
    before = reading + counting + drawing + (work.evaluations - 1) * evaluation
    learning = min(_LOADING * slower + tokens / speed, max(0.0, budget.seconds - budget.reserve - before))
    compiling = _COMPILING * slower
    last = min(evaluation, max(0.0, budget.seconds - before - learning - compiling))
    return Forecast(reading, counting, drawing, learning, compiling, (work.evaluations - 1) * evaluation + last)

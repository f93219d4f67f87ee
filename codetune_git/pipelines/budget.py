"""How a training divides its time. Knows shares and the clock; does not know what is done in a stage.

Each stage has a share of the whole, or what is left where that is less. Time for compiling and evaluation after the
training is reserved. Where none is left to train in, that is said before torch is loaded. The clock decides how far a
stage gets along its order, and nothing else.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from codetune_git.errors import OverBudget

_EVALUATION_SHARE = 0.2  # for each evaluation
_DRAWING_SHARE = 0.15  # for drawing samples
_PROBE_SHARE = 0.05  # for asking what was learned by heart
_RESERVE, _LEAST_RESERVE = 0.32, 10.0  # for what comes after the training, and in seconds at the least
_LEAST_TRAINING = 8.0  # seconds: what loading torch and one step take


@dataclass(frozen=True, slots=True)
class Budget:
    """`seconds` from the time `began` of time.monotonic()."""

    seconds: float
    began: float

    @property
    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.began)

    @property
    def reserve(self) -> float:
        """Seconds for what comes after the training."""
        return max(_RESERVE * self.seconds, _LEAST_RESERVE)

    @property
    def evaluation(self) -> float:
        """Seconds for an evaluation that begins now."""
        return min(_EVALUATION_SHARE * self.seconds, self.left)

    @property
    def drawing(self) -> float:
        return _DRAWING_SHARE * self.seconds

    @property
    def probe(self) -> float:
        return _PROBE_SHARE * self.seconds

    @property
    def training_left(self) -> float:
        """Seconds left for training."""
        return self.left - self.reserve

    def training(self, *, evaluations: int) -> float:
        """Seconds for training as they were at the beginning: a run that is resumed must draw the same samples."""
        return (1 - _RESERVE - _EVALUATION_SHARE * (evaluations - 1)) * self.seconds

    def check_training_left(self) -> None:
        """Raises OverBudget where too little time is left to train."""
        if self.training_left <= _LEAST_TRAINING:
            least = self.seconds - self.training_left + _LEAST_TRAINING
            raise OverBudget(
                f"the budget of {self.seconds:g} s is too small: what comes before the training, loading torch and "
                f"compiling take {least:.0f} s here; give more with --budget"
            )

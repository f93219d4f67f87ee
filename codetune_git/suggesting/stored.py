"""Reads back the JSON that was written down beside an adapter. Knows JSON; does not know what it says.

Stricter than Python's reader: a number that is not finite would make every comparison with it false.
"""

from __future__ import annotations

import json
import math
from typing import Any


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is not a finite number")
    return number


def load_json(text: str) -> Any:
    """The value that `text` says; raises ValueError where it is no JSON, nested absurdly or holds NaN or infinity."""
    try:
        return json.loads(text, parse_float=_finite, parse_constant=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error

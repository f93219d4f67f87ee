"""What the commands say beside their result. Knows the two streams; does not know what is said."""

from __future__ import annotations

import sys
from collections.abc import Iterable


def warn(lines: Iterable[str]) -> None:
    """A line each on the error stream."""
    for line in lines:
        print(f"codetune: {line}", file=sys.stderr)

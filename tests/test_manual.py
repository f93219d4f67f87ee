"""The man page says what the command line says; the completions complete it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]


def test_the_page_is_that_of_today() -> None:
    done = subprocess.run([sys.executable, TOP / "dev" / "manual"], capture_output=True, text=True, check=True)
    remedy = "run: dev/manual > docs/git-codetune.1"
    assert done.stdout == (TOP / "docs" / "git-codetune.1").read_text(encoding="utf-8"), remedy

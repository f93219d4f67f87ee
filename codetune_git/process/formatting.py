"""Runs an installed formatter on texts in a folder of their own. Knows programs on the path.

A formatter that the repository brings with it is code of the repository's, and is not started.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from codetune_git.errors import Unavailable


def program(name: str) -> str | None:
    """The program of that name on the path or beside this interpreter; None where there is none."""
    return shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in two folders: as they are, and as a formatter leaves them. Their names are numbers."""

    before: Path
    after: Path

    def formatted(self, call: Sequence[str]) -> None:
        """Have the program format the texts, from their first state. What it cannot parse it leaves as it is."""
        shutil.rmtree(self.after, ignore_errors=True)
        shutil.copytree(self.before, self.after)
        try:
            subprocess.run(call, cwd=self.after, capture_output=True, stdin=subprocess.DEVNULL, check=False)
        except OSError as error:
            raise Unavailable(f"{call[0]} does not start: {error.strerror}") from None


@contextmanager
def laid_out(texts: Sequence[tuple[str, bytes]]) -> Iterator[Texts]:
    """The texts, each with the suffix of its name, in folders that are gone with the block."""
    with TemporaryDirectory(prefix="codetune-") as folder:
        laid = Texts(Path(folder) / "before", Path(folder) / "after")
        laid.before.mkdir()
        (laid.before / "pyproject.toml").write_text("[tool.black]\n")  # or black reads the user's own settings
        for number, (suffix, text) in enumerate(texts):
            (laid.before / f"{number}{suffix}").write_bytes(text)
        yield laid

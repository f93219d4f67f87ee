"""Node, where the machine has it: what its parser says about pairs of programs, and what programs print."""

from __future__ import annotations

import difflib
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NODE = shutil.which("node")
_TREES = Path(__file__).with_name("javascript_trees.cjs")
_RUNS = Path(__file__).with_name("javascript_runs.cjs")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, of TypeScript or not."""

    before: bytes
    after: bytes
    typed: bool = False

    def difference(self) -> list[str]:
        lines = (text.decode(errors="replace").splitlines() for text in (self.before, self.after))
        return [*difflib.unified_diff(*lines, lineterm="", n=1)][2:14]


def _run(arguments: Sequence[str], text: str) -> str:
    assert NODE is not None
    return subprocess.run(
        [NODE, *arguments], input=text, capture_output=True, check=True, text=True, timeout=120
    ).stdout


def verdicts(pairs: Sequence[Pair]) -> list[str]:
    """What acorn, or TypeScript's compiler, says about each pair: same, other, broken or unread."""
    if not pairs:
        return []
    lines = (
        json.dumps({"before": pair.before.decode(), "after": pair.after.decode(), "typed": pair.typed}) + "\n"
        for pair in pairs
    )
    return [json.loads(line) for line in _run(["--expose-internals", str(_TREES)], "".join(lines)).splitlines()]


def printed(pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """What the two programs of each pair print."""
    if not pairs:
        return []
    lines = (json.dumps({"before": pair.before.decode(), "after": pair.after.decode()}) + "\n" for pair in pairs)
    said = map(json.loads, _run([str(_RUNS)], "".join(lines)).splitlines())
    return [(each["before"], each["after"]) for each in said]

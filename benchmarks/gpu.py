"""A GPU's part: how fast the training loop is beside transformers' Trainer and TRL's, and what memory it takes.

    python -m benchmarks.gpu --out FOLDER [--seconds 90] [--each 30] [--tiny] [--only PART ...]

Bases are Llamas of random weights, 135 million in bf16 and 3,200 million in 4 bits (benchmarks/gpu_loops.py). All parts
are processes that start at once, import what they need, and measure one after the other. What each has found stands in
FOLDER as soon as it is there: `table.md`, `found.json`, and what the parts have said in `log.txt`. A part that fails,
or that time does not reach, costs no other. With --tiny bases have a few thousand weights, and any processor will do:
to try the command out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.gpu_loops import ESTIMATES, PARTS

_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Part:
    """A process that waits for its turn."""

    name: str
    out: Path
    process: subprocess.Popen[str]

    @property
    def log(self) -> Path:
        return self.out.with_suffix(".log")


def _started(name: str, folder: Path, tiny: bool) -> Part:
    out = folder / f"{''.join(c if c.isalnum() else '_' for c in name)}.json"
    command = [sys.executable, "-m", "benchmarks.gpu_loops", name, str(out), *["--tiny"] * tiny]
    with out.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True)
    return Part(name, out, process)


def _measured(part: Part, seconds: float) -> Any:
    """What it has found, or in words why it has found nothing."""
    if seconds <= 0:
        part.process.kill()
        return "no time left"
    try:
        part.process.communicate("go\n", timeout=seconds)
    except subprocess.TimeoutExpired:
        part.process.kill()
        return f"ended after {seconds:.0f} s"
    except BrokenPipeError:
        part.process.wait()
    if part.out.exists():
        return json.loads(part.out.read_text())
    said = part.log.read_text().strip().splitlines()
    return f"failed: {said[-1][:200]}" if said else f"failed with {part.process.returncode}"


def _gib(number: int | None) -> str:
    return "" if number is None else f"{number / _GIB:.2f}"


def _ratio(row: dict[str, Any]) -> str:
    return f"{row['estimated'] / row['taken']:.2f}" if row.get("taken") else ""


def _speeds(found: dict[str, Any]) -> list[str]:
    lines = ["| base: loop | held and read | tokens/s | in the loss | peak GiB | estimate | taken | ratio |"]
    lines.append("|---|---|---|---|---|---|---|---|")
    for name, row in found.items():
        if isinstance(row, str):
            lines.append(f"| {name} | {row} | | | | | | |")
        elif name != ESTIMATES:
            speed = f"{row['tokens_per_second']:.0f} | {row['counting_per_second']:.0f} | {_gib(row['peak'])}"
            memory = f"{_gib(row['estimated'])} | {_gib(row['taken'])} | {_ratio(row)}"
            lines.append(f"| {name} | {row['plan']} | {speed} | {memory} |")
    return lines


def _estimates(rows: Any) -> list[str]:
    if not isinstance(rows, list):
        return []
    lines = ["| base | plan | estimate GiB | taken | ratio | loading |", "|---|---|---|---|---|---|"]
    for row in rows:
        sums = f"{_gib(row['estimated'])} | {_gib(row['taken'])} | {_ratio(row)} | {_gib(row['loading'])}"
        lines.append(f"| {row['base']} | {row['plan']} | {row['failed'] + ' | | |' if 'failed' in row else sums} |")
    return lines


def _device() -> str:
    name = torch.cuda.get_device_name() if torch.cuda.is_available() else "the processor"
    return f"{name}, torch {torch.__version__}"


def _write(found: dict[str, Any], folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([_device(), "", *_speeds(found), "", *_estimates(found.get(ESTIMATES)), ""])
    (folder / "table.md").write_text(text)
    (folder / "found.json").write_text(json.dumps({"device": _device(), **found}, indent=1))
    return text


def compare(names: list[str], folder: Path, *, seconds: float, each: float, tiny: bool) -> str:
    ends = time.monotonic() + seconds
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        parts = [_started(name, Path(scratch), tiny) for name in names]
        try:
            for part in parts:
                found[part.name] = _measured(part, min(each, ends - time.monotonic()))
                _write(found, folder)
                with (folder / "log.txt").open("a") as log:
                    log.write(f"== {part.name}\n{part.log.read_text()}\n")
        finally:
            for part in parts:
                part.process.kill()
                part.process.wait()
    return _write(found, folder)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--seconds", type=float, default=90.0, help="of all parts")
    arguments.add_argument("--each", type=float, default=30.0, help="seconds of a part")
    arguments.add_argument("--tiny", action="store_true")
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    given = arguments.parse_args()
    print(compare(given.only, given.out, seconds=given.seconds, each=given.each, tiny=given.tiny))


if __name__ == "__main__":
    main()

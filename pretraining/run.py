"""The whole run on one machine, within a given time: draws, trains, exports, in files that travel.

    python -m pretraining.run --minutes N --corpus FOLDER --tokenizer FOLDER --work FOLDER --out FOLDER
        [--start BASE] [--processes N] [--config FILE]

Knows the steps by their modules. Corpus and edits may lie in pieces `corpus.jsonl.xz.*` and `edits.jsonl.xz.*`; they
are joined in `--work`, where shards and checkpoints stand, too: the same command goes on from there. `--start` begins
with the weights of an exported base. In `--out` come log, configuration and weights, the latter in parts below 16 MiB
(`cat model.safetensors.* > model.safetensors`).
"""

from __future__ import annotations

import argparse
import lzma
import random
import shutil
import subprocess
import sys
import time
from multiprocessing.pool import ThreadPool
from pathlib import Path

from pretraining.configuration import USUAL

_PART_BYTES = 15 * 2**20
_SPARED = 16.0  # seconds for the export


def _start(module: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", f"pretraining.{module}", *map(str, arguments)])


def _joined(pieces: list[Path], whole: Path) -> None:
    """The lines of the pieces in a fixed random order."""
    with ThreadPool(len(pieces)) as pool:
        texts = pool.map(lambda piece: lzma.decompress(piece.read_bytes()), pieces)
    lines = b"".join(texts).splitlines(keepends=True)
    random.Random(0).shuffle(lines)
    whole.with_suffix(".tmp").write_bytes(b"".join(lines))
    whole.with_suffix(".tmp").replace(whole)


def unpacked(corpus: Path, work: Path) -> Path:
    """The folder of corpus.jsonl and edits.jsonl: `corpus`, or `work` where they lie in pieces."""
    pieces = sorted(corpus.glob("*.jsonl.xz.*"))
    for name in sorted({piece.name.partition(".")[0] for piece in pieces}):
        if not (work / f"{name}.jsonl").exists():
            some = [piece for piece in pieces if piece.name.partition(".")[0] == name]
            _joined(some, work / f"{name}.jsonl")
    return work if pieces else corpus


def split(path: Path, out: Path) -> None:
    """The file in parts, named with .0, .1 and so on."""
    with path.open("rb") as whole:
        for number, part in enumerate(iter(lambda: whole.read(_PART_BYTES), b"")):
            (out / f"{path.name}.{number}").write_bytes(part)


def main() -> None:
    begun = time.monotonic()
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--work", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--start", type=Path, metavar="BASE", help="begin with these weights")
    arguments.add_argument("--processes", type=int, default=14, help="that draw")
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    shards, run = given.work / "shards", given.work / "run"
    for folder in (shards, run, given.out):
        folder.mkdir(parents=True, exist_ok=True)
    for shard in given.corpus.glob("validation-*.npz"):
        shutil.copy(shard, shards)
    corpus = unpacked(given.corpus, given.work)
    common = ("--corpus", corpus, "--tokenizer", given.tokenizer, "--out", shards, "--config", given.config)
    drawing = _start("draw", *common, "--processes", given.processes) if given.processes else None
    left = given.minutes * 60 - (time.monotonic() - begun) - _SPARED
    start = ("--start", given.start) if given.start else ()
    _start("train", "--run", run, "--shards", shards, "--minutes", left / 60, *start, "--config", given.config).wait()
    if drawing:
        drawing.terminate()
    _start("export", "--run", run, "--tokenizer", given.tokenizer, "--out", given.work / "base", "--last").wait()
    split(given.work / "base" / "model.safetensors", given.out)
    shutil.copy(given.work / "base" / "config.json", given.out)
    shutil.copy(run / "log.jsonl", given.out)


if __name__ == "__main__":
    main()

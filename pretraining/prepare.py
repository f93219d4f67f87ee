"""Writes the shards that training reads, ahead of it, from the corpus.

Knows the mixture of each phase; does not know the model. Shard n depends only on the corpus, the catalogue, the
configuration, the phase and n.

    python -m pretraining.prepare a|copy|b --corpus FOLDER --tokenizer FOLDER --out FOLDER
        --shards N [--first N] [--config FILE]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from codetune_git.conventions import sites
from codetune_git.domain import Sample
from codetune_git.model.tokenizer import load_tokenizer
from codetune_git.samples.restoration import hunks_of, restoration
from codetune_git.samples.restyling import restyle
from codetune_git.text.hunks import ContextSize
from codetune_git.text.source import Source
from pretraining import shards
from pretraining.configuration import USUAL, Mixture, read
from pretraining.documents import holes, windows

_FIRST_FILE = {"a": 0, "copy": 12_000, "b": 500}
_LARGEST_RESTYLED = 5_000


def _phase_a(row: dict[str, str], rng: random.Random, mixture: Mixture) -> list[Sample]:
    """The plain text of the file, and for half of the files a few holes."""
    found = windows(row["path"], row["text"])
    return found + holes(row["path"], row["text"], rng, 3) if rng.random() < 0.5 else found


def _cut(text: str, rng: random.Random) -> str:
    """The file, or a part of a long one that starts at a top-level line.

    What is learned from next must be new: samples whose contexts overlap within one shard are learned by heart.
    """
    if len(text) <= _LARGEST_RESTYLED:
        return text
    lines = text.splitlines(keepends=True)
    tops = [i for i, line in enumerate(lines) if line.startswith(("def ", "class ", "@"))] or [0]
    first, size, kept = rng.choice(tops), 0, []
    for line in lines[first:]:
        size += len(line)
        if size > _LARGEST_RESTYLED:
            break
        kept.append(line)
    return "".join(kept)


def _context(rng: random.Random, shortest: int, longest: int) -> ContextSize:
    """From a glance to about what the prompt format holds, evenly in the logarithm: short ones teach copying."""
    before, after = (shortest * (longest / shortest) ** rng.random() for _ in range(2))
    return ContextSize(before=int(before), after=int(after / 4))


def _phase_copy(row: dict[str, str], rng: random.Random, mixture: Mixture) -> list[Sample]:
    """Hunks of a few lines with next to no context: copying what is staged has to be learned before anything else."""
    source = Source.parse(_cut(row["text"], rng).encode())
    known = () if source.has_error else tuple(sites(source))
    return [
        restoration(row["path"], source, lines, rng=rng, context=ContextSize(60, 20), unbroken=0.6, known=known)
        for lines in hunks_of(source, rng=rng, count=5, most=4)
        if not source.has_error
    ]


def _phase_b(row: dict[str, str], rng: random.Random, mixture: Mixture) -> list[Sample]:
    """Hunks of the file in a house style of its own, broken or not; some holes and windows of the same text."""
    source = Source.parse(_cut(row["text"], rng).encode())
    if source.has_error:
        return []
    if rng.random() < mixture.restyled:
        source = restyle(source, rng=rng)
    known = tuple(sites(source))
    found = [
        restoration(
            row["path"],
            source,
            lines,
            rng=rng,
            context=_context(rng, *mixture.before),
            unbroken=mixture.unbroken,
            known=known,
        )
        for lines in hunks_of(source, rng=rng, count=mixture.hunks)
    ]
    text = source.text.decode()
    if rng.random() < mixture.holes:
        found += holes(row["path"], text, rng, mixture.holes_each)
    if rng.random() < mixture.windows:
        found.append(rng.choice(windows(row["path"], text)))
    return found


PHASES = {"a": _phase_a, "copy": _phase_copy, "b": _phase_b}


def _files(corpus: Path, phase: str, number: int, count: int) -> Iterator[dict[str, str]]:
    """The files of shard `number`; the corpus is read around in circles."""
    with (corpus / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = lines.readlines()
    first = _FIRST_FILE[phase] + number * count
    for i in range(first, first + count):
        yield json.loads(rows[i % len(rows)])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("phase", choices=sorted(PHASES))
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--shards", type=int, required=True)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    mixture = read(given.config).mixture
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer = load_tokenizer(given.tokenizer)
    for number in range(given.first, given.first + given.shards):
        out = given.out / f"{given.phase}-{number:05d}.npz"
        if out.exists():  # shards appear whole: those of a run that was interrupted are as good
            continue
        started, rng = time.process_time(), random.Random(f"{given.phase}-{number}")
        samples = []
        for row in _files(given.corpus, given.phase, number, mixture.files):
            try:
                samples += PHASES[given.phase](row, rng, mixture)
            except (IndexError, ValueError) as error:  # one odd file is not worth a shard, but worth knowing
                print(f"{row['package']}/{row['path']}: {error!r}", flush=True)
        rng.shuffle(samples)
        encoded = [e for s in samples if (e := shards.encode(tokenizer, s, rng)) is not None]
        tokens = shards.write(out, encoded)
        used = time.process_time() - started
        print(f"shard {number}: {len(encoded)} of {len(samples)} samples, {tokens} tokens, {used:.1f} s", flush=True)


if __name__ == "__main__":
    main()

"""Draws the shards that training reads, from the corpus, by several processes, for as long as it is let.

Knows what is drawn from a file at each stage; does not know the model. Shard n of a stage depends only on the corpus,
the catalogue, the configuration, the stage and n. Stages: `text` reads every file as it is (plain text, holes at syntax
nodes, hunks to copy); `style` reads a part of every file in a drawn house style (hunks to restore, a few holes);
`edits` reads what people mended in histories, where the corpus has edits.jsonl.

    python -m pretraining.draw --corpus FOLDER --tokenizer FOLDER --out FOLDER
        [--processes N] [--most SHARDS] [--config FILE]

The text stage ends when every file is read, the edits after a few readings with other contexts; the style stage reads
the corpus around in circles, drawing other styles.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from tree_sitter import Node

from codetune_git.domain import LineRange, Sample, SampleKind
from codetune_git.languages.table import sites
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer
from codetune_git.samples.restoration import restoration
from codetune_git.text import hunks
from codetune_git.text.grammar import Grammar
from codetune_git.text.hunks import ContextSize, statements
from codetune_git.text.source import Source
from pretraining import shards
from pretraining.choices import choices
from pretraining.configuration import USUAL, Mixture, read
from pretraining.documents import holes, windows
from pretraining.houses import Draw, house, layout_restoration, shown
from pretraining.hunks import hunks_of
from pretraining.languages import grammar_of
from pretraining.restyling import restyle

Row = Mapping[str, Any]

_WINDOW = (900, 6000)  # characters: from a third of a prompt to all that a model has positions for
_COPIED = Draw(ContextSize(60, 20), unbroken=0.6)
_MOST_COPIED = 4  # lines
_SHOWN = 0.75  # of the edits that come with neighbours
_READINGS = {"text": 1, "edits": 6}  # of all files; edits have other contexts each time, styles have no end
_READERS = 3  # every third process begins with the text stage


def _python_part(text: str, rng: random.Random, most: int) -> str:
    """A part of a long file that starts at a top-level line."""
    lines = text.splitlines(keepends=True)
    tops = [i for i, line in enumerate(lines) if line.startswith(("def ", "class ", "@"))] or [0]
    first, size, kept = rng.choice(tops), 0, []
    for line in lines[first:]:
        size += len(line)
        if size > most and kept:
            break
        kept.append(line)
    return "".join(kept)


def _run(children: list[Node], place: int, most: int) -> tuple[int, int]:
    """The statements around the byte `place`, later ones first and then earlier ones, as many as `most` bytes hold."""
    at = next((i for i, child in enumerate(children) if child.end_byte > place), len(children) - 1)
    first = last = at
    while last + 1 < len(children) and children[last + 1].end_byte - children[first].start_byte <= most:
        last += 1
    while first > 0 and children[last].end_byte - children[first - 1].start_byte <= most:
        first -= 1
    return children[first].start_byte, children[last].end_byte


def _script_part(text: bytes, grammar: Grammar, rng: random.Random, most: int) -> bytes:
    """A run of whole statements of one block, the outermost that has a run short enough at a drawn place."""
    place, node = rng.randrange(len(text)), grammar.tree(text).root_node
    while True:
        start, end = _run([child for child in node.children if child.is_named], place, most)
        if end - start <= most:
            break
        inner = node.descendant_for_byte_range(start, end)
        while inner is not None and inner.type != "statement_block":
            inner = next((c for c in inner.children if c.start_byte <= place < c.end_byte), None)
        if inner is None or inner.named_child_count == 0:
            break
        node = inner
    first, last = text.rfind(b"\n", 0, start) + 1, text.find(b"\n", end)
    return text[first : last + 1 if last >= 0 else len(text)]


def _part(text: str, grammar: Grammar, rng: random.Random, most: int) -> str:
    """The file, or a part of a long one."""
    if len(text) <= most:
        return text
    if grammar.name == "python":
        return _python_part(text, rng, most)
    return _script_part(text.encode(), grammar, rng, most).decode()


def _context(rng: random.Random, shortest: int, longest: int) -> ContextSize:
    """From a glance to about what the prompt format holds, evenly in the logarithm: short ones teach copying."""
    before, after = (shortest * (longest / shortest) ** rng.random() for _ in range(2))
    return ContextSize(before=int(before), after=int(after / 4))


def _styled(text: str, grammar: Grammar, rng: random.Random, mixture: Mixture) -> Source:
    """The text in a house style of its own: of the catalogue where there is one, of layout, of both, or as it is."""
    source = Source.parse(text.encode(), grammar)
    if grammar.name == "python" and rng.random() < mixture.restyled:
        source = restyle(source, rng=rng)
    return house(source, rng) if rng.random() < mixture.laid_out else source


def rows_of(path: Path) -> list[Row]:
    """The lines of a file of JSON objects; none where it is not there."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def of_language(rows: Iterable[Row], name: str) -> list[Row]:
    """The rows whose path is in the language `name`."""
    return [row for row in rows if (found := grammar_of(row["path"])) and found.name == name]


def text_samples(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> list[Sample]:
    """The plain text of the file in windows, for some files holes, and a hunk to copy."""
    path, text = row["path"], row["text"]
    found = windows(path, text, _WINDOW[0] * (_WINDOW[1] / _WINDOW[0]) ** rng.random())
    part = Source.parse(_part(text, grammar, rng, mixture.part).encode(), grammar)
    if rng.random() < mixture.holes:
        found += holes(path, part, rng, mixture.holes_each)
    some = choices(part)
    for lines in hunks_of(part, rng=rng, count=1, most=_MOST_COPIED):
        found.append(layout_restoration(path, part, lines, some, draw=_COPIED, rng=rng))
    return found


@dataclass(frozen=True, slots=True)
class _Styled:
    """A styled file with all that its hunks are drawn from."""

    path: str
    source: Source
    parts: tuple[LineRange, ...]

    def samples(self, rng: random.Random, mixture: Mixture) -> Iterator[Sample]:
        some = choices(self.source)
        known = tuple(sites(self.source)) if self.source.grammar.name == "python" else ()
        for lines in hunks_of(self.source, rng=rng, count=mixture.hunks):
            near = rng.random() < mixture.neighbours
            context = _context(rng, mixture.before[0], mixture.before[1] // (4 if near else 1))
            if known and rng.random() < mixture.catalogue:
                sample = restoration(
                    self.path, self.source, lines, rng=rng, context=context, unbroken=mixture.unbroken, known=known
                )
            else:
                draw = Draw(context, mixture.unbroken)
                sample = layout_restoration(self.path, self.source, lines, some, draw=draw, rng=rng)
            yield replace(sample, near=shown(self.source, lines, self.parts, context)) if near else sample


def style_samples(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> list[Sample]:
    """Hunks of a part of the file in a house style of its own, broken or not, and for some files holes of it."""
    source = _styled(_part(row["text"], grammar, rng, mixture.part), grammar, rng, mixture)
    if source.has_error:
        return []
    styled = _Styled(row["path"], source, statements(source))
    found = list(styled.samples(rng, mixture))
    return found + holes(row["path"], source, rng, 1) if rng.random() < mixture.holes else found


def edit_samples(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> list[Sample]:
    """What somebody made of a few lines, or those lines left alone."""
    near = tuple(row["near"]) if rng.random() < _SHOWN else ()
    size = _context(rng, mixture.before[0], mixture.before[1] // (4 if near else 1))
    before = hunks.before(row["before"].encode(), size.before).decode()
    after = hunks.after(row["after"].encode(), size.after).decode()
    kept = rng.random() < mixture.unbroken
    staged, names = (row["target"], ()) if kept else (row["staged"], (row["kind"],))
    return [Sample(SampleKind.RESTORATION, row["path"], before, staged, after, row["target"], broken=names, near=near)]


STAGES = {"text": text_samples, "style": style_samples, "edits": edit_samples}
_FILES = {  # what a stage is drawn from
    "text": "corpus.jsonl",
    "style": "corpus.jsonl",
    "edits": "edits.jsonl",
}


@dataclass(frozen=True, slots=True)
class Job:
    """The shards of one stage: what they are drawn from and where they go."""

    stage: str
    corpus: Path
    tokenizer: Path
    out: Path
    mixture: Mixture

    def path(self, number: int) -> Path:
        return self.out / f"{self.stage}-{number:05d}.npz"


def _samples(job: Job, lines: list[str], number: int, rng: random.Random) -> Iterator[Sample]:
    """What is drawn from the files of shard `number`; the corpus is read around in circles."""
    first = number * job.mixture.files
    for i in range(first, first + job.mixture.files):
        row = json.loads(lines[i % len(lines)])
        grammar = grammar_of(row["path"])
        try:
            if grammar is not None:
                yield from STAGES[job.stage](row, grammar, rng, job.mixture)
        except (IndexError, ValueError) as error:  # one odd file is not worth a shard, but worth knowing
            print(f"{row['package']}/{row['path']}: {error!r}", flush=True)


def draw(jobs: Iterable[tuple[Job, range]]) -> None:
    """Writes the shards of each job, one after the other, each as a whole; those that are there already are as good.

    Stops where the process that began it is gone.
    """
    caller = parent_process()
    for job, numbers in jobs:
        tokenizer = load_tokenizer(job.tokenizer)
        path = job.corpus / _FILES[job.stage]
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        most = _shards(job, lines) * _READINGS.get(job.stage, numbers.stop)
        for number in range(numbers.start, min(numbers.stop, most), numbers.step):
            if caller is not None and not caller.is_alive():
                return
            if not job.path(number).exists():
                _draw(job, tokenizer, lines, number)


def _shards(job: Job, lines: Sized) -> int:
    """How many shards read the whole corpus once."""
    return -(-len(lines) // job.mixture.files)


def _draw(job: Job, tokenizer: Tokenizer, lines: list[str], number: int) -> None:
    started, rng = time.process_time(), random.Random(f"{job.stage}-{number}")
    samples = list(_samples(job, lines, number, rng))
    rng.shuffle(samples)
    encoded = [e for s in samples if (e := shards.encode(tokenizer, s, rng)) is not None]
    tokens = shards.write(job.path(number), encoded)
    used = time.process_time() - started
    print(f"{job.stage} {number}: {len(encoded)} of {len(samples)} samples, {tokens} tokens, {used:.1f} s", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--processes", type=int, default=1)
    arguments.add_argument("--most", type=int, default=100_000, help="shards of the style stage")
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    mixture = read(given.config).mixture
    text, style, edits = (Job(stage, given.corpus, given.tokenizer, given.out, mixture) for stage in STAGES)
    processes = []
    readers = max(1, given.processes // _READERS)
    for first in range(given.processes):
        own = [(style, range(first, given.most, given.processes))]
        if first < readers:
            own.insert(0, (text, range(first, given.most, readers)))
        if first == given.processes - 1:
            own.insert(0, (edits, range(given.most)))
        processes.append(get_context("spawn").Process(target=draw, args=(own,), daemon=True))
        processes[-1].start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()

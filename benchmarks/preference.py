"""What a base would rather write where the truth is known: no counts, no tuning, no calibration.

    python -m benchmarks.preference --base FOLDER CASES.jsonl.xz … [--sets S2,S3,S5] [--limit N] [--neighbours]

A case is a JSON object with `set`, `files` (one file: `path`, `content`), `hunk` (first and last line, as staged) and
`truth` (the lines that were right). Both texts are compared at the first token in which they differ. Printed by file of
cases and set: how often the truth is preferred where the other text is staged, how often the other text is where the
truth is staged (a false alarm), and how often the first preference is the stronger one, which leaves out how much a
base likes to copy. `--neighbours` shows lines of the same file that the context does not hold.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codetune_git.domain import LineRange, Sample, SampleKind
from codetune_git.text.hunks import ContextSize, context_of, statements
from codetune_git.text.source import Source
from pretraining.evaluate import Judge, Pair
from pretraining.houses import shown
from pretraining.languages import grammar_of

_CONTEXT = ContextSize(before=1500, after=400)
_WITH_NEIGHBOURS = ContextSize(before=1000, after=400)


def cases(path: Path, sets: set[str], limit: int) -> Iterator[dict[str, Any]]:
    """Of each set about `limit` cases, evenly over the file."""
    found = defaultdict(list)
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            if case["set"] in sets and case["truth"]:
                found[case["set"]].append(case)
    for some in found.values():
        step = max(1, len(some) // limit)
        yield from some[::step][:limit]


def asked(judge: Judge, case: dict[str, Any], near: bool) -> Pair | None:
    """Both gaps of a case; None where the hunk does not fit or its language is not known."""
    file, (first, last) = case["files"][0], case["hunk"]
    grammar = grammar_of(file["path"])
    if grammar is None:
        return None
    source, lines = Source.parse(file["content"].encode(), grammar), LineRange(first, last)
    size = _WITH_NEIGHBOURS if near else _CONTEXT
    before, after = (part.decode() for part in context_of(source, lines, size))
    staged = source.text[slice(*source.span_of(lines))].decode()
    truth = "\n".join(case["truth"]) + "\n"
    if truth == staged:
        return None
    pieces = shown(source, lines, statements(source), size) if near else ()
    sample = Sample(SampleKind.RESTORATION, file["path"], before, staged, after, truth, near=pieces)
    restored, alarm = judge.gap(sample, staged, truth), judge.gap(sample, truth, staged)
    return None if restored is None or alarm is None else Pair((case["op"],), restored, alarm)


def _row(name: str, found: list[Pair]) -> str:
    count = max(1, len(found))
    preferred = sum(pair.restored > 0 for pair in found) / count
    alarms = sum(pair.alarm > 0 for pair in found) / count
    stronger = sum(pair.restored > pair.alarm for pair in found) / count
    return f"| {name} | {len(found)} | {preferred:.2f} | {alarms:.2f} | {stronger:.2f} |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("cases", type=Path, nargs="+")
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--sets", default="S3")
    arguments.add_argument("--limit", type=int, default=1000)
    arguments.add_argument("--neighbours", action="store_true")
    given = arguments.parse_args()
    judge, every = Judge(given.base), defaultdict(list)
    print("| cases | number | truth preferred | false alarms | truth preferred more |\n|---|---|---|---|---|")
    for path in given.cases:
        found = defaultdict(list)
        for case in cases(path, set(given.sets.split(",")), given.limit):
            if (pair := asked(judge, case, given.neighbours)) is not None:
                found[case["set"]].append(pair)
        for name, pairs in sorted(found.items()):
            every[name] += pairs
            print(_row(f"{path.name.partition('.')[0]} {name}", pairs), flush=True)
    for name, pairs in sorted(every.items()):
        print(_row(f"all {name}", pairs))


if __name__ == "__main__":
    main()

"""What could be said at all: of cases whose right text is known, how many the rewrites reach, whoever judges them.

    python -m benchmarks.coverage CASES.jsonl.xz … [--sets S3,S5] [--show KIND]

A case is a JSON object with `id`, `set`, `op` (its kind), `files` (one file: `path`, `content`), `hunk` (first and last
line, as staged) and `truth` (the lines that were right). The way is greedy: of all rewrites of all sites in the hunk
those are made that leave the fewest characters to change (Levenshtein's distance), until none leaves fewer or the truth
stands there. Printed by set and kind: how many are reached, and the share of the characters to change that is won on
the way. This is an upper bound for a judge that errs never, and a lower one for what the rewrites can do: a detour over
a worse text is not seen. Which width a house keeps within is taken as known.
"""

from __future__ import annotations

import argparse
import json
import lzma
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Any

from rapidfuzz.distance.Levenshtein import distance

from codetune_git.domain import Edit, LineRange
from codetune_git.languages.shared.wrapping import NAME as WRAPPING
from codetune_git.languages.table import parsed, sites
from codetune_git.suggesting.proposal import Proposal, proposals
from codetune_git.text.source import Source, apply_edits

_MOST_STEPS = 40
_LIMITS = (79, 80, 88, 100)  # columns: which one is the house's, a case does not say


@dataclass(frozen=True, slots=True)
class Way:
    """From a hunk as staged towards its truth: the rewrites made, and the characters to change before each step."""

    rewrites: tuple[str, ...]
    left: tuple[int, ...]
    reached: str

    @property
    def is_whole(self) -> bool:
        return self.left[-1] == 0

    @property
    def progress(self) -> float:
        return 1 - self.left[-1] / self.left[0] if self.left[0] else 0.0


def _hunk(text: bytes, lines: LineRange) -> str:
    return "".join(f"{line}\n" for line in text.decode().split("\n")[lines.first - 1 : lines.last])


def _with(source: Source, lines: LineRange, edits: Sequence[Edit]) -> tuple[bytes, LineRange]:
    """The file with the edits, and where the lines end then."""
    text = apply_edits(source.text, edits)
    return text, LineRange(lines.first, lines.last + text.count(b"\n") - source.text.count(b"\n"))


def _rewrites(source: Source, lines: LineRange) -> Iterator[Proposal]:
    """Every rewrite of every site in the lines; lists filled up to each of the widths that houses keep within."""
    every = tuple(sites(source))
    yield from proposals(source, every, lines)
    lists = tuple(site for site in every if site.convention.endswith(WRAPPING))
    for limit in _LIMITS:
        yield from proposals(replace(source, limit=limit), lists, lines)


def _step(source: Source, lines: LineRange, truth: str, left: int) -> list[Proposal]:
    """The rewrites that bring the lines nearer to `truth`, those first that win most, none of which touch others."""
    nearer: list[tuple[int, Proposal]] = []
    for proposal in _rewrites(source, lines):
        to_go = distance(_hunk(*_with(source, lines, proposal.edits)), truth)
        if to_go < left:
            nearer.append((to_go, proposal))
    chosen: list[Proposal] = []
    for _, proposal in sorted(nearer, key=lambda scored: scored[0]):
        if not any(proposal.lines.touches(other.lines) for other in chosen):
            chosen.append(proposal)
    return chosen


def way(source: Source, lines: LineRange, truth: str) -> Way:
    """The greedy way from `lines` of a file to `truth`, whole lines both."""
    made: list[str] = []
    left = [distance(_hunk(source.text, lines), truth)]
    while left[-1] and len(made) < _MOST_STEPS:
        chosen = _step(source, lines, truth, left[-1])
        if not chosen:
            break
        text, after = _with(source, lines, [edit for proposal in chosen for edit in proposal.edits])
        to_go = distance(_hunk(text, after), truth)
        if to_go >= left[-1]:  # together they win less than alone
            chosen = chosen[:1]
            text, after = _with(source, lines, chosen[0].edits)
            to_go = distance(_hunk(text, after), truth)
        left.append(to_go)
        made += (f"{proposal.site.convention}={proposal.variant}" for proposal in chosen)
        source, lines = source.with_text(text), after
    return Way(tuple(made), tuple(left), _hunk(source.text, lines))


def way_of(case: dict[str, Any]) -> Way | None:
    """The way of a case; None where its file is in no language that is read, or does not parse."""
    source = parsed(case["files"][0]["path"], case["files"][0]["content"].encode())
    if source is None or source.has_error:
        return None
    return way(source, LineRange(*case["hunk"]), "".join(f"{line}\n" for line in case["truth"]))


def _cases(path: Path, sets: set[str]) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from (case for case in map(json.loads, lines) if case["set"] in sets)


def _shown(case: dict[str, Any], found: Way) -> str:
    lines = unified_diff(found.reached.split("\n")[:-1], case["truth"], "reached", "truth", lineterm="", n=0)
    return "\n".join([f"{case['id']} {case['op']}: {' '.join(found.rewrites) or 'nothing'}", *list(lines)[2:]])


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("cases", type=Path, nargs="+")
    options.add_argument("--sets", default="S3,S5")
    options.add_argument("--show", default="", help="a kind, or `all`: how far each case that is not reached came")
    asked = options.parse_args()
    found: defaultdict[tuple[str, str], list[Way]] = defaultdict(list)
    for path in asked.cases:
        for case in _cases(path, set(asked.sets.split(","))):
            one = way_of(case)
            if one is None:
                continue
            for kind in (case["op"] or "", path.name.partition(".")[0], "all"):
                found[case["set"], kind].append(one)
            if asked.show in ("all", case["op"]) and not one.is_whole:
                print(_shown(case, one), flush=True)
    for (group, kind), ways in sorted(found.items()):
        whole = sum(one.is_whole for one in ways)
        progress = sum(one.progress for one in ways) / len(ways)
        print(f"{group} {kind:<15} {whole:>4}/{len(ways):<4} {whole / len(ways):.2f} reached, progress {progress:.2f}")


if __name__ == "__main__":
    main()

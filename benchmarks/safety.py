"""Does a rewritten program still do what it did? Packages by their tests, generated programs by their output.

    python -m benchmarks.safety packages --out FOLDER [--house modern …] [--only NAME …] [--assuming] [--again]
                                         [--seconds N]
    python -m benchmarks.safety stdlib   --out FOLDER [the same]
    PYTHONPATH=.:tests python -m benchmarks.safety programs --out FOLDER [--examples N] [--assuming] [--seconds N]
    python -m benchmarks.safety table    --out FOLDER

`packages` and `stdlib` let the `git-codetune` on PATH rewrite each package's own files as a synthetic house would write
them (its counts are all there is to a house), and run the package's tests before and after. Each result is a line of
results.jsonl, which `table` prints; what has a line is not done again. A package that cannot be tested as it stands
is left out, with its reason. `programs` takes the conventions and the proof of the Python path, writes each
variant of each site of generated programs that is called safe or a renaming, and runs both; pairs that differ go to
faults.jsonl.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.safety_houses import HOUSES, build
from benchmarks.safety_packages import Failed, Tested, Workshop, rewritten, seconds_since, tested, texts
from benchmarks.safety_subjects import MODULES, PACKAGES, Subject

Row = dict[str, Any]
_AS_IT_STANDS = ""  # in the place of a house


def _rows(path: Path) -> Iterator[Row]:
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _append(path: Path, row: Row) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")


def _key(row: Row) -> tuple[str, str, bool]:
    return row["subject"], row["house"], row["assuming"]


def _house(workshop: Workshop, name: str) -> Path:
    place = workshop.folder / "houses" / name
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        build(place, name)
    return place


def _before(workshop: Workshop, subject: Subject) -> Row:
    """How the tests go as the subject stands."""
    start = time.monotonic()
    row: Row = {"subject": subject.name, "house": _AS_IT_STANDS, "assuming": False}
    try:
        with tempfile.TemporaryDirectory(prefix="safety-") as scratch:
            found = tested(workshop, subject, texts(workshop, subject), Path(scratch))
    except Failed as error:
        return row | {"left_out": str(error), "seconds": seconds_since(start)}
    passing = found.ran - len(found.failed)
    left_out = {} if passing > 0 else {"left_out": f"no test passes: {', '.join(sorted(found.failed))[:300]}"}
    return row | {"ran": found.ran, "failed": sorted(found.failed), "seconds": seconds_since(start)} | left_out


def _after(workshop: Workshop, subject: Subject, house: str, *, assuming: bool, before: Row) -> Row:
    """How they go as the house would write it."""
    start = time.monotonic()
    row: Row = {"subject": subject.name, "house": house, "assuming": assuming}
    files = texts(workshop, subject)
    try:
        made = rewritten(_house(workshop, house), files, workshop.limits, assuming=assuming)
        row |= {"lines": made.lines, "by_class": dict(made.by_class), "by_kind": dict(made.by_kind)}
        found = Tested(before["ran"], frozenset(before["failed"]))
        if made.files != files:
            with tempfile.TemporaryDirectory(prefix="safety-") as scratch:
                found = tested(workshop, subject, made.files, Path(scratch))
    except Failed as error:
        return row | {"left_out": str(error), "seconds": seconds_since(start)}
    newly = sorted(found.failed - set(before["failed"]))
    return row | {"ran": found.ran, "newly_failing": newly, "seconds": seconds_since(start)}


def _examine(workshop: Workshop, subjects: Iterable[Subject], given: argparse.Namespace) -> None:
    path = workshop.folder / "results.jsonl"
    done = {_key(row): row for row in _rows(path) if not (given.again and "left_out" in row)}
    print(f"tests run with {workshop.python}")  # which is made here, where a failure is nobody's result
    start = time.monotonic()
    for subject in subjects:
        if seconds_since(start) > given.seconds:
            print("time is up: the same command goes on from here")
            return
        before = done.get((subject.name, _AS_IT_STANDS, False))
        if before is None:
            before = _before(workshop, subject)
            _append(path, before)
        for house in given.house if "left_out" not in before else ():
            if (subject.name, house, given.assuming) not in done:
                row = _after(workshop, subject, house, assuming=given.assuming, before=before)
                _append(path, row)
                print(_told(row), flush=True)
        if "left_out" in before:
            print(f"{subject.name:<16} left out: {before['left_out'][-100:]!r}", flush=True)


def _told(row: Row) -> str:
    name = f"{row['subject']:<16} {row['house']:<8} {'assuming' if row['assuming'] else 'safe':<8}"
    if "left_out" in row:
        return f"{name} left out: {row['left_out'][-100:]!r}"
    classes = ", ".join(f"{number} {kind}" for kind, number in sorted(row["by_class"].items()))
    broken = f"{len(row['newly_failing'])} of {row['ran']} tests newly fail"
    return f"{name} {broken}; {row['lines']} lines rewritten; {classes}; {row['seconds']} s"


def _table(path: Path) -> None:
    rows = [row for row in {_key(row): row for row in _rows(path)}.values() if row["house"]]  # the latest of each
    for row in rows:
        print(_told(row))
        for name in row.get("newly_failing", ())[:5]:
            print(f"    {name}")
    for assuming in (False, True):
        judged = [row for row in rows if row["assuming"] is assuming and "left_out" not in row]
        broken = [row for row in judged if row["newly_failing"]]
        lines, failing = sum(row["lines"] for row in judged), sum(len(row["newly_failing"]) for row in judged)
        ran = sum(row["ran"] for row in judged)
        print(
            f"{'assuming' if assuming else 'safe'}: {len(broken)} of {len(judged)} subjects in houses broken, "
            f"{failing} of {ran} tests newly fail, {lines} lines rewritten"
        )


def _programs(folder: Path, given: argparse.Namespace) -> None:
    from support.programs import Fault, examine  # PYTHONPATH=.:tests

    classes = ("safe", "rename", "assuming") if given.assuming else ("safe", "rename")
    path = folder / "faults.jsonl"
    known = {row["place"] for row in _rows(path)}

    def keep(fault: Fault) -> None:
        if fault.place not in known:
            known.add(fault.place)
            _append(path, fault.as_row())
            print(fault.told(), flush=True)

    number = examine(given.examples, classes, keep, given.seconds)
    print(f"{number} programs, {len(known)} kinds of them that differ: {path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("packages", "stdlib", "programs", "table"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--house", nargs="+", choices=tuple(HOUSES), default=tuple(HOUSES))
    parser.add_argument("--only", nargs="+", default=())
    parser.add_argument("--assuming", action="store_true")
    parser.add_argument("--again", action="store_true", help="try again what was left out")
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--examples", type=int, default=1000)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.what == "table":
        _table(given.out / "results.jsonl")
    elif given.what == "programs":
        _programs(given.out, given)
    else:
        subjects: tuple[Subject, ...] = PACKAGES if given.what == "packages" else MODULES
        wanted = [one for one in subjects if not given.only or one.name in given.only]
        _examine(Workshop(given.out.resolve()), wanted, given)


if __name__ == "__main__":
    main()

"""How fast histories are read, against `git log -p --no-merges` on the same machine in the same run.

    python benchmarks/history.py REPOSITORY_OR_BUNDLE...

Bundles are cloned into a temporary folder. CPU seconds of this process and its children, the least of several rounds
that alternate between the two ways; wall seconds likewise. `ratio` is the rate of `walk` divided by that of git: both
read the same history. The last columns: the newest commits in a fresh interpreter, and the memory of a whole walk.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from codetune_git.git.history import commit_oids, walk
from codetune_git.git.repository import Repository

_WALK_ALONE = """
import sys
from pathlib import Path
from codetune_git.git.history import walk
from codetune_git.git.repository import Repository
repository = Repository.open(Path(sys.argv[1]))
suffixes = tuple(sys.argv[3].split(","))
assert sum(1 for _ in walk(repository, "HEAD", suffixes=suffixes, limit=int(sys.argv[2]) or None)) or sys.argv[2] == "0"
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds."""

    cpu: float
    wall: float


def cpu_seconds() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _cost(work: Callable[[], object]) -> Cost:
    cpu, wall = cpu_seconds(), time.perf_counter()
    work()
    return Cost(cpu_seconds() - cpu, time.perf_counter() - wall)


def _least(costs: list[Cost]) -> Cost:
    return Cost(min(cost.cpu for cost in costs), min(cost.wall for cost in costs))


def _git_log(folder: Path) -> None:
    subprocess.run(["git", "-C", folder, "log", "-p", "--no-merges"], stdout=subprocess.DEVNULL, check=True)


def _whole_walk(folder: Path, suffixes: tuple[str, ...]) -> None:
    for _ in walk(Repository.open(folder), "HEAD", suffixes=suffixes):
        pass


def _fresh(folder: Path, limit: int, suffixes: tuple[str, ...]) -> int:
    """Reads the newest commits (0: all of them) in an interpreter of its own; its memory in MiB."""
    command = [sys.executable, "-c", _WALK_ALONE, folder, str(limit), ",".join(suffixes)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@contextmanager
def cloned(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", source, folder], check=True)
        yield Path(folder)


def _row(source: Path, suffixes: tuple[str, ...], newest: int, rounds: int) -> str:
    with cloned(source) as folder:
        commits = len(commit_oids(Repository.open(folder), "HEAD"))
        ours, theirs, fresh = [], [], []
        for _ in range(rounds):
            theirs.append(_cost(lambda: _git_log(folder)))
            ours.append(_cost(lambda: _whole_walk(folder, suffixes)))
            fresh.append(_cost(lambda: _fresh(folder, newest, suffixes)))
        git, own, start = _least(theirs), _least(ours), _least(fresh)
        memory = _fresh(folder, 0, suffixes)
    return (
        f"{source.stem:<14}{commits:>8}{commits / git.cpu:>9.0f}{commits / own.cpu:>9.0f}{git.cpu / own.cpu:>7.2f}"
        f"{git.wall / own.wall:>11.2f}{start.cpu * 1000:>12.0f}{memory:>8}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="rates of reading history, against git log -p")
    parser.add_argument("sources", nargs="+", type=Path, metavar="REPOSITORY_OR_BUNDLE")
    parser.add_argument("--suffixes", default=".py", help="comma-separated (default: %(default)s)")
    parser.add_argument("--newest", type=int, default=50, help="how many commits the start-up column reads")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    newest = f"last {arguments.newest}, ms"
    print(f"{'':<14}{'':>8}{'commits/s of CPU':>18}{'rate / git':>18}{newest:>12}{'memory':>8}")
    print(f"{'repository':<14}{'commits':>8}{'git':>9}{'walk':>9}{'CPU':>7}{'wall':>11}{'CPU':>12}{'MiB':>8}")
    suffixes = tuple(arguments.suffixes.split(","))
    for source in arguments.sources:
        print(_row(source, suffixes, arguments.newest, arguments.rounds), flush=True)


if __name__ == "__main__":
    main()

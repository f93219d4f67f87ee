"""How long `git codetune hook` takes on real commits staged again, first and from the cache, and how often it speaks.

    python -m benchmarks.hook REPOSITORY... [--commits 50]

Each REPOSITORY has been trained (`git codetune train`); it is copied. Each of its newest commits that are no merges is
checked out and un-committed, so that what it changed is staged, and the hook is run twice, each a fresh process.
Printed: medians and 95th percentiles of wall-clock seconds, and the share of commits in which it says anything.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import time
from pathlib import Path


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def _hook(folder: Path) -> tuple[float, bool]:
    start = time.monotonic()
    done = subprocess.run(["git", "codetune", "hook"], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - start, bool(done.stdout)


def _percentiles(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2]:.2f} s, p95 {ordered[int(len(ordered) * 0.95)]:.2f} s"


def measured(repository: Path, commits: int) -> str:
    first, again, spoke = [], [], 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "copy"
        shutil.copytree(repository, copy, symlinks=True)
        for oid in _git(copy, "rev-list", "--no-merges", "-n", str(commits), "HEAD", "--", "*.py").split():
            _git(copy, "checkout", "--quiet", "--force", "--detach", oid)
            _git(copy, "reset", "--quiet", "--soft", "HEAD~1")
            seconds, said = _hook(copy)
            first.append(seconds)
            again.append(_hook(copy)[0])
            spoke += said
    share = f"speaks in {spoke} of {len(first)}"
    return f"{repository.name}: {_percentiles(first)}; again {_percentiles(again)}; {share}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", type=Path, nargs="+")
    parser.add_argument("--commits", type=int, default=50)
    given = parser.parse_args()
    for repository in given.repositories:
        print(measured(repository, given.commits), flush=True)


if __name__ == "__main__":
    main()

"""What reading the files of a repository's tip costs: git's processes against libgit2, in the same run.

    python -m benchmarks.objects REPOSITORY_OR_BUNDLE...

Bundles are cloned into a temporary folder. Processor seconds of this process and its children, the least of several
rounds that alternate between the two; both must read the same. `loading` is what libgit2 costs once, in a fresh
interpreter, by itself and where a training's libraries are loaded anyhow.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.history import cloned, cpu_seconds
from codetune_git.git.objects import BlobReader, sizes
from codetune_git.git.repository import Repository
from codetune_git.git.tree import tree_files

ROUNDS = 9
_LOADING = "import time{0}; began = time.process_time(); import pygit2; print(time.process_time() - began)"


def _tree(repository: Repository, tip: str) -> object:
    return tree_files(repository, tip)


def _sizes(repository: Repository, tip: str) -> object:
    return sizes(repository, [file.oid for file in tree_files(repository, tip)])


def _contents(repository: Repository, tip: str) -> object:
    with BlobReader(repository) as reader:
        return reader.read([file.oid for file in tree_files(repository, tip)])


def _seconds(question: Callable[[Repository, str], object], ways: tuple[Repository, ...], tip: str) -> list[float]:
    """The least seconds of each way; raises SystemExit where they read different things."""
    least = [float("inf")] * len(ways)
    for _ in range(ROUNDS):
        answers = []
        for number, repository in enumerate(ways):
            before = cpu_seconds()
            answers.append(question(repository, tip))
            least[number] = min(least[number], cpu_seconds() - before)
        if answers[0] != answers[1]:
            raise SystemExit(f"{ways[0].git_dir}: git and libgit2 disagree")
    return least


def _loading(also: str = "") -> float:
    program = _LOADING.format("".join(f", {name}" for name in also.split()))
    return min(
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout) for _ in range(3)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="+", type=Path, metavar="REPOSITORY_OR_BUNDLE")
    places = parser.parse_args().places
    alone, beside = _loading(), _loading("torch transformers peft")
    print(f"loading: {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside torch")
    print("| repository | files | tree: git, libgit2 (ms) | tree, sizes | tree, contents | git / libgit2 |")
    print("|---|---|---|---|---|---|")
    for place in places:
        with cloned(place) as folder:  # of a bundle a fresh clone, all of it in one pack
            repository = Repository.open(folder)
            ways = (repository, repository.with_object_database())
            tip = repository.head()
            if tip is None or ways[1].objects is None:
                raise SystemExit(f"{place}: no commit, or nothing that libgit2 may read")
            costs = [_seconds(question, ways, tip) for question in (_tree, _sizes, _contents)]
            cells = " | ".join(f"{git * 1000:.1f}, {library * 1000:.1f}" for git, library in costs)
            ratio = sum(git for git, _ in costs) / sum(library for _, library in costs)
            print(f"| {place.stem} | {len(tree_files(repository, tip))} | {cells} | {ratio:.1f} |", flush=True)


if __name__ == "__main__":
    main()

"""Speed of `git codetune suggest`, cold, against loading the same adapter with transformers + peft and scoring once.

    python -m benchmarks.suggest REPOSITORY [--rounds 7]

REPOSITORY has been trained (`git codetune train`); it is copied, and 20 new lines are staged in the copy. The commands
run in turns in one go, each a fresh process. Printed: medians of wall-clock seconds and their ratio; the same text
again is answered from the cache, and a further command has nothing eligible staged.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

LINES = '''

def describe( items,limit = 10 ):
    """Say what is in the items."""
    if items == None:
        return "nothing"
    names=[ str( item ) for item in items ]
    return ", ".join( names[ :limit ] )


def count( items,limit = 10 ):
    """Count the items up to a limit."""
    total=0
    for item in items:
        if total>=limit:
            break
        total+=1
    return total
'''

# What a hook that loads the training stack would do: the model, the adapter, one pass over the staged text.
PEFT = """
import sys
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
base, adapter, file = sys.argv[1:]
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter).eval()
ids = torch.tensor([AutoTokenizer.from_pretrained(base)(open(file).read())["input_ids"][-700:]])
with torch.inference_mode():
    model(ids).logits.log_softmax(-1)
"""


NAMES = ("suggest, 20 lines", "suggest, again", "suggest, nothing", "transformers + peft")


def timed(command: Sequence[str], folder: Path) -> float:
    """Seconds of a process that must succeed."""
    start = time.monotonic()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.monotonic() - start


def forget_verdicts(folder: Path) -> None:
    """So that the text is judged anew."""
    for kept in (folder / ".git" / "codetune").glob("codetune.sqlite"):
        with sqlite3.connect(kept) as connection:
            connection.execute("DELETE FROM verdicts")


def prepared(repository: Path, folder: Path) -> Path:
    """A copy of the repository with nothing staged but the 20 lines; returns the file that has them."""
    shutil.copytree(repository, folder, symlinks=True)
    git = ["git", "-C", os.fspath(folder)]
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)
    listing = subprocess.run([*git, "ls-files", "*.py"], check=True, capture_output=True, text=True).stdout.split()
    sizes = sorted(listing, key=lambda name: (folder / name).stat().st_size)
    target = folder / sizes[len(sizes) // 2]
    target.write_text(target.read_text() + LINES)
    subprocess.run([*git, "add", os.fspath(target)], check=True)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    from codetune_git.git.repository import Repository
    from codetune_git.model.base.base_model import EMBEDDED
    from codetune_git.store import Store

    adapter = Store(Repository.open(given.repository.resolve()).codetune_dir).active()
    if adapter is None:
        raise SystemExit(f"{given.repository}: not trained yet; run git codetune train there")
    with tempfile.TemporaryDirectory() as scratch:
        busy, idle = Path(scratch, "busy"), Path(scratch, "idle")
        target = prepared(given.repository, busy)
        prepared(given.repository, idle)
        subprocess.run(["git", "-C", os.fspath(idle), "reset", "-q", "--hard"], check=True)
        suggest = ("git", "codetune", "suggest")
        peft = (sys.executable, "-P", "-c", PEFT, os.fspath(EMBEDDED), os.fspath(adapter.weights), os.fspath(target))
        rows: dict[str, list[float]] = {name: [] for name in NAMES}
        for _ in range(given.rounds + 1):
            forget_verdicts(busy)
            rows["suggest, 20 lines"].append(timed(suggest, busy))
            rows["suggest, again"].append(timed(suggest, busy))
            rows["suggest, nothing"].append(timed(suggest, idle))
            rows["transformers + peft"].append(timed(peft, busy))
    for name, seconds in rows.items():
        counted = seconds[1:]  # the first round warms the disk
        print(f"{name:<22} median {median(counted):6.2f} s   min {min(counted):6.2f}   max {max(counted):6.2f}")
    ratio = median(b / a for a, b in zip(rows["suggest, 20 lines"][1:], rows["transformers + peft"][1:], strict=True))
    print(f"transformers + peft takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main()

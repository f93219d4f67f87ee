"""Says what each choice of the recipe is worth: the same short training with one line of the configuration changed.

Knows the steps of the recipe by their commands; does not know what they do. Every variant goes on from the same base
for the same number of tokens and is judged on the held-out packages with its running mean. Finished variants are kept.
Sizes begin from nothing instead, each for as many tokens as cost what the recipe's shape costs for its N.

    python -m pretraining.ablations --start BASE --corpus FOLDER --out FOLDER [--tokens N] [--workers N] [--only NAME…]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pretraining.configuration import USUAL, read

VARIANTS: dict[str, Mapping[str, str]] = {
    "the recipe": {},
    "15 % unbroken": {"unbroken": "0.15"},
    "60 % unbroken": {"unbroken": "0.6"},
    "files as committed": {"restyled": "0.0"},
    "every file restyled": {"restyled": "1.0"},
    "short contexts": {"before": "[60, 240]"},
    "long contexts only": {"before": "[1000, 1620]"},
    "restoration only": {"holes": "0.0", "windows": "0.0"},
    "half of the files with holes and windows": {"hunks": "1", "holes": "1.0", "windows": "1.0"},
}
SIZES: dict[str, Mapping[str, str]] = {
    "1.8 M parameters": {"hidden": "160", "layers": "4", "inner": "432"},
    "the recipe's 5.4 M parameters": {},
    "14 M parameters": {"hidden": "384", "layers": "8", "heads": "6", "inner": "1024"},
}
_SHARD_TOKENS = 150_000  # fewer than any variant's


def changed(text: str, changes: Mapping[str, str]) -> str:
    """The configuration with other values for the names in `changes`. Raises ValueError where one is not there once."""
    for name, value in changes.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        if count != 1:
            raise ValueError(f"{name} stands {count} times in the configuration")
    return text


def _step(module: str, *arguments: object) -> str:
    command = [sys.executable, "-m", f"pretraining.{module}", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _tokens(config: Path, usual: int) -> int:
    """How many cost as much, in multiplications, as `usual` tokens cost the recipe's shape."""
    return usual * read(USUAL).shape.multiplied // read(config).shape.multiplied


def measured(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """1 configure, 2 draw shards, 3 train, 4 export the running mean, 5 judge. Keeps the result in a folder."""
    folder = given.out / re.sub(r"\W+", "-", name)
    result = folder / "result.json"
    if not result.exists():
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "config.toml"
        changes = {**VARIANTS, **SIZES}[name]
        config.write_text(changed(USUAL.read_text(encoding="utf-8"), changes), encoding="utf-8")
        tokens = _tokens(config, given.tokens)
        begin = () if name in SIZES else ("--start", given.start)
        known = ("--corpus", given.corpus, "--tokenizer", given.start)
        count = tokens // _SHARD_TOKENS + 1
        _step("prepare", "b", *known, "--out", folder, "--first", given.first, "--shards", count, "--config", config)
        run = ("--run", folder, "--shards", folder, "--phase", "b", *begin, "--first", given.first)
        _step("train", *run, "--until-tokens", tokens, "--workers", given.workers, "--config", config)
        _step("export", "--run", folder, "--tokenizer", given.start, "--out", folder / "base")
        found = _step("evaluate", "--base", folder / "base", "--corpus", given.corpus, "--hunks", given.hunks)
        result.write_text(found, encoding="utf-8")
    kept: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return kept


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--start", type=Path, required=True, help="an exported base")
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--tokens", type=int, default=1_000_000)
    arguments.add_argument("--hunks", type=int, default=400)
    arguments.add_argument("--first", type=int, default=1000, help="the first shard: one that nothing was trained on")
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--only", nargs="*", choices=sorted({**VARIANTS, **SIZES}), default=list(VARIANTS))
    given = arguments.parse_args()
    print("| variant | bits a byte | committed preferred | false alarms | recall at 2 % | infilling exact |")
    print("|---|---|---|---|---|---|")
    for name in given.only:
        found = measured(name, given)
        rates = found["restoration"]["all"]
        shown = (found["bits_per_byte"], rates["restored"], rates["alarms"], rates["recall"], found["infilling"])
        print(f"| {name} | " + " | ".join(map(str, shown)) + " |", flush=True)


if __name__ == "__main__":
    main()

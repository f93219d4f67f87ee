"""Says what each choice of the recipe is worth: the same short run with some lines of the configuration changed.

Knows the steps of the recipe by their commands; does not know what they do. Every variant begins from nothing, has the
same time on the same machine, and is judged on the held-out packages. Finished variants are kept.

    python -m pretraining.ablations --corpus FOLDER --tokenizer FOLDER --out FOLDER
        [--minutes N] [--processes N] [--only NAME…]
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

from pretraining.configuration import USUAL

VARIANTS: dict[str, Mapping[str, str]] = {
    "the recipe": {},
    "no neighbours": {"neighbours": "0.0"},
    "no edits of histories": {"edits": "0.0"},
    "layouts as committed": {"laid_out": "0.0"},
    "conventions as committed": {"restyled": "0.0"},
    "15 % unbroken": {"unbroken": "0.15"},
    "60 % unbroken": {"unbroken": "0.6"},
    "restoration from the start": {"style": "[0.7, 0.7]"},
    "5 M parameters": {"hidden": "256", "heads": "4", "inner": "680", "layers": "5"},
    "23 M parameters": {"hidden": "512", "heads": "8", "inner": "1376", "layers": "7"},
}


def changed(text: str, changes: Mapping[str, str]) -> str:
    """The configuration with other values for the names in `changes`, in all sections. Raises ValueError for others."""
    for name, value in changes.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        if not count:
            raise ValueError(f"{name} does not stand in the configuration")
    return text


def _step(module: str, *arguments: object) -> str:
    command = [sys.executable, "-m", f"pretraining.{module}", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def measured(name: str, given: argparse.Namespace) -> dict[str, Any]:
    """1 configure, 2 draw, train and export, 3 judge. Keeps the result in a folder."""
    folder = given.out / re.sub(r"\W+", "-", name)
    result = folder / "result.json"
    if not result.exists():
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "config.toml"
        config.write_text(changed(USUAL.read_text(encoding="utf-8"), VARIANTS[name]), encoding="utf-8")
        known = ("--corpus", given.corpus, "--tokenizer", given.tokenizer, "--config", config)
        places = ("--work", folder, "--out", folder / "out")
        _step("run", *known, *places, "--minutes", given.minutes, "--processes", given.processes)
        found = _step("evaluate", "--base", folder / "base", "--corpus", given.corpus, "--hunks", given.hunks)
        result.write_text(found, encoding="utf-8")
    kept: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return kept


def _row(name: str, found: Mapping[str, Any]) -> str:
    """Of Python: the bits a byte, restoration by the catalogue, and layouts without and with neighbours."""
    rates, layout = found["restoration"]["all"], found["layout"]
    shown = (
        *(found["bits_per_byte"]["python"], rates["restored"], rates["alarms"], rates["recall"]),
        *(layout[kind]["all"]["recall"] for kind in ("python", "python, neighbours")),
        found["infilling"]["python"],
    )
    return f"| {name} | " + " | ".join(map(str, shown)) + " |"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--minutes", type=float, default=3.0, help="for drawing and training each variant")
    arguments.add_argument("--processes", type=int, default=14, help="that draw")
    arguments.add_argument("--hunks", type=int, default=400)
    arguments.add_argument("--only", nargs="*", choices=sorted(VARIANTS), default=list(VARIANTS))
    given = arguments.parse_args()
    print("| variant | bits a byte | preferred | false alarms | at 2 % | layout | with neighbours | infilling |")
    print("|---|---|---|---|---|---|---|---|")
    for name in given.only:
        print(_row(name, measured(name, given)), flush=True)


if __name__ == "__main__":
    main()

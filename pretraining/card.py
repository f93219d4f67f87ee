"""Writes the model card of an exported base model. Knows the manifest, the training log and the evaluation's results.

    python -m pretraining.card --run FOLDER --corpus FOLDER --out codetune_git/base
        [--start BASE] [--evaluation FILE ...]

The course of the training is kept beside the card as `training.json`. With `--start`, that of the base comes first.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

_HEAD = """---
license: mit
language: [code]
pipeline_tag: text-generation
---

# The embedded base model of codetune_git

A Llama-shaped model of {parameters:.1f} million parameters (6 layers of 256, 4 heads, 2 key-value heads, tied
embeddings, byte-level BPE of 4096 tokens, trained at a context of at most 1024). It restores Python hunks to the style
of the code around them and is made to be tuned on a repository's history.
It is no assistant and no general code model.

## Prompt format

    <path> p <before> text <after> text <staged> hunk <target> hunk <eos>     restoration
    <path> p <before> text <after> text <middle> text <eos>                   infilling
    <path> p <before> text                                                    plain text

Lines carry their newline in front; see `codetune_git/model/families.py`, the only definition.
"""

_DATA = """
## Data

{files} Python files, {megabytes:.0f} MB, of {packages} packages: the standard library and wheels whose metadata names
only permissive licences ({licences}). At most 1.2 MB of a package. `corpus.json` beside this file names each package
with version, licence, files and bytes. Left out: generated, minified, data-like and Python 2 files, near-duplicates,
vendored folders, and by name and by near-duplicate content the projects of the quality benchmark: {excluded}.
Held out for the numbers below: {held_out}. Training saw only part of this corpus, see the tokens below.
"""

_TRAINING = """
## Training

{tokens:.1f} M tokens in {steps} steps and {hours:.1f} hours of a shared 2-core CPU (bf16, no GPU), from random weights:
plain text and infilling first, then copying with little context, then restoration of hunks in files whose house style
was drawn at random, with infilling (both orders) and plain text in between. Muon for the matrices, AdamW for the rest,
constant rate with linear decay at the end. The recipe is `pretraining/` in the repository.

| M tokens | phase | mean loss (weighted, nats) | tokens/s |
|---|---|---|---|
{curve}

Losses of different phases are not comparable: their mixtures and weights differ.
"""

_MEMORY = """
## Memorisation

Given the path and the first 600 bytes of a file, the longest run of characters that it writes on greedily and that
stands in the rest of that file, but not in what was given (`pretraining/memorisation.py`):

| files | number | median | 95th percentile | longest | which |
|---|---|---|---|---|---|
{rows}
"""

_LIMITS = """
## Limits

Python only. Small: it knows little of APIs and writes poor code freely; what it says about a hunk means something only
as a comparison between forms of that hunk. Untuned it knows the conventions of the catalogue when it was trained;
the rest it learns from history. The data is public code and may contain names of people and their mistakes.
"""


def course(earlier: list[dict[str, Any]], log: list[dict[str, Any]], points: int = 12) -> list[dict[str, Any]]:
    """The log of a run as a few points, counted on from `earlier` ones: tokens, steps and seconds up to each, its mean
    loss and median speed."""
    before = earlier[-1] if earlier else {"tokens": 0, "step": 0, "seconds": 0.0}
    size = max(1, len(log) // points)
    found = list(earlier)
    for start in range(0, len(log), size):
        part = log[start : start + size]
        found.append(
            {
                "phase": part[-1]["phase"],
                "tokens": before["tokens"] + part[-1]["tokens"],
                "step": before["step"] + part[-1]["step"],
                "seconds": round(before["seconds"] + part[-1]["seconds"]),
                "loss": round(sum(row["loss"] for row in part) / len(part), 3),
                "tokens_per_second": sorted(row["tokens_per_second"] for row in part)[len(part) // 2],
            }
        )
    return found


def _curve(points: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"| {point['tokens'] / 1e6:.2f} | {point['phase']} | {point['loss']:.2f} | {point['tokens_per_second']} |"
        for point in points
    )


def _evaluation(results: list[dict[str, Any]]) -> str:
    parts = ["\n## Evaluation on held-out packages, untuned\n"]
    for result in results:
        restoration = result["restoration"]
        parts.append(f"{result['style']}: {result['bits_per_byte']} bits per byte of the text as committed, ")
        parts.append(f"infilling exact {result['infilling']:.2f}. Restoration, gap at the first different token:\n")
        parts.append("| convention | hunks | committed preferred | false alarms | recall at 2 % false alarms |")
        parts.append("|---|---|---|---|---|")
        for name, rates in restoration.items():
            if isinstance(rates, dict) and rates["hunks"] >= 5:
                shown = (rates["hunks"], rates["restored"], rates["alarms"], rates["recall"])
                parts.append(f"| {name} | " + " | ".join(map(str, shown)) + " |")
        parts.append("")
    return "\n".join(parts)


def _memory(spans: dict[str, Any]) -> str:
    names = {"corpus": "of the training corpus", "held_out": "of held-out packages"}
    rows = [
        f"| {names[name]} | {found['files']} | {found['median']} | {found['p95']} | {found['longest']} "
        f"| `{' '.join(found['longest_text'].split())}` |"
        for name, found in spans.items()
    ]
    return _MEMORY.format(rows="\n".join(rows))


def card(
    manifest: dict[str, Any],
    points: list[dict[str, Any]],
    *,
    results: list[dict[str, Any]],
    parameters: int,
    spans: dict[str, Any],
) -> str:
    trained = [p for p in manifest["packages"] if p["name"] not in manifest["held_out"]]
    licences = Counter(p["licence"] for p in trained)
    data = _DATA.format(
        files=sum(p["files"] for p in trained),
        megabytes=sum(p["bytes"] for p in trained) / 1e6,
        packages=len(trained),
        licences=", ".join(f"{name} {count}" for name, count in licences.most_common(8)) + ", others",
        excluded=", ".join(manifest["excluded"]),
        held_out=", ".join(manifest["held_out"]),
    )
    last = points[-1]
    training = _TRAINING.format(
        tokens=last["tokens"] / 1e6, steps=last["step"], hours=last["seconds"] / 3600, curve=_curve(points)
    )
    head = _HEAD.format(parameters=parameters / 1e6)
    evaluation = _evaluation(results) if results else ""
    return head + data + training + evaluation + (_memory(spans) if spans else "") + _LIMITS


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--start", type=Path, help="the base that the run began with")
    arguments.add_argument("--evaluation", type=Path, nargs="*", default=[])
    arguments.add_argument("--memorisation", type=Path, help="what pretraining.memorisation printed")
    given = arguments.parse_args()
    manifest = json.loads((given.corpus / "manifest.json").read_text(encoding="utf-8"))
    log = [json.loads(line) for line in (given.run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    earlier = json.loads((given.start / "training.json").read_text(encoding="utf-8")) if given.start else []
    points = course(earlier, log)
    results = [json.loads(path.read_text(encoding="utf-8")) for path in given.evaluation]
    parameters = (given.out / "model.safetensors").stat().st_size // 2
    spans = json.loads(given.memorisation.read_text(encoding="utf-8")) if given.memorisation else {}
    text = card(manifest, points, results=results, parameters=parameters, spans=spans)
    (given.out / "README.md").write_text(text, encoding="utf-8")
    (given.out / "training.json").write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(given.corpus / "manifest.json", given.out / "corpus.json")


if __name__ == "__main__":
    main()

"""Writes the model card of an exported base model. Knows the manifest, the training log and the evaluation's results.

    python -m pretraining.card --run FOLDER [FOLDER ...] --corpus FOLDER --out codetune_git/base
        --device "one NVIDIA H200" [--evaluation FILE ...] [--memorisation FILE]

Runs come in their order, each begun with the weights of the one before. Their courses are kept beside the card as
`training.json`, the manifest of the corpus as `corpus.json`, that of the histories (if it has one) as `histories.json`.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pretraining.configuration import read

Json = Mapping[str, Any]
_FEWEST = 5  # hunks of a convention that its rates are worth showing of
_LICENCES = 8

_HEAD = """---
license: mit
language: [code]
pipeline_tag: text-generation
---

# The embedded base model of codetune_git

A Llama-shaped model of {parameters:.1f} million parameters: {layers} layers of {hidden},
{heads} heads, {kv_heads} key-value heads, {inner} inside of a layer, tied embeddings,
byte-level BPE of {vocabulary} tokens, at most {positions} positions.
It restores hunks of Python, JavaScript and TypeScript to the style of the code around them and is made to be tuned on
a repository's history. It is no assistant and no general code model.

## Prompt format

    [<near> lines]… <path> p <before> text <after> text <staged> hunk <target> hunk <eos>     restoration
    <path> p <before> text <after> text <middle> text <eos>                                   infilling
    <path> p <before> text                                                                    plain text

`<near>` comes before lines from elsewhere in the same house that are like the hunk, at most three times, the most
alike last. Lines carry their newline in front; see `codetune_git/model/prompts`, the only definition.
"""

_DATA = """
## Data

Published packages whose metadata names only permissive licences, the standard library among them, at most
{cap:.1f} MB of each; `corpus.json` beside this file names every package with version, licence, files and bytes:

{table}

{edits}Left out: generated, compiled, minified, data-like and repetitive files, files with syntax errors,
near-duplicates, vendored folders, and by name and by near-duplicate content the projects of the quality benchmark:
{excluded}.
Held out for the numbers below: {held_out}.
"""

_EDITS = """Beside them {edits} edits of {histories} permissively licensed histories that changed the writing of a
few lines and not what they mean; `histories.json` names each history with licence, newest commit and number of edits.

"""

_TRAINING = """
## Training

{tokens:.0f} M tokens in {steps} steps and {minutes:.1f} minutes on {device} (bf16), {runs}, in rows of
many documents that do not see each other. A growing share of a step are hunks to restore, of files that were given a
house style drawn at random (conventions of a catalogue for Python, layouts for all three languages), with lines from
elsewhere in the file before some; the rest is plain text, holes at syntax nodes (both orders), hunks to copy and style
edits of histories, where there were any. No file was read more than {text} times as it is, and no drawn style more
than {style} times. Muon for the matrices, AdamW for the rest; the rate stays and then falls linearly to zero. The
recipe is `pretraining/` in the repository.

{curve}

Loss on the held-out packages while it ran, by the M tokens read, in nats a token that is to be written: of plain text
and holes, and of hunks as committed where another form is staged, which breaks a convention of the catalogue, the
layout, or the layout with neighbours shown, or is what people mended. Each run drew its own hunks to be measured on.

{validation}
"""

_EVALUATION = """
## Evaluation on held-out packages, untuned

How often the committed hunk beats a broken one that is staged, by the gap at the first different token, and how often
it is the other way around (an alarm). The hunks are few: of 80, a rate has a standard error of about 0.05.

{tables}
"""

_MEMORY = """
## Memorisation

Given the path and the first 600 bytes of a file, the longest run of characters that it writes on greedily and that
stands in the rest of that file, but not in what was given (`pretraining/memorisation.py`). What is longer for the
training corpus than for held-out packages is memory:

{table}
"""

_LIMITS = """
## Limits

Python, JavaScript and TypeScript only; conventions of the catalogue exist for Python alone. Small: it knows little of
APIs and writes poor code freely; what it says about a hunk means something only as a comparison between forms of that
hunk. Untuned it knows layouts and the conventions of the catalogue when it was trained; the rest it learns from
history. The data is public code and may contain names of people and their mistakes.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """What is known of a base: its config.json and size, the manifests, each run's course, and what was measured."""

    config: Json
    parameters: int
    manifest: Json
    cap: int
    courses: Sequence[Sequence[Json]]
    histories: Sequence[Json]
    held_out_histories: Collection[str]
    device: str
    results: Sequence[Json]
    spans: Json


def _table(head: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def course(log: Sequence[Json]) -> list[dict[str, Any]]:
    """A log as its validations, each with the mean loss and the median speed of the steps since the one before."""
    found, part = list[dict[str, Any]](), list[Json]()
    for row in log:
        part.append(row)
        if "validation" in row:
            loss = round(sum(step["loss"] for step in part) / len(part), 3)
            speed = sorted(step["tokens_per_second"] for step in part)[len(part) // 2]
            known = {name: row[name] for name in ("step", "tokens", "rate", "validation", "reads")}
            found.append({**known, "seconds": round(row["seconds"]), "loss": loss, "tokens_per_second": speed})
            part = []
    return found


def _head(made: Made) -> str:
    config = made.config
    return _HEAD.format(
        parameters=made.parameters / 1e6,
        layers=config["num_hidden_layers"],
        hidden=config["hidden_size"],
        heads=config["num_attention_heads"],
        kv_heads=config["num_key_value_heads"],
        inner=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
    )


def _data(made: Made) -> str:
    manifest = made.manifest
    trained = [package for package in manifest["packages"] if package["name"] not in manifest["held_out"]]
    rows = []
    for name, script in (("Python", False), ("JavaScript, TypeScript (npm)", True)):
        some = [package for package in trained if package["name"].startswith("npm:") is script]
        licences = Counter(package["licence"] for package in some).most_common(_LICENCES)
        named = ", ".join(f"{licence} {count}" for licence, count in licences)
        rest = len(some) - sum(count for _, count in licences)
        sizes = (sum(p["files"] for p in some), round(sum(p["bytes"] for p in some) / 1e6))
        rows.append((name, len(some), *sizes, named + f", others {rest}" * (rest > 0)))
    learned = [history for history in made.histories if history["name"] not in made.held_out_histories]
    edits = _EDITS.format(edits=sum(history["edits"] for history in learned), histories=len(learned)) if learned else ""
    present = {package["name"] for package in manifest["packages"]}
    return _DATA.format(
        cap=made.cap / 1e6,
        edits=edits,
        table=_table(("language", "packages", "files", "MB", "licences"), rows),
        excluded=", ".join(manifest["excluded"]),
        held_out=", ".join(name for name in manifest["held_out"] if name in present),
    )


def _validation(course: Sequence[Json]) -> str:
    names = [name.rpartition("-") for name in course[-1]["validation"]]
    losses = [
        (language, kind, *(f"{p['validation'][f'{language}-{kind}']:.3f}" for p in course))
        for language, _, kind in sorted(names)
    ]
    return _table(("language", "kind", *(f"{p['tokens'] / 1e6:.0f}" for p in course)), losses)


def _training(made: Made) -> str:
    last = [course[-1] for course in made.courses]
    curve = [
        (run, f"{p['tokens'] / 1e6:.0f}", p["seconds"], f"{p['rate']:.2f}", f"{p['loss']:.2f}", p["tokens_per_second"])
        for run, course in enumerate(made.courses, 1)
        for p in course
    ]
    further = f", then in {len(last) - 1} further run{'s' * (len(last) > 2)} from the weights of the one before"
    return _TRAINING.format(
        tokens=sum(end["tokens"] for end in last) / 1e6,
        steps=sum(end["step"] for end in last),
        minutes=sum(end["seconds"] for end in last) / 60,
        device=made.device,
        runs="from random weights" + further * (len(last) > 1),
        text=sum(end["reads"]["text"][1] for end in last),
        style=max(end["reads"]["style"][1] for end in last),
        curve=_table(("run", "M tokens", "seconds", "rate", "mean loss (weighted, nats)", "tokens/s"), curve),
        validation="\n\n".join(map(_validation, made.courses)),
    )


def _rates(rates: Json) -> tuple[object, ...]:
    return rates["hunks"], rates["restored"], rates["alarms"], rates["recall"]


def _mended(result: Json, shown: Iterable[str]) -> tuple[str, ...]:
    """What people mended in the histories held out, where that was measured."""
    rows = [(name, *_rates(found["all"])) for name, found in result.get("edits", {}).items()]
    return ("What people mended in histories that are held out:", _table(("language", *shown), rows)) if rows else ()


def _evaluation(result: Json) -> str:
    """The tables of one evaluation: of plain text and holes, of layouts, and of the catalogue's conventions."""
    bits, infilling = result["bits_per_byte"], result["infilling"]
    shown = ("hunks", "committed preferred", "false alarms", "recall at 2 % false alarms")
    conventions = [
        (name, *_rates(rates))
        for name, rates in result["restoration"].items()
        if isinstance(rates, Mapping) and rates["hunks"] >= _FEWEST
    ]
    return "\n\n".join(
        (
            f"### {result['style'].capitalize()}",
            _table(("language", "bits per byte", "infilling exact"), [(n, bits[n], infilling[n]) for n in bits]),
            *_mended(result, shown),
            "Layouts:",
            _table(("layout", *shown), [(name, *_rates(found["all"])) for name, found in result["layout"].items()]),
            f"The catalogue's conventions (Python), each of which at least {_FEWEST} hunks broke alone:",
            _table(("convention", *shown), conventions),
        )
    )


def _memory(spans: Json) -> str:
    files = {"corpus": "of the training corpus", "held_out": "of held-out packages"}
    rows = [
        (language, files[name], found["files"], found["median"], found["p95"], found["longest"], f"`{text}`")
        for name, languages in spans.items()
        for language, found in languages.items()
        for text in (" ".join(found["longest_text"].replace("`", "'").replace("|", "¦").split()),)
    ]
    head = ("language", "files", "number", "median", "95th percentile", "longest", "which")
    return _MEMORY.format(table=_table(head, sorted(rows, key=lambda row: list(spans["corpus"]).index(row[0]))))


def card(made: Made) -> str:
    parts = [_head(made), _data(made), _training(made)]
    if made.results:
        parts.append(_EVALUATION.format(tables="\n\n".join(map(_evaluation, made.results))))
    return "".join((*parts, _memory(made.spans) if made.spans else "", _LIMITS))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, nargs="+", required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--device", required=True, help="what it was trained on, in words")
    arguments.add_argument("--evaluation", type=Path, nargs="*", default=[])
    arguments.add_argument("--memorisation", type=Path, help="what pretraining.memorisation printed")
    given = arguments.parse_args()
    logs = [(run / "log.jsonl").read_text(encoding="utf-8").splitlines() for run in given.run]
    histories = given.corpus / "histories.json"
    made = Made(
        config=_json(given.out / "config.json"),
        parameters=(given.out / "model.safetensors").stat().st_size // 2,
        manifest=_json(given.corpus / "manifest.json"),
        cap=read().corpus["max_package_bytes"],
        courses=[course([json.loads(line) for line in log]) for log in logs],
        histories=_json(histories) if histories.exists() else (),
        held_out_histories=read().corpus["held_out_histories"],
        device=given.device,
        results=[_json(path) for path in given.evaluation],
        spans=_json(given.memorisation) if given.memorisation else {},
    )
    (given.out / "README.md").write_text(card(made), encoding="utf-8")
    (given.out / "training.json").write_text(json.dumps(made.courses, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(given.corpus / "manifest.json", given.out / "corpus.json")
    if made.histories:
        shutil.copyfile(histories, given.out / "histories.json")


if __name__ == "__main__":
    main()

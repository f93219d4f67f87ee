"""Measures an exported base model on packages that it has not seen.

Knows the exported folder and the held-out files; does not know how the model was trained. Written as one JSON object:

    bits_per_byte      of plain text, path given, by language
    restoration        of Python, by convention of the catalogue: how often the committed text beats the broken one that
                       was staged (`restored`), how often a broken text beats the committed one that was staged
                       (`alarms`), and `recall`: the share of breaks restored at the gap that only 2 % of the clean
                       hunks exceed (below zero where the model would rather copy: calibration shifts it just so)
    edits              the same by language, of what people mended in histories
    layout             the same by language, of layouts that any grammar has, and with neighbours shown in their place
    infilling          the share of small syntax nodes written exactly, greedily, by language

    python -m pretraining.evaluate --base codetune_git/base --corpus FOLDER [--hunks N] [--as-committed]
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from codetune_git.domain import Sample
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import sites
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.prompts.family import TokenBudget
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer
from codetune_git.samples.restoration import restoration
from codetune_git.text.hunks import ContextSize
from codetune_git.text.source import Source
from pretraining.configuration import read
from pretraining.documents import holes, windows
from pretraining.draw import Row, edit_samples, of_language, rows_of, style_samples
from pretraining.hunks import hunks_of
from pretraining.languages import grammar_of
from pretraining.restyling import restyle

BUDGET = TokenBudget()
FAMILY = FAMILIES["embedded"]
_CONTEXT = ContextSize(before=1500, after=400)
_FALSE_POSITIVES = 0.02
_WINDOW = 1600
_LANGUAGES = ("python", "javascript", "typescript")


@dataclass(frozen=True, slots=True)
class Pair:
    """A committed hunk and a broken form of it, with the gaps in nats at the first different token.

    `restored`: of the committed text where the broken one is staged. `alarm`: of the broken text where it is not.
    """

    conventions: tuple[str, ...]
    restored: float
    alarm: float


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


class Judge:
    """The model with its tokenizer."""

    def __init__(self, base: Path) -> None:
        from transformers import AutoModelForCausalLM

        self.model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
        self.tokenizer: Tokenizer = load_tokenizer(base)

    @torch.no_grad()
    def logits(self, ids: Sequence[int]) -> torch.Tensor:
        found: torch.Tensor = self.model(torch.tensor([list(ids)]), use_cache=False).logits[0]
        return found.float()

    def gap(self, sample: Sample, staged: str, candidate: str) -> float | None:
        """log p(candidate) - log p(staged) at the first different token.

        None where the hunk does not fit, and where one text is the other one's beginning.
        """
        prompt = FAMILY.encode_prompt(
            self.tokenizer,
            sample.path,
            sample.before,
            staged,
            after=sample.after,
            budget=BUDGET,
            near=sample.near,
        )
        if prompt is None:
            return None
        a, b = (FAMILY.encode_target(self.tokenizer, text) for text in (candidate, staged))
        shared = _shared(a, b)
        if shared == min(len(a), len(b)):
            return None
        last = self.logits((*prompt, *a[:shared]))[-1]
        return float(last[a[shared]] - last[b[shared]])

    def nats(self, sample: Sample) -> float:
        encoded = FAMILY.encode(self.tokenizer, sample, BUDGET)
        assert encoded is not None
        ids = torch.tensor(encoded.ids)
        losses = torch.nn.functional.cross_entropy(self.logits(encoded.ids)[:-1], ids[1:], reduction="none")
        return float(losses[torch.tensor(encoded.loss[1:])].sum())

    @torch.no_grad()
    def writes(self, sample: Sample) -> bool:
        """Whether the missing middle is written exactly."""
        found = FAMILY.segments(self.tokenizer, sample, BUDGET)
        assert found is not None
        wanted = found[-1].ids[1:]
        prompt = [token for segment in found[:-1] for token in segment.ids] + [found[-1].ids[0]]
        logits = self.logits([*prompt, *wanted])[len(prompt) - 1 : -1]
        return bool((logits.argmax(-1) == torch.tensor(wanted)).all())


def _pair(judge: Judge, sample: Sample) -> Pair | None:
    """None where the hunk does not fit."""
    restored = judge.gap(sample, sample.staged, sample.target)
    alarm = judge.gap(sample, sample.target, sample.staged)
    return None if restored is None or alarm is None else Pair(sample.broken, restored, alarm)


def layout_pairs(judge: Judge, rows: Sequence[Row], count: int, *, restyled: bool, neighbours: float) -> list[Pair]:
    """`count` hunks with a broken layout, a share `neighbours` of them with neighbours, of files drawn evenly."""
    usual = read().mixture
    mixture = replace(
        usual,
        restyled=usual.restyled * restyled,
        laid_out=float(restyled),
        unbroken=0.0,
        catalogue=0.0,
        neighbours=neighbours,
        holes=0.0,
    )
    rng, found = random.Random(6), list[Pair]()
    while len(found) < count:
        row = rng.choice(rows)
        grammar = grammar_of(row["path"])
        assert grammar is not None
        drawn = [sample for sample in style_samples(row, grammar, rng, mixture) if sample.broken]
        found += [pair for sample in drawn if (pair := _pair(judge, sample)) is not None]
    return found[:count]


def edit_pairs(judge: Judge, edits: Sequence[Row], count: int) -> list[Pair]:
    """What people mended in histories, at most `count` edits, each with its usual context."""
    mixture = replace(read().mixture, unbroken=0.0, before=(1500, 1500))
    rng, found = random.Random(5), list[Pair]()
    for row in edits[:count]:
        grammar = grammar_of(row["path"])
        assert grammar is not None
        drawn = (replace(sample, near=()) for sample in edit_samples(row, grammar, rng, mixture))
        found += [pair for sample in drawn if (pair := _pair(judge, sample)) is not None]
    return found


def pairs(judge: Judge, rows: Sequence[Row], count: int, *, restyled: bool) -> list[Pair]:
    """`count` broken hunks of Python files drawn evenly over the packages."""
    rng, found = random.Random(1), list[Pair]()
    while len(found) < count:
        row = rng.choice([r for r in rows if r["package"] == rng.choice(sorted({r["package"] for r in rows}))] or rows)
        if len(row["text"]) > 40_000:
            continue
        source = Source.parse(row["text"].encode(), GRAMMAR)
        source = restyle(source, rng=rng) if restyled else source
        known = tuple(sites(source))
        for lines in hunks_of(source, rng=rng, count=4):
            sample = restoration(row["path"], source, lines, rng=rng, context=_CONTEXT, unbroken=0.0, known=known)
            if sample.broken and len(found) < count and (pair := _pair(judge, sample)) is not None:
                found.append(pair)
    return found


def summary(found: Sequence[Pair]) -> dict[str, Any]:
    """All conventions together, and each that was broken alone."""

    def rates(some: Sequence[Pair], threshold: float) -> dict[str, float]:
        n = len(some)
        return {
            "hunks": n,
            "restored": round(sum(p.restored > 0 for p in some) / n, 3),
            "alarms": round(sum(p.alarm > 0 for p in some) / n, 3),
            "recall": round(sum(p.restored > threshold for p in some) / n, 3),
        }

    alarms = sorted((p.alarm for p in found), reverse=True)
    threshold = alarms[math.floor(_FALSE_POSITIVES * len(alarms))]
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in found:
        if len(pair.conventions) == 1:
            groups[pair.conventions[0]].append(pair)
    return {
        "all": rates(found, threshold),
        "threshold": round(threshold, 2),
        **{name: rates(groups[name], threshold) for name in sorted(groups)},
    }


def bits_per_byte(judge: Judge, rows: Sequence[Row], count: int) -> float:
    rng = random.Random(2)
    samples = [rng.choice(windows(r["path"], r["text"], _WINDOW)) for r in rng.choices(rows, k=count)]
    size = sum(len(s.target.encode()) for s in samples)
    return sum(judge.nats(s) for s in samples) / math.log(2) / size


def infilling(judge: Judge, rows: Sequence[Row], count: int) -> float:
    rng, found = random.Random(3), list[Sample]()
    for row in rng.choices(rows, k=count):
        grammar = grammar_of(row["path"])
        assert grammar is not None
        some = holes(row["path"], Source.parse(row["text"].encode(), grammar), rng, 1)
        found += [sample for sample in some if len(sample.target) <= 80]
    return sum(judge.writes(sample) for sample in found) / len(found)


def evaluation(
    judge: Judge, rows: Sequence[Row], hunks: int, *, restyled: bool, edits: Sequence[Row] = ()
) -> dict[str, Any]:
    """Everything that is measured, as one object."""
    result: dict[str, Any] = {
        "style": "files in a drawn house style" if restyled else "files as committed",
        "bits_per_byte": {},
        "infilling": {},
        "layout": {},
        "edits": {},
    }
    for name in _LANGUAGES:
        some = of_language(rows, name)
        if mended := edit_pairs(judge, of_language(edits, name), hunks):
            result["edits"][name] = summary(mended)
        result["bits_per_byte"][name] = round(bits_per_byte(judge, some, max(10, hunks // 4)), 3)
        result["infilling"][name] = round(infilling(judge, some, hunks // 2), 3)
        for kind, share in ((name, 0.0), (f"{name}, neighbours", 1.0)):
            found = layout_pairs(judge, some, hunks // 2, restyled=restyled, neighbours=share)
            result["layout"][kind] = summary(found)
        if name == "python":
            result["restoration"] = summary(pairs(judge, some, hunks, restyled=restyled))
    return result


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--hunks", type=int, default=200)
    arguments.add_argument("--as-committed", action="store_true", help="do not give the files a drawn house style")
    given = arguments.parse_args()
    files, edits = (rows_of(given.corpus / f"{name}.jsonl") for name in ("held_out", "held_out_edits"))
    found = evaluation(Judge(given.base), files, given.hunks, restyled=not given.as_committed, edits=edits)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

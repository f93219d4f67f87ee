"""Token shards on disk: sequences of ids with their loss marks. Knows the file format and how samples are encoded.

A shard is one .npz file: `ids` (uint16) and `loss` (uint8, weights in the loss) of all sequences end to end,
and `ends` (int64, offsets). In pretraining every token counts but markers, paths and broken text; what is restored
or filled in counts more, because only few of its tokens decide anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from random import Random

import numpy as np

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.prompts.family import Segment, TokenBudget
from codetune_git.model.tokenizers.tokenizer import Tokenizer

BUDGET = TokenBudget()
LONG = TokenBudget(total=2048, before=1100, after=300)
_LONG_SHARE = 0.2
_ASKED_FOR = 4
_WEIGHTS = {"near": 1, "path": 0, "before": 1, "after": 1, "staged": 0, "target": 1, "middle": _ASKED_FOR}

Sequence = tuple[list[int], list[int]]


def _suffix_first(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The text after a hole in front of the text before it, which the middle then goes on from.

    Source: M. Bavarian et al., "Efficient Training of Language Models to Fill in the Middle", 2022 (PSM and SPM).
    """
    path, before, after, middle = segments
    return path, after, before, middle


def encode(tokenizer: Tokenizer, sample: Sample, rng: Random) -> Sequence | None:
    """Ids and loss weights; None where the sample does not fit. Holes come in both orders."""
    long = sample.kind is SampleKind.NEXT_TOKEN or rng.random() < _LONG_SHARE
    segments = FAMILIES["embedded"].segments(tokenizer, sample, LONG if long else BUDGET)
    if segments is None:
        return None
    if sample.kind is SampleKind.INFILLING and rng.random() < 0.5:
        segments = _suffix_first(segments)
    ids: list[int] = []
    loss: list[int] = []
    for segment in segments:
        ids += segment.ids
        restored = segment.role == "target" and bool(sample.staged)
        marked = len(segment.ids) - (segment.role != "target" or restored)
        weight = _ASKED_FOR if restored else _WEIGHTS[segment.role]
        loss += [0] * (len(segment.ids) - marked) + [weight] * marked
    return ids, loss


def write(path: Path, sequences: Iterable[Sequence]) -> int:
    """Writes a shard atomically; returns its number of tokens."""
    kept = list(sequences)
    ends = np.cumsum([len(ids) for ids, _ in kept])
    unfinished = path.with_suffix(".tmp.npz")
    np.savez(
        unfinished,
        ids=np.concatenate([np.asarray(ids, np.uint16) for ids, _ in kept]),
        loss=np.concatenate([np.asarray(loss, np.uint8) for _, loss in kept]),
        ends=ends,
    )
    os.replace(unfinished, path)
    return int(ends[-1])


def read(path: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """The (ids, loss) of all sequences of a shard."""
    with np.load(path) as shard:
        cuts = shard["ends"][:-1]
        return list(zip(np.split(shard["ids"], cuts), np.split(shard["loss"], cuts), strict=True))

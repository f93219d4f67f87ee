"""Samples that a tiny base can learn from in a few steps: quotes that are put right."""

from __future__ import annotations

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import Example, encode_samples


def examples_of(base: BaseModel, start: int, stop: int) -> tuple[Example, ...]:
    samples = [
        Sample(
            SampleKind.RESTORATION,
            f"part_{i}.py",
            f'first = "{i}"\nsecond = "two"\n',
            f"third = '{i}'\n",
            'last = "end"\n' * (i % 5),
            f'third = "{i}"\n',
        )
        for i in range(start, stop)
    ]
    return encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)[0]

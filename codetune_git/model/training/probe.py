"""Asks a trained adapter for learned code: what of it comes back word for word?

    1 of the code that was learned, and of code that was not, pieces that are long enough, drawn by the seed; however a
      piece was trained on, it is asked for as it stands in its file: after its path and the text before it
    2 in each the tokens in a row that the base expects least: what is distinctive, not what anybody would write
    3 read once with the true text before each token: greedy writing would come to the same passage where every one of
      its tokens is the likeliest; with the adapter, and with it switched off

Knows tokens and the trainer. Does not know where samples come from or what is made of the answer. What an adapter's
parents have learned is asked for as far as it was replayed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import Probe
from codetune_git.model.training.memorisation import Memorised
from codetune_git.suggesting.evaluation.share import Share

if TYPE_CHECKING:
    from codetune_git.model.training.lora_trainer import LoraTrainer

_TOGETHER = 4  # learned passages, and as many others, between two looks at the clock


def _places(example: Example, tokens: int) -> range:
    """Where in a piece, counted in tokens, a passage may begin: as many tokens stand before it as it has."""
    piece = example.counted
    return range(max(0, tokens - (example.length - piece)), piece - tokens + 1)


def _drawn(
    samples: Sequence[Sample], base: BaseModel, tokenizer: Tokenizer, *, probe: Probe, rng: random.Random
) -> list[Example]:
    """Step 1. Of several samples of a piece the longest stands for it; tokens are made of no more than are needed."""
    longest = {one.origin or one.target: one for one in sorted(samples, key=lambda one: len(one.target))}
    drawn = list[Example]()
    for one in rng.sample(list(longest.values()), len(longest)):
        plain = replace(one, kind=SampleKind.NEXT_TOKEN, staged="", after="", weight=1.0)
        pieces, _ = encode_samples([plain], base.family, tokenizer, base.budget)
        drawn += (piece for piece in pieces if _places(piece, probe.tokens))
        if len(drawn) == probe.passages:
            break
    return drawn


def _said(trainer: LoraTrainer, pieces: Sequence[Example], tokens: int) -> list[tuple[bool, bool]]:
    """Steps 2 and 3: of each, whether its passage comes back with the adapter, and whether it does without."""
    answers = []
    without, adapted = trainer.predict(pieces, 0.0), trainer.predict(pieces)
    for piece, bare, tuned in zip(pieces, without, adapted, strict=True):
        start = max(_places(piece, tokens), key=lambda place: sum(bare.losses[place : place + tokens]))
        answers.append((all(tuned.likeliest[start : start + tokens]), all(bare.likeliest[start : start + tokens])))
    return answers


def probed(
    trainer: LoraTrainer,
    base: BaseModel,
    learned: Sequence[Example],
    probe: Probe,
    *,
    seed: int,
    should_stop: Callable[[], bool],
) -> Memorised | None:
    """What of the `learned` samples the trainer's adapter says by heart; None where none of them is long enough, or
    somebody stops it before the first."""
    started, rng = time.monotonic(), random.Random(f"{seed} passages")
    tokenizer, read = load_tokenizer(base.folder), [one.sample for one in learned if one.sample and one.weight]
    ours = _drawn(read, base, tokenizer, probe=probe, rng=rng)
    others = _drawn(probe.held_out, base, tokenizer, probe=probe, rng=rng)[: len(ours)]
    learned_answers, other_answers = list[tuple[bool, bool]](), list[tuple[bool, bool]]()
    for first in range(0, len(ours), _TOGETHER):
        in_time = first == 0 or time.monotonic() - started < probe.seconds
        if not trainer.broadcast(in_time and not should_stop()):
            break
        part = ours[first : first + _TOGETHER]
        answers = _said(trainer, [*part, *others[first : first + _TOGETHER]], probe.tokens)
        learned_answers += answers[: len(part)]
        other_answers += answers[len(part) :]
    if not learned_answers:
        return None
    return Memorised(
        Share(sum(tuned for tuned, _ in learned_answers), len(learned_answers)),
        Share(sum(bare for _, bare in learned_answers), len(learned_answers)),
        Share(sum(tuned for tuned, _ in other_answers), len(other_answers)),
    )

"""What a run is taught: samples from the commits, replay, tokens. Joins mining, samples and the model room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from codetune_git.commands.workers import mapped
from codetune_git.domain import Commit, Sample, Skipped
from codetune_git.samples.history import MixtureSettings
from codetune_git.samples.mixture import history_samples, plan, with_replay
from codetune_git.samples.restoration import restoration
from codetune_git.suggesting.exam import CommittedFile
from codetune_git.text.hunks import ContextSize
from codetune_git.text.source import Source

if TYPE_CHECKING:
    from codetune_git.model.base import BaseModel
    from codetune_git.model.batching import Example

TOKENS_PER_SECOND = 8000  # an optimistic guess for a small base: what the budget then does not reach is said
BYTES_PER_TOKEN = 3.0
COMMITS_AT_ONCE = 60
REPLAY = 0.2
MOST_HELD_OUT = 64
MOST_UNLEARNED = 400  # many are too short to be asked for
# Less context than `suggest` shows: more hunks fit into the budget, and what decides a style is near.
MIXTURE = MixtureSettings(context=ContextSize(before=1200, after=400))


@dataclass(frozen=True, slots=True)
class Lessons:
    """Samples as tokens, the most informative first; `held_out` are not learned from, and neither are `unlearned`, code
    that they are held against to see what was learned by heart. `kinds` counts by sample kind.

    `beyond` are commits, newest first, that the budget has no room for.
    """

    examples: tuple[Example, ...]
    held_out: tuple[Example, ...]
    unlearned: tuple[Sample, ...]
    kinds: Mapping[str, int]
    skipped: tuple[Skipped, ...]
    beyond: tuple[str, ...]


def _cost(sample: Sample) -> int:
    text = len(sample.before) + len(sample.staged) + len(sample.after) + len(sample.target)
    return round(text / BYTES_PER_TOKEN) + 16


def _drawn(commits: Sequence[Commit], rng: Random) -> tuple[tuple[Sample, ...], tuple[Skipped, ...]]:
    return history_samples(commits, rng=rng, settings=MIXTURE, each=mapped)


def _newest(
    commits: Sequence[Commit], tokens: int, rng: Random
) -> tuple[tuple[Sample, ...], tuple[Skipped, ...], tuple[str, ...]]:
    """The samples of the newest commits until they cost `tokens`, and the commits that were not needed."""
    samples: tuple[Sample, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    end = len(commits)
    while end and sum(map(_cost, samples)) < tokens:
        start = max(0, end - COMMITS_AT_ONCE)
        older, left_out = _drawn(commits[start:end], rng)
        samples, skipped, end = older + samples, left_out + skipped, start
    return samples, skipped, tuple(commit.oid for commit in reversed(commits[:end]))


def _chosen(decided: Iterable[CommittedFile], rng: Random) -> Iterator[Sample]:
    """What people chose, to be left as it is."""
    for file in decided:
        source = Source.parse(file.text)
        yield from (
            restoration(file.path, source, lines, rng=rng, context=MIXTURE.context, unbroken=1.0)
            for lines in file.added
        )


def lessons(
    base: BaseModel,
    commits: Sequence[Commit],
    held: Sequence[Commit],
    *,
    older: Sequence[Commit],
    decided: Sequence[CommittedFile],
    seconds: float,
    seed: int,
) -> Lessons:
    """What to learn from `commits` in about `seconds`; `older` ones, learned before, are replayed among them, and what
    people chose, `decided`, is among the first."""
    from codetune_git.model.batching import encode_samples
    from codetune_git.model.tokenizer import load_tokenizer

    rng = Random(seed)
    tokens = round(seconds * TOKENS_PER_SECOND)
    new, skipped, beyond = _newest(commits, tokens, rng)
    new = (*new, *_chosen(decided, rng))
    replayed, _ = _drawn(older, rng)
    kept, left_out = plan(with_replay(new, replayed, rng=rng, share=REPLAY), tokens, tokens=_cost)
    examined, _ = _drawn(held, rng)
    unlearned = tuple(rng.sample(examined, min(MOST_UNLEARNED, len(examined))))
    examined = tuple(rng.sample(examined, min(MOST_HELD_OUT, len(examined))))
    tokenizer = load_tokenizer(base.folder)
    shuffled = tuple(rng.sample(kept, len(kept)))
    examples, too_long = encode_samples(shuffled, base.family, tokenizer, base.budget)
    held_out, _ = encode_samples(examined, base.family, tokenizer, base.budget)
    kinds = Counter(sample.kind.value for sample in kept)
    return Lessons(examples, held_out, unlearned, kinds, skipped + left_out + too_long, beyond)

"""The mixture a run is trained on: all commits' samples without duplicates, replay, the budget.

Knows samples and where they come from. Does not know tokens (a function counts them) or how a sample is drawn.
Samples stand in the order of their commits, oldest first; a sample's origin begins with its commit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, cycle
from random import Random

from codetune_git.domain import Commit, Sample, SampleKind, Skipped
from codetune_git.samples.history import USUAL_MIXTURE, Group, MixtureSettings, Task, drawn

Found = tuple[Group | Skipped, ...]
Each = Callable[[Callable[[Task], Found], Sequence[Task]], Iterable[Found]]
_RECENCY = 1.0  # what the newest sample has over the oldest
_RARITY = 1.0  # what the rarest convention has over the commonest
_STYLE_EDIT = 1.0


def history_samples(
    commits: Iterable[Commit],
    *,
    rng: Random,
    settings: MixtureSettings = USUAL_MIXTURE,
    each: Each = map,
) -> tuple[tuple[Sample, ...], tuple[Skipped, ...]]:
    """The samples of `commits`, which come oldest first, and what was left out and why.

    `each` maps over the commits, in order; a pool's `map` gives the same result. Raises ExtraMissing without
    detect-secrets.
    """
    seed = rng.getrandbits(64)
    return newest_kept(each(drawn, [Task(commit, seed, settings) for commit in commits]))


def newest_kept(found: Iterable[Found]) -> tuple[tuple[Sample, ...], tuple[Skipped, ...]]:
    """The samples of what was drawn from commits, which come oldest first, and what was left out and why.

    Of pieces with the same content only the newest one stays.
    """
    kept: dict[str, Group] = {}
    skipped: list[Skipped] = []
    for group in chain.from_iterable(found):
        if isinstance(group, Skipped):
            skipped.append(group)
            continue
        older = kept.pop(group.content, None)
        if older is not None:
            skipped.append(Skipped(older.samples[0].path, "duplicate of newer lines"))
        kept[group.content] = group
    return tuple(sample for group in kept.values() for sample in group.samples), tuple(skipped)


def with_replay(new: Sequence[Sample], old: Sequence[Sample], *, rng: Random, share: float = 0.2) -> tuple[Sample, ...]:
    """`new` after as many drawn samples of `old` as make up `share` of the whole, or all of `old` if it has fewer."""
    count = min(len(old), round(len(new) * share / (1 - share)))
    drawn = sorted(rng.sample(range(len(old)), count))
    return (*(old[i] for i in drawn), *new)


def _rarity(samples: Sequence[Sample]) -> list[float]:
    """From 0 for the commonest convention to 1.

    Samples that break nothing get the values of the others in turn, so that a budget keeps the share of both:
    silence is learned from them.
    """
    seen = Counter(name for sample in samples for name in sample.broken)
    most = max(seen.values(), default=1)
    rarities = [max(1 - seen[name] / most for name in sample.broken) for sample in samples if sample.broken]
    ours, others = iter(rarities), cycle(rarities or [0.0])
    return [next(ours) if sample.broken else next(others) for sample in samples]


def plan(
    samples: Sequence[Sample], budget: int, *, tokens: Callable[[Sample], int]
) -> tuple[tuple[Sample, ...], tuple[Skipped, ...]]:
    """As many samples as `budget` tokens hold, and the rest: the newest, style edits and rare conventions first.

    The kept ones stay in their order. `tokens` counts the tokens that a sample costs.
    """
    rarity = _rarity(samples)
    value = [
        _RECENCY * i / len(samples) + _RARITY * rarity[i] + _STYLE_EDIT * (sample.kind is SampleKind.STYLE_EDIT)
        for i, sample in enumerate(samples)
    ]
    kept, spent = set[int](), 0
    for i in sorted(range(len(samples)), key=lambda i: value[i], reverse=True):
        cost = tokens(samples[i])
        if spent + cost <= budget:
            kept.add(i)
            spent += cost
    left_out = tuple(Skipped(sample.origin, "beyond the budget") for i, sample in enumerate(samples) if i not in kept)
    return tuple(samples[i] for i in sorted(kept)), left_out

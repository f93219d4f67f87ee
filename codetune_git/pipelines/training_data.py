"""The training data of a run: samples of its commits and of replayed ones, as tokens. Joins samples and tokenizers.

Does not know git, or how one trains on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from random import Random
from typing import TYPE_CHECKING

from codetune_git.domain import Commit, Sample, Skipped
from codetune_git.languages.table import parsed
from codetune_git.process.workers import mapped
from codetune_git.samples.history import Group, MixtureSettings, Task, drawn
from codetune_git.samples.mixture import Found, newest_kept, plan, with_replay
from codetune_git.samples.restoration import restoration
from codetune_git.suggesting.exam import CommittedFile
from codetune_git.text.hunks import ContextSize

if TYPE_CHECKING:
    from codetune_git.model.base.base_model import BaseModel
    from codetune_git.model.training.batching import Example

TOKENS_PER_SECOND = 8000  # an optimistic guess for a small base: what the budget then does not reach is said
BYTES_PER_TOKEN = 3.0
REPLAY = 0.2
MOST_HELD_COMMITS = 80  # more than the samples below need
MOST_HELD_OUT = 64
MOST_UNLEARNED = 400  # many are too short to be asked for
# Less context than `suggest` shows: more hunks fit into the budget, and what decides a style is near.
MIXTURE = MixtureSettings(context=ContextSize(before=1200, after=400))


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Samples as tokens, the most informative first; `held_out` are not learned from, and neither are `unlearned`, code
    that they are held against to see what was learned by heart.

    `over_budget` are commits, newest first, that the budget has no room for. From `commits_read` commits was drawn.
    """

    examples: tuple[Example, ...]
    held_out: tuple[Example, ...]
    unlearned: tuple[Sample, ...]
    skipped: tuple[Skipped, ...]
    over_budget: tuple[str, ...]
    commits_read: int


@dataclass(frozen=True, slots=True)
class TrainingCommits:
    """Commits, each kind oldest first: `new` to learn from, `older` ones, learned before, and those `held` out."""

    new: Sequence[Commit]
    older: Sequence[Commit] = ()
    held: Sequence[Commit] = ()


class _Kind(IntEnum):
    NEW = 0
    OLDER = 1
    HELD = 2


@dataclass(frozen=True, slots=True)
class _Turn:
    """The next commit to draw from, and what for."""

    kind: _Kind
    commit: Commit


def _cost(sample: Sample) -> int:
    text = len(sample.before) + len(sample.staged) + len(sample.after) + len(sample.target)
    return round(text / BYTES_PER_TOKEN) + 16


def _order(past: TrainingCommits, seed: int) -> list[_Turn]:
    """All commits to draw from, in the one order: the newest of those to learn from first, those to replay and those
    held out spread evenly among them, so that wherever it ends something of each has been read."""
    held = Random(f"{seed} held").sample(past.held, min(MOST_HELD_COMMITS, len(past.held)))
    kinds = (_Kind.NEW, past.new[::-1]), (_Kind.OLDER, past.older[::-1]), (_Kind.HELD, held)
    placed = [
        ((place + 0.5) / len(commits), kind, _Turn(kind, commit))
        for kind, commits in kinds
        for place, commit in enumerate(commits)
    ]
    return [turn for _, _, turn in sorted(placed, key=lambda one: one[:2])]


def _read(
    turns: Sequence[_Turn], tokens: int, *, seed: int, goes_on: Callable[[int], bool]
) -> dict[_Kind, list[Found]]:
    """What is drawn from the first commits, until the new ones cost `tokens` or, asked with the number of commits
    that were read, `goes_on` says no; one of the new ones at the least."""
    found: dict[_Kind, list[Found]] = {kind: [] for kind in _Kind}
    spent = number = 0
    with closing(mapped(drawn, [Task(turn.commit, seed, MIXTURE) for turn in turns])) as results:
        for number, (turn, some) in enumerate(zip(turns, results, strict=True), 1):
            found[turn.kind].append(some)
            if turn.kind is _Kind.NEW:
                spent += sum(_cost(one) for group in some if isinstance(group, Group) for one in group.samples)
            if found[_Kind.NEW] and (spent >= tokens or not goes_on(number)):
                break
    return found


def _samples(found: Sequence[Found]) -> tuple[tuple[Sample, ...], tuple[Skipped, ...]]:
    """Of commits that were read newest first."""
    return newest_kept(found[::-1])


def _chosen(decided: Iterable[CommittedFile], rng: Random) -> Iterator[Sample]:
    """What people chose, to be left as it is."""
    for file in decided:
        source = parsed(file.path, file.text)
        if source is None:
            continue
        yield from (
            restoration(file.path, source, lines, rng=rng, context=MIXTURE.context, unbroken=1.0)
            for lines in file.added
        )


def draw_training_data(
    base: BaseModel,
    past: TrainingCommits,
    *,
    decided: Sequence[CommittedFile],
    seconds: float,
    seed: int,
    goes_on: Callable[[int], bool] = lambda read: True,
) -> TrainingData:
    """What to learn from the new commits in about `seconds` of training; older ones are replayed among them, and what
    people chose, `decided`, is among the first.

    `goes_on` is asked after each commit with how many were read by then. Whatever it says, the same number of them
    gives the same training data.
    """
    from codetune_git.model.tokenizers.loading import load_tokenizer
    from codetune_git.model.training.batching import encode_samples

    rng = Random(seed)
    tokens = round(seconds * TOKENS_PER_SECOND)
    groups = _read(_order(past, seed), tokens, seed=rng.getrandbits(64), goes_on=goes_on)
    new, skipped = _samples(groups[_Kind.NEW])
    replayed, examined = (_samples(groups[kind])[0] for kind in (_Kind.OLDER, _Kind.HELD))
    new = (*new, *_chosen(decided, rng))
    kept, left_out = plan(with_replay(new, replayed, rng=rng, share=REPLAY), tokens, tokens=_cost)
    unlearned = tuple(rng.sample(examined, min(MOST_UNLEARNED, len(examined))))
    examined = tuple(rng.sample(examined, min(MOST_HELD_OUT, len(examined))))
    tokenizer = load_tokenizer(base.folder)
    shuffled = tuple(rng.sample(kept, len(kept)))
    examples, too_long = encode_samples(shuffled, base.family, tokenizer, base.budget)
    held_out, _ = encode_samples(examined, base.family, tokenizer, base.budget)
    return TrainingData(
        examples,
        held_out,
        unlearned,
        skipped=skipped + left_out + too_long,
        over_budget=tuple(commit.oid for commit in past.new[::-1][len(groups[_Kind.NEW]) :]),
        commits_read=sum(map(len, groups.values())),
    )

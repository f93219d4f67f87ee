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
from codetune_git.suggesting.evaluation.cases import CommittedFile
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
    """Samples as tokens, the most informative first. `held_out` are for the evaluation during training.

    `unlearned` is code that was not trained on, to compare memorised code with. `over_budget` are commits, newest
    first, that the budget has no room for. Samples were drawn from `commits_read` commits.
    """

    examples: tuple[Example, ...]
    held_out: tuple[Example, ...]
    unlearned: tuple[Sample, ...]
    skipped: tuple[Skipped, ...]
    over_budget: tuple[str, ...]
    commits_read: int


@dataclass(frozen=True, slots=True)
class TrainingCommits:
    """Commits, each group oldest first: `new` ones to train on, `older` ones to replay, and those `held` out."""

    new: Sequence[Commit]
    older: Sequence[Commit] = ()
    held: Sequence[Commit] = ()


class _Kind(IntEnum):
    NEW = 0
    OLDER = 1
    HELD = 2


@dataclass(frozen=True, slots=True)
class _Turn:
    """The next commit to draw from, and its group."""

    kind: _Kind
    commit: Commit


def _cost(sample: Sample) -> int:
    text = len(sample.before) + len(sample.staged) + len(sample.after) + len(sample.target)
    return round(text / BYTES_PER_TOKEN) + 16


def _order(past: TrainingCommits, seed: int) -> list[_Turn]:
    """All commits in the order of drawing: the newest of the new ones first, those to replay and those held out spread
    evenly among them, so that some of each group are read wherever drawing ends.
    """
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
    """The samples of the first commits, one new commit at the least.

    Drawing ends where the new ones cost `tokens`, or `goes_on`, asked with the number of commits read, says no.
    """
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
    """The newest samples of commits that were read newest first, without duplicates."""
    return newest_kept(found[::-1])


def _chosen(decided: Iterable[CommittedFile], rng: Random) -> Iterator[Sample]:
    """The texts that people chose, as unbroken hunks."""
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
    """The training data for about `seconds` of training: new commits, older ones replayed among them, and what people
    `decided` first.

    `goes_on` is asked after each commit with the number of commits read. The same number of them gives the same
    training data.
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

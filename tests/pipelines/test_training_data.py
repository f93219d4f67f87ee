"""What a training draws its samples from: one order, which ends where the tokens or the time do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.flow_repository import build

from codetune_git.domain import Commit
from codetune_git.git.repository import Repository
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.training.config import TrainingReport
from codetune_git.pipelines.commits import mine_commits
from codetune_git.pipelines.sampling_extent import SamplingExtent
from codetune_git.pipelines.training_data import TrainingCommits, TrainingData, draw_training_data
from codetune_git.pipelines.training_outcome import TrainingOutcome
from codetune_git.store import Cursor

SECONDS = 1000.0  # of training: room for all that there is


@pytest.fixture(scope="module")
def commits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commit, ...]:
    repository = Repository.open(build(tmp_path_factory.mktemp("training_data") / "house", 14))
    tip = repository.head()
    assert tip is not None
    return mine_commits(repository, tip, Cursor()).commits


def drawn_from(commits: tuple[Commit, ...], most: int | None = None, seconds: float = SECONDS) -> TrainingData:
    past = TrainingCommits(commits[4:10], older=commits[:4], held=commits[10:])

    def goes_on(read: int) -> bool:
        return most is None or read < most

    return draw_training_data(open_base(EMBEDDED), past, decided=(), seconds=seconds, seed=3, goes_on=goes_on)


def test_all_is_read_where_there_is_room(commits: tuple[Commit, ...]) -> None:
    found = drawn_from(commits)
    assert (found.commits_read, found.over_budget) == (14, ())
    assert found.examples
    assert found.held_out
    assert found == drawn_from(commits)


def test_where_it_ends_something_of_each_kind_was_read_the_newest_first(commits: tuple[Commit, ...]) -> None:
    found = drawn_from(commits, most=7)
    assert found.commits_read == 7
    assert found.over_budget == tuple(commit.oid for commit in commits[6:3:-1])
    learned = {sample.sample.origin.split(":")[0] for sample in found.examples if sample.sample}
    assert learned & {commit.oid for commit in commits[7:10]}
    assert learned & {commit.oid for commit in commits[:4]}
    assert found.held_out
    assert found == drawn_from(commits, most=7)


def test_at_least_one_new_commit_is_read(commits: tuple[Commit, ...]) -> None:
    assert drawn_from(commits, most=0).examples
    spare = drawn_from(commits, seconds=0.01)
    assert len(spare.over_budget) == 5


def test_what_the_budget_did_not_reach_does_not_count_as_learned(commits: tuple[Commit, ...]) -> None:
    found = drawn_from(commits)
    unread = tuple(range(2, len(found.examples)))
    report = TrainingReport(1, 50, unread, 1.0, 50.0, False, (), 1.0, 0.5, "planned end", "fp32")
    said = TrainingOutcome.of(report, found)
    assert sum(said.kinds.values()) == 2
    assert [one.reason for one in said.skipped].count("beyond the budget") == len(unread)


def test_how_far_it_got_is_kept_for_the_same_training(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint" / "training.safetensors"
    extent = SamplingExtent(checkpoint, "tip parent 300")
    now = time.monotonic()
    assert extent.saved() is None
    assert extent.limit(now + 1000)(99)
    assert not extent.limit(now - 1)(0)
    extent.save(5)
    again = SamplingExtent(checkpoint, "tip parent 300").limit(now - 1)
    assert [again(read) for read in (4, 5)] == [True, False]
    assert SamplingExtent(checkpoint, "tip parent 60").saved() is None
    (checkpoint.parent / "drawn.json").write_text("[")
    assert extent.saved() is None

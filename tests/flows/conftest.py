"""One tiny base and two trainings for all journeys: each test gets a copy of what was learned.

The first training runs without any network (cut off by the system where that is allowed): nothing may ever be fetched.
Before the second one, trainings are killed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from support.flow_command import codetune, state_of, without_network, without_sockets
from support.flow_repository import COMMITS, FURTHER, build, copied, grow, plant
from support.flow_training import Trained, arguments, killed
from support.real_git import git
from support.tiny_checkpoint import write_checkpoint


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model."""
    return write_checkpoint(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="session")
def train(checkpoint: Path) -> tuple[str, ...]:
    """The arguments of a training."""
    return arguments(checkpoint)


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory, train: tuple[str, ...]) -> Trained:
    """A house of 60 commits, trained once."""
    folder = build(tmp_path_factory.mktemp("flow") / "house", COMMITS)
    before = state_of(folder)
    guard = without_sockets(tmp_path_factory.mktemp("guard"))
    done = codetune(folder, *train, under=without_network(), **guard)
    assert done.code == 0, done.err
    return Trained(folder, done, state_of(folder) == before)


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory, first: Trained, train: tuple[str, ...]) -> Trained:
    """The house after 20 further commits, some trainings that were killed and one that was not."""
    folder = copied(first.folder, tmp_path_factory.mktemp("second") / "house")
    grow(folder, COMMITS, COMMITS + FURTHER)
    before, notes = state_of(folder), tmp_path_factory.mktemp("killed")
    stages = ("Counting conventions", "Prequential evaluation", "Training")
    runs = tuple(killed(folder, train, notes=notes, stage=stage) for stage in stages)
    done = codetune(folder, *train)
    assert done.code == 0, done.err
    return Trained(folder, done, state_of(folder) == before, runs)


@pytest.fixture(scope="session")
def counted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of 60 commits that was counted, and not trained."""
    folder = build(tmp_path_factory.mktemp("counted") / "house", COMMITS)
    plant(folder)
    assert codetune(folder, "suggest", "--check").code == 1
    git(folder, "reset", "-q", "--hard")
    return folder


@pytest.fixture
def counted(counted_once: Path, tmp_path: Path) -> Path:
    """A counted repository, for this test alone."""
    return copied(counted_once, tmp_path / "house")


@pytest.fixture
def house(first: Trained, tmp_path: Path) -> Path:
    """A trained repository, for this test alone."""
    return copied(first.folder, tmp_path / "house")


@pytest.fixture
def longer(house: Path) -> Path:
    """A trained repository with 20 commits that were not learned yet."""
    grow(house, COMMITS, COMMITS + FURTHER)
    return house

"""One tiny base and one training for all journeys: each test gets a copy of what was learned.

The training runs without any network where the machine can cut it off: nothing may ever be fetched.
"""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from support.flow_command import Outcome, codetune, learned_in, running, without_network
from support.flow_repository import COMMITS, FURTHER, build, copied, grow
from support.tiny_checkpoint import write_checkpoint

# More than the training takes: what ends it is its plan, not the clock, on busy machines too.
BUDGET = "90s"


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model."""
    return write_checkpoint(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="session")
def first_training(tmp_path_factory: pytest.TempPathFactory, checkpoint: Path) -> tuple[Path, Outcome]:
    """The repository that was trained, and what the training said. Not to be changed: take `house`."""
    folder = build(tmp_path_factory.mktemp("flow") / "house", COMMITS)
    done = codetune(folder, "train", "--base", str(checkpoint), "--budget", BUDGET, under=without_network())
    assert done.code == 0, done.err
    return folder, done


@pytest.fixture
def house(first_training: tuple[Path, Outcome], tmp_path: Path) -> Path:
    """A trained repository of 60 commits, for this test alone."""
    return copied(first_training[0], tmp_path / "house")


@pytest.fixture
def longer(house: Path) -> Path:
    """A trained repository with 20 commits that were not learned yet."""
    grow(house, COMMITS, COMMITS + FURTHER)
    return house


@pytest.fixture
def train(checkpoint: Path) -> tuple[str, ...]:
    """The arguments of a training."""
    return ("train", "--base", str(checkpoint), "--budget", BUDGET)


@dataclass(frozen=True)
class Second:
    """`folder` after its second training; `killed`: of each run before it that was killed, whether it changed nothing,
    what it left running, and what it had said."""

    folder: Path
    killed: list[tuple[bool, list[int], str]]


def _kill(folder: Path, arguments: tuple[str, ...], notes: Path, stage: str) -> tuple[bool, list[int], str]:
    learned = learned_in(folder)
    with running(folder, *arguments, notes=notes) as run:
        run.wait_for(stage)
        time.sleep(Random(stage).uniform(0.0, 2.0))
        run.signal(signal.SIGKILL)
        done = run.ended()
        after = {path: digest for path, digest in learned_in(folder).items() if not path.startswith("adapters/.")}
        return after == learned, run.left_running(), done.err


@pytest.fixture(scope="session")
def _second(tmp_path_factory: pytest.TempPathFactory, first_training: tuple[Path, Outcome], checkpoint: Path) -> Second:
    folder = copied(first_training[0], tmp_path_factory.mktemp("second") / "house")
    grow(folder, COMMITS, COMMITS + FURTHER)
    arguments = ("train", "--base", str(checkpoint), "--budget", BUDGET)
    killed = [
        _kill(folder, arguments, tmp_path_factory.mktemp("killed"), stage)
        for stage in ("Counting conventions", "Exam before lesson", "Training")
    ]
    done = codetune(folder, *arguments)
    assert done.code == 0, done.err
    assert not list((folder / ".git" / "codetune" / "adapters").glob(".*"))
    return Second(folder, killed)


@pytest.fixture(scope="session")
def second_training(_second: Second) -> Path:
    """A repository trained twice, with runs killed in between. Not to be changed."""
    return _second.folder


@pytest.fixture(scope="session")
def second_training_killed(_second: Second) -> list[tuple[bool, list[int], str]]:
    return _second.killed

"""One tiny checkpoint for all tests of this room: building it takes longer than most tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.examples import examples_of
from support.tiny_checkpoint import write_checkpoint

from codetune_git.model.base.base_model import BaseModel, open_base
from codetune_git.model.training.batching import Example


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    torch.set_num_threads(1)  # so small a model gains nothing from more, and loses much on a busy machine
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint"))


@pytest.fixture(scope="session")
def base(checkpoint: Path) -> BaseModel:
    return open_base(checkpoint)


@pytest.fixture(scope="session")
def held_out(base: BaseModel) -> tuple[Example, ...]:
    return examples_of(base, 100, 116)

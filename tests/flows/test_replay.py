"""What a second training draws samples from again: nothing that the rules keep out of the first training."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from support.flow_command import codetune
from support.flow_repository import build, module
from support.flow_training import BUDGET, arguments
from support.real_git import commit, git

from codetune_git.commands.train import run
from codetune_git.pipelines import commits, training_data
from codetune_git.pipelines.configuration import resolve_configuration
from codetune_git.pipelines.training_data import TrainingCommits
from codetune_git.requests import TrainRequest


class _Stopped(Exception):
    """What is replayed is known: nothing has to be learned from it."""


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """A house with an ignored folder, a path that its attributes exclude, and a commit of many files."""
    folder = build(tmp_path / "house", 8)
    rules = {".codetuneignore": "brought/\n", ".gitattributes": "excluded.py -codetune\n"}
    pieces = {path: module(Random(path), 1) for path in ("brought/in.py", "excluded.py", "kept.py")}
    commit(folder, {**rules, **pieces})
    bulk = {f"bulk/{number}.py": f"first = {number}\n" for number in range(commits.BULK + 1)}
    commit(folder, bulk, "Move everything")
    return folder


def test_nothing_that_is_refused_is_replayed(grown: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = codetune(grown, *arguments(checkpoint))
    assert done.code == 0, done.err
    learned = git(grown, "rev-parse", "HEAD").decode().strip()
    commit(grown, {"later.py": module(Random("later"), 2)})
    pasts: list[TrainingCommits] = []

    def remembered(base: object, past: TrainingCommits, **given: object) -> None:
        pasts.append(past)
        raise _Stopped

    monkeypatch.setattr(training_data, "draw_training_data", remembered)
    options = resolve_configuration(grown, {"base": str(checkpoint), "budget": BUDGET}).options
    with pytest.raises(_Stopped):
        run(TrainRequest(grown, options))
    (past,) = pasts
    assert [change.path for one in past.new for change in one.changes] == ["later.py"]
    replayed = {change.path for one in past.older for change in one.changes}
    assert "kept.py" in replayed
    assert any(path.startswith("desk/") for path in replayed)
    assert learned not in {one.oid for one in past.older}
    assert not [path for path in replayed if path.startswith(("brought/", "bulk/")) or path == "excluded.py"]

"""A training by two processes, as a launcher starts them: the first does all, the other is_worker its device."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from safetensors.numpy import load_file
from support.flow_command import ACCELERATE, PATIENCE, TORCH, Outcome, codetune, learned_in, running, state_of
from support.flow_repository import build, copied, grow

from codetune_git.store import Store

COMMITS, FURTHER = 20, 12


def _launched(folder: Path, *arguments: str, notes: Path, launcher: Sequence[str] = TORCH) -> Outcome:
    with running(folder, *arguments, notes=notes, command=launcher) as run:
        done = run.ended()
        assert run.left_running() == []
    return done


def _said_once(done: Outcome) -> str:
    """The one line in which the first process said an error; the launcher says more, after it."""
    lines = re.findall("^codetune: (.*)$", done.err, re.MULTILINE)
    assert len(lines) == 1, done.err
    return lines[0]


def _adapter(folder: Path) -> tuple[dict[str, float], Path]:
    """What the active adapter's manifest says of it, and its weights."""
    home = folder / ".git" / "codetune"
    found = home / "adapters" / (home / "active").read_text().strip()
    return json.loads((found / "manifest.json").read_text())["metrics"], found / "adapter" / "adapter_model.safetensors"


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("launched") / "house", COMMITS)


@pytest.fixture
def house(untrained: Path, tmp_path: Path) -> Path:
    """A repository that was never trained, for this test alone."""
    return copied(untrained, tmp_path / "house")


def test_two_processes_publish_what_one_does(house: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    alone = copied(house, tmp_path / "alone")
    exact = (*train, "--precision", "fp32")  # the faster of two may be another with two processes
    before = state_of(house)
    one, two = codetune(alone, *exact), _launched(house, *exact, notes=tmp_path)
    assert (one.code, two.code) == (0, 0), two.err
    assert two.remarks == []
    assert "; 2 devices together." in two.out
    assert "devices" not in one.out
    for said in ("reached the planned end", "Active adapter: "):
        assert (one.out.count(said), two.out.count(said)) == (1, 1)
    assert len(list((house / ".git" / "codetune" / "adapters").iterdir())) == 1
    (metrics, weights), (together, shared) = _adapter(alone), _adapter(house)
    assert together == pytest.approx(metrics, abs=2e-4)
    left, right = load_file(weights), load_file(shared)
    assert max(float(abs(left[name] - right[name]).max()) for name in left) < 1e-4
    assert max(float(abs(left[name]).max()) for name in left if "lora_B" in name) > 1e-4
    assert state_of(house) == before

    nothing = _launched(house, *exact, notes=tmp_path)
    assert (nothing.code, nothing.out, nothing.err) == (0, "Nothing new: this commit was learned already.\n", "")

    grow(house, COMMITS, COMMITS + FURTHER)
    further = _launched(house, *exact, notes=tmp_path, launcher=ACCELERATE)
    assert further.code == 0, further.err
    assert "; 2 devices together." in further.out
    assert further.out.count("Active adapter: ") == 1
    assert len(list((house / ".git" / "codetune" / "adapters").iterdir())) == 2


@pytest.mark.parametrize(
    ("ended", "whom"), [(signal.SIGINT, "launcher"), (signal.SIGKILL, "first"), (signal.SIGKILL, "other")]
)
def test_whoever_is_stopped_ends_all_and_nothing_is_lost(
    house: Path, tmp_path: Path, train: tuple[str, ...], *, ended: signal.Signals, whom: str
) -> None:
    before, kept = state_of(house), Store(house / ".git" / "codetune").checkpoint
    with running(house, *train, notes=tmp_path, command=TORCH) as run:
        run.wait_for("Training")
        processes = {"first": run.launched(0), "other": run.launched(1)}
        until = time.monotonic() + PATIENCE
        while not kept.exists():
            assert run.process.poll() is None, run.said()
            assert time.monotonic() < until
            time.sleep(0.001)
        if whom == "launcher":
            run.signal(ended, group=True)  # the launcher passes it on to its processes, which have groups of their own
        else:
            os.kill(*processes[whom], ended)
        stopped = run.ended()
        assert run.left_running() == []
    assert stopped.code != 0
    assert stopped.out == ""
    assert learned_in(house) == {}
    if whom == "launcher":
        said = "interrupted at step [0-9]+ of [0-9]+: the next training goes on from there"
        assert re.fullmatch(said, _said_once(stopped)), stopped.err
        done = _launched(house, *train, notes=tmp_path)
        assert done.code == 0, done.err
        assert done.err.count("Going on from step ") == 1
        assert done.out.count("Active adapter: ") == 1
    assert kept.exists() == (whom != "launcher")
    assert state_of(house) == before


def test_ctrl_c_before_the_first_step(house: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    with running(house, *train, notes=tmp_path, command=TORCH) as run:
        run.wait_for("Counting conventions")
        run.signal(signal.SIGINT, group=True)
        done = run.ended()
        assert run.left_running() == []
    assert done.out == ""
    assert _said_once(done) == "interrupted"
    assert learned_in(house) == {}


def test_an_error_is_said_once_and_ends_all(house: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    with Store(house / ".git" / "codetune").lock("train"):
        locked = _launched(house, *train, notes=tmp_path)
    assert f"process {os.getpid()} " in _said_once(locked)
    assert re.search(r"rank +: 0 .*\n.*exitcode +: 4 ", locked.err), locked.err
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    assert "repository" in _said_once(_launched(nowhere, *train, notes=tmp_path))
    assert "the launcher itself" in _said_once(_launched(house, "train", "--background", notes=tmp_path))


@pytest.mark.parametrize(
    "variables", [{"RANK": "0", "WORLD_SIZE": "4", "MASTER_ADDR": "localhost"}, {"OMPI_COMM_WORLD_SIZE": "4"}]
)
def test_what_a_cluster_says_to_all_is_no_launcher(
    house: Path, train: tuple[str, ...], variables: dict[str, str]
) -> None:
    done = codetune(house, *train, LOCAL_RANK="0", **variables)
    assert done.code == 0, done.err
    assert "Active adapter: " in done.out
    assert "devices" not in done.out


@pytest.mark.parametrize("wish", ["--dry-run", "--estimate"])
def test_what_trains_nothing_is_said_once(house: Path, tmp_path: Path, wish: str) -> None:
    said = [_launched(house, "train", wish, notes=tmp_path), codetune(house, "train", wish)]
    assert [(done.code, done.err) for done in said] == [(0, ""), (0, "")]
    launched, alone = (re.sub(r"[\d.]+ GB free| *\d+ s\b", "", done.out) for done in said)
    assert launched == alone != ""

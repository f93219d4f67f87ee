"""Stopped at any point, by anybody: what was active stays active, nothing is left running, the next run works."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.flow_command import (
    PATIENCE,
    SCRIPT,
    Outcome,
    codetune,
    command_environment,
    learned_in,
    running,
    state_of,
)
from support.flow_repository import COMMITS, build, grow
from support.flow_training import Trained

# Seconds after a stage was said: at once, and when its work is under way (training first loads packages for seconds).
MOMENTS = (
    ("Reading commits", 0.0),
    ("Counting conventions", 0.0),
    ("Counting before the evaluation", 0.0),
    ("Prequential evaluation", 0.0),
    ("Prequential evaluation", 0.7),
    ("Drawing samples", 0.0),
    ("Drawing samples", 0.7),
    ("Training", 0.0),
    ("Training", 5.0),
)


def _leftovers(folder: Path) -> list[str]:
    return [path.name for path in (folder / ".git" / "codetune" / "adapters").glob(".*")]


def _interrupted(folder: Path, arguments: tuple[str, ...], notes: Path, *, stage: str, delay: float) -> Outcome:
    """Ctrl-C, as a terminal sends it, `delay` seconds after `stage` was printed."""
    with running(folder, *arguments, notes=notes) as run:
        run.wait_for(stage)
        time.sleep(delay)
        run.signal(signal.SIGINT, group=True)
        done = run.ended()
        assert run.left_running() == []
    assert "Traceback" not in done.err, done.err
    return done


@pytest.mark.parametrize(("stage", "delay"), MOMENTS)
def test_ctrl_c_changes_nothing(
    longer: Path, tmp_path: Path, train: tuple[str, ...], *, stage: str, delay: float
) -> None:
    before, learned = state_of(longer), learned_in(longer)
    done = _interrupted(longer, train, tmp_path, stage=stage, delay=delay)
    assert (done.code, done.out) == (130, "")
    assert done.complaint.startswith("interrupted")
    assert state_of(longer) == before
    assert learned_in(longer) == learned
    assert _leftovers(longer) == []
    assert "evaluated" not in codetune(longer, "status").out


@pytest.mark.parametrize("stage", ["Compiling for the light runtime", "Evaluating on held-out commits"])
def test_ctrl_c_in_a_first_training(tmp_path: Path, train: tuple[str, ...], stage: str) -> None:
    folder = build(tmp_path / "house", 12)
    before = state_of(folder)
    done = _interrupted(folder, train, tmp_path, stage=stage, delay=0.0)
    assert (done.code, done.out) == (130, "")
    assert done.complaint == "interrupted"
    assert state_of(folder) == before
    assert learned_in(folder) == {}
    assert _leftovers(folder) == []


def test_ctrl_c_through_git_itself(longer: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    """`git codetune` is two processes in one group: git passes on the signal that both have got."""
    learned = learned_in(longer)
    err = tmp_path / "err"
    with err.open("wb") as stderr:
        process = subprocess.Popen(
            ["git", "codetune", *train],
            cwd=longer,
            env=command_environment(),
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
    try:
        while "Prequential evaluation" not in err.read_text():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) in (130, -signal.SIGINT)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    time.sleep(0.5)
    assert "Traceback" not in err.read_text()
    assert learned_in(longer) == learned


def test_of_two_trainings_the_second_names_the_first(longer: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    with running(longer, *train, notes=tmp_path) as first:
        first.wait_for("Counting conventions")
        first.signal(signal.SIGSTOP)
        before = learned_in(longer)
        second = codetune(longer, *train)
        assert (second.code, second.out) == (4, "")
        assert f"process {first.process.pid} " in second.complaint
        assert "`train`" in second.complaint
        # Reading goes on beside it.
        assert codetune(longer, "suggest").code == 0
        assert codetune(longer, "status").code == 0
        assert learned_in(longer) == before


def test_killed_trainings_leave_the_old_adapter(second: Trained) -> None:
    """And the one after them published its own."""
    assert len(second.killed) == 3
    for run in second.killed:
        assert run.unchanged, run.said
        assert run.left == [], run.said
    assert _leftovers(second.folder) == []


def _checkpoint(folder: Path) -> Path:
    return folder / ".git" / "codetune" / "checkpoint" / "training.safetensors"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_training_goes_on(
    longer: Path, tmp_path: Path, train: tuple[str, ...], number: signal.Signals
) -> None:
    before, learned, kept = state_of(longer), learned_in(longer), _checkpoint(longer)
    with running(longer, *train, notes=tmp_path) as run:
        until = time.monotonic() + PATIENCE
        while not kept.exists():
            assert run.process.poll() is None, run.said()
            assert time.monotonic() < until
            time.sleep(0.001)
        run.signal(number, group=True)
        if number == signal.SIGINT:
            run.signal(number)  # git passes on what the process has got already
        stopped = run.ended()
        assert run.left_running() == []
    if number == signal.SIGINT:
        assert (stopped.code, stopped.out) == (130, "")
        said = "^codetune: interrupted at step [0-9]+ of [0-9]+: the next training goes on from there$"
        assert re.search(said, stopped.err, re.MULTILINE), stopped.err
        assert "Traceback" not in stopped.err
    assert kept.exists()
    assert learned_in(longer) == learned
    done = codetune(longer, *train)
    assert done.code == 0, done.err
    assert re.search(r"^Going on from step \d+ of \d+, where a training was stopped\.$", done.err, re.MULTILINE)
    assert "Active adapter: " in done.out
    assert learned_in(longer) != learned
    assert not kept.parent.exists()
    assert _leftovers(longer) == []
    assert state_of(longer) == before


def test_a_worker_that_is_killed_ends_the_run(tmp_path: Path, train: tuple[str, ...]) -> None:
    """As the system does when memory runs out."""
    folder = build(tmp_path / "house", COMMITS)
    with running(folder, *train, notes=tmp_path) as run:
        run.wait_for("Counting conventions")
        until = time.monotonic() + 30
        while not (workers := run.workers()) and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(workers[0], signal.SIGKILL)
        done = run.ended()
        assert run.left_running() == []
    assert (done.code, done.out) == (4, "")
    assert "worker" in done.complaint
    assert learned_in(folder) == {}


_FILLED = """
import os, shutil, signal, subprocess, sys, time
from pathlib import Path
home, saved, out, moment, *command = sys.argv[1:]
shutil.copytree(saved, home, dirs_exist_ok=True)
process = subprocess.Popen(command)
while process.poll() is None and not list(Path(home, "adapters").glob(f".staging-*/{moment}")):
    time.sleep(0.001)
process.send_signal(signal.SIGSTOP)
filler = open(Path(home, "filler"), "wb", buffering=0)
try:
    while filler.write(bytes(4096)):
        pass
except OSError:
    filler.close()
process.send_signal(signal.SIGCONT)
code = process.wait()
os.remove(Path(home, "filler"))
shutil.copytree(home, out)
sys.exit(code)
"""


def _on_small_disk(folder: Path, moment: str, train: tuple[str, ...], out: Path) -> Outcome:
    """A training whose codetune folder is a disk that is full once `moment` appears in the folder being written.

    What lies on the disk afterwards goes to `out`.
    """
    home, saved = folder / ".git" / "codetune", out.with_name("saved")
    shutil.copytree(home, saved)
    command = [sys.executable, "-c", _FILLED, str(home), str(saved), str(out), moment, str(SCRIPT), *train]
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"', str(home), *command],
        cwd=folder,
        capture_output=True,
        text=True,
        env=command_environment(),
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_mount(), reason="needs user namespaces to mount")
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(
            "adapter", marks=pytest.mark.xfail(strict=False, reason="safetensors may hide the error of the system")
        ),
        "light/light.json",
    ],
)
def test_a_full_disk_leaves_the_old_adapter(house: Path, tmp_path: Path, train: tuple[str, ...], moment: str) -> None:
    """Full before the adapter's weights are written, and full when only the last files are missing."""
    grow(house, COMMITS, COMMITS + 8)
    learned = learned_in(house)
    done = _on_small_disk(house, moment, train, tmp_path / "out")
    assert done.code == 4, done.err
    assert "No space left on device" in done.complaint
    after = tmp_path / "after"
    (after / ".git").mkdir(parents=True)
    (tmp_path / "out").rename(after / ".git" / "codetune")
    assert learned_in(after) == learned

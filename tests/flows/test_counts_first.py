"""Before any training: the first look counts, speaks, and says by what it judges; the same on a busy machine."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from support.flow_command import codetune, state_of
from support.flow_repository import COMMITS, MENDED_LINE, SLIP_LINE, build, copied, grow, plant
from support.real_git import git

from codetune_git.git.repository import Repository
from codetune_git.pipelines.counts_profile import calibration_of, counts_evaluation
from codetune_git.pipelines.profile_cache import anchor_of
from codetune_git.pipelines.style_counts import readings_at
from codetune_git.store import Store

HEAVY = {"torch", "transformers", "peft", "ctranslate2", "tiktoken", "tokenizers", "safetensors"}
BUSY = "while True: pass"


def test_the_first_look_counts_and_speaks(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    path = plant(folder)
    before = state_of(folder)
    done = codetune(folder, "suggest", "--check")
    assert done.code == 1
    assert "Counting how this repository writes" in done.err
    assert done.out.startswith(f"{path}:")
    assert f"- {SLIP_LINE}" in done.out
    assert f"+ {MENDED_LINE}" in done.out
    assert done.out.endswith("1 suggestion in 1 file; by counts; `git codetune train` adds the model\n")
    assert state_of(folder) == before
    again = codetune(folder, "hook")
    assert (again.code, again.err) == (0, "")
    assert SLIP_LINE in again.out
    document = codetune(folder, "suggest", "--format", "json").document
    assert (document["adapter"], document["base"]) == ("counts", "")
    assert "suggests " in codetune(folder, "status").out


def test_it_needs_neither_a_model_nor_a_runtime(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    plant(folder)
    code = f"""
import sys
for name in {sorted(HEAVY)!r}:
    sys.modules[name] = None
from codetune_git.cli import main
sys.argv = ["git-codetune", "suggest", "--check"]
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert SLIP_LINE in done.stdout


def test_commits_between_share_a_calibration_and_have_counts_of_their_own(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    repository = Repository.open(folder)
    anchors = set()
    for number in range(COMMITS, COMMITS + 6):
        grow(folder, number, number + 1)
        head = repository.head()
        assert head is not None
        anchors.add(anchor_of(repository, head))
    assert len(anchors) == 2
    plant(folder)
    assert SLIP_LINE in codetune(folder, "suggest").out


def _calibration(folder: Path) -> str:
    """What a look in a fresh process works out and keeps."""
    plant(folder)
    assert codetune(folder, "suggest").code == 0
    key = "SELECT payload FROM verdicts WHERE key LIKE 'counted%'"
    import sqlite3

    (payload,) = sqlite3.connect(folder / ".git" / "codetune" / "codetune.sqlite").execute(key).fetchone()
    return json.dumps(json.loads(payload))


def test_a_busy_machine_calibrates_as_an_idle_one(tmp_path: Path) -> None:
    idle = build(tmp_path / "idle", COMMITS)
    busy = copied(idle, tmp_path / "busy")
    alone = _calibration(idle)
    with ExitStack() as stack:
        for _ in range(4):
            stack.callback(subprocess.Popen([sys.executable, "-c", BUSY]).kill)
        beside = _calibration(busy)
    assert beside == alone


def test_too_few_hunks_are_silence(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", 3)
    plant(folder)
    done = codetune(folder, "suggest", "--check")
    assert (done.code, done.out) == (0, "")
    assert "silent: rests on" in codetune(folder, "status").out


def test_the_counts_of_a_commit_are_judged_alike_however_they_came(tmp_path: Path) -> None:
    """Read anew, and from the cache."""
    folder = build(tmp_path / "house", 30)
    repository = Repository.open(folder)
    store, tip = Store(repository.codetune_dir), git(folder, "rev-parse", "HEAD").decode().strip()
    found = [
        calibration_of(counts_evaluation(repository, readings_at(repository, store, tip, lambda *_: None), tip), 0.01)
        for _ in range(2)
    ]
    assert found[0] == found[1]


def test_a_second_fix_says_that_nothing_is_new(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    plant(folder)
    assert "wrote 1 of 1 suggestions to the work tree" in codetune(folder, "suggest", "--fix").err
    before = state_of(folder)
    again = codetune(folder, "suggest", "--fix")
    assert "wrote 0 of 1 suggestions to the work tree; 1 is there already" in again.err
    assert state_of(folder) == before

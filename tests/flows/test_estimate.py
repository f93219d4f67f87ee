"""What a training would take is said before anything is loaded, and nothing is changed by asking."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support.flow_command import codetune, state_of
from support.real_git import commit, git

ENGINES = ("torch", "transformers", "peft", "bitsandbytes", "ctranslate2")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a.py": "x = 1\n"})
    commit(tmp_path, {"a.py": "x = 2\n"})
    return tmp_path


def test_memory_and_time_are_said(repository: Path) -> None:
    before = state_of(repository, without=())
    done = codetune(repository, "train", "--estimate", "--budget", "100s")
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^Base: .*, 12\.6 million weights$", done.out, re.MULTILINE)
    assert re.search(r"^Plan: weights in \w+, \d+ tokens at once", done.out, re.MULTILINE)
    total = re.search(r"^Memory: (\d+\.\d\d) GB of \d+\.\d\d GB free on ", done.out, re.MULTILINE)
    assert total is not None
    parts = re.findall(r"^ +(\d+) MB \w+$", done.out, re.MULTILINE)
    assert sum(map(int, parts)) / 1000 == pytest.approx(float(total[1]), abs=0.02)
    assert "New: 2 commits, of which 2 can be learned from\n" in done.out
    forecast = re.search(r"^Time: about (\d+) s of 100 s", done.out, re.MULTILINE)
    stages = re.findall(r"^ +(\d+) s \w+$", done.out, re.MULTILINE)
    assert forecast is not None
    assert sum(map(int, stages)) == pytest.approx(int(forecast[1]), abs=3)
    assert int(forecast[1]) < 100  # two commits of a line each
    assert state_of(repository, without=()) == before


def test_what_is_asked_for_is_estimated(repository: Path) -> None:
    done = codetune(repository, "train", "--estimate", "--precision", "bf16")
    assert (done.code, done.err) == (0, "")
    assert "\nPlan: weights in bf16, " in done.out
    git(repository, "config", "codetune.precision", "nf4")
    assert "\nPlan: weights in nf4, " in codetune(repository, "train", "--estimate").out
    assert codetune(repository, "train", "--estimate", "--precision", "int3").code == 2


@pytest.mark.skipif(bool(shutil.which("nvidia-smi") or shutil.which("rocm-smi")), reason="the GPU is asked by torch")
def test_no_engine_is_loaded(repository: Path) -> None:
    done = codetune(repository, "train", "--estimate", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.err.splitlines() if "|" in line}
    assert "psutil" in imported
    assert imported.isdisjoint(ENGINES)


def test_a_repository_may_not_choose_the_precision(repository: Path) -> None:
    commit(repository, {".codetune.toml": 'precision = "nf4"\n'})
    done = codetune(repository, "train", "--estimate")
    assert done.code == 2
    assert "'precision' may not be set by a file of the repository" in done.complaint

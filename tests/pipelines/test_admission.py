"""A repository without a file that is read gets one answer, whoever is asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import codetune
from support.real_git import commit, git

from codetune_git.pipelines.admission import UNSUPPORTED


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"main.rs": "fn main() {}\n"})
    return tmp_path


def test_train_status_and_doctor_say_the_same(foreign: Path) -> None:
    trained = codetune(foreign, "train")
    assert (trained.code, trained.out, trained.err) == (0, f"Nothing done: {UNSUPPORTED}.\n", "")
    assert f"to learn  {UNSUPPORTED}\n" in codetune(foreign, "status").out
    lines = {line[4:14].strip(): line for line in codetune(foreign, "doctor").out.splitlines()}
    assert lines["adapter"] == f"ok  adapter    {UNSUPPORTED}"
    assert not (foreign / ".git" / "codetune" / "adapters").exists()


def test_one_file_is_enough(foreign: Path) -> None:
    commit(foreign, {"setup.py": "x = 1\n"})
    assert UNSUPPORTED not in codetune(foreign, "status").out

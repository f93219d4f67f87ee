"""A partial clone whose remote is gone: every verb works on what is here, and says what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.flow_command import codetune, state_of
from support.flow_repository import COMMITS, SLIP_LINE, build, grow, plant
from support.real_git import git

LACKING = 29  # commits of the house that wrote a file which a later one wrote again, and those later ones


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the newest commit holds was fetched, and of what was before only what has not changed since."""
    whole = build(tmp_path / "whole", COMMITS)
    git(whole, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--filter=blob:none", whole.as_uri(), "clone")
    whole.rename(tmp_path / "gone")
    return tmp_path / "clone"


def test_suggestions_rest_on_what_is_here(clone: Path) -> None:
    plant(clone)
    before = state_of(clone)
    done = codetune(clone, "suggest", "--check")
    assert done.code == 1, done.err
    assert SLIP_LINE in done.out
    assert done.remarks == [f"Left out: {LACKING} commits of which not all was fetched into this partial clone"]
    hook = codetune(clone, "hook")
    assert (hook.code, hook.err) == (0, "")
    assert SLIP_LINE in hook.out
    assert "by counts: suggests" in codetune(clone, "status").out
    assert "partial: contents that were not fetched are left out" in codetune(clone, "doctor").out
    assert state_of(clone) == before


def test_files_that_are_not_here_are_counted_as_left_out(clone: Path, tmp_path: Path) -> None:
    """As in a sparse checkout."""
    (tmp_path / "gone").rename(tmp_path / "whole")
    git(tmp_path, "clone", "-q", "--filter=blob:none", "--sparse", (tmp_path / "whole").as_uri(), "sparse")
    (tmp_path / "whole").rename(tmp_path / "gone")
    sparse = tmp_path / "sparse"
    (sparse / "new.py").write_text("x = 1\n")
    git(sparse, "add", "new.py")
    done = codetune(sparse, "suggest", "--check")
    assert (done.code, done.out) == (0, "")
    assert done.remarks[0].startswith(f"Left out: {COMMITS} files and {COMMITS} commits of which not all")
    assert codetune(sparse, "status").code == 0


def test_a_training_reads_the_commits_of_which_all_is_here(clone: Path, train: tuple[str, ...]) -> None:
    grow(clone, COMMITS, COMMITS + 6)
    done = codetune(clone, *train, "--dry-run")
    assert done.code == 0, done.err
    read = COMMITS + 6 - LACKING
    assert done.out.splitlines() == [
        f"Would read {read} commits, learn from 26 of them and hold 11 out.",
        f"Would leave out: {LACKING} × not all that it changed was fetched into this partial clone",
    ]
    estimate = codetune(clone, "train", "--estimate")
    assert f"New: {read} commits, of which {read} can be learned from" in estimate.out

"""The hook as git and pre-commit call it: it speaks, it never writes, and it is in nobody's way."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.flow_command import codetune, command_environment, state_of
from support.flow_repository import MENDED_LINE, SLIP_LINE, build, plant
from support.real_git import git

from codetune_git.commands.hook_install import LINES, script

TOP = Path(__file__).parents[2]


def test_it_says_what_suggest_says_and_how_to_go_on(house: Path) -> None:
    path = plant(house)
    before = state_of(house)
    done = codetune(house, "hook")
    assert (done.code, done.err) == (0, "")
    assert done.out == codetune(house, "suggest").out + "To take them or turn them down: git codetune review\n"
    assert codetune(house, "hook", "--check", path).code == 1
    assert codetune(house, "hook", "--check", "other.py").out == ""
    assert state_of(house) == before


def test_a_second_run_loads_nothing_heavy_and_says_the_same(house: Path) -> None:
    plant(house)
    first = codetune(house, "hook")
    loaded = "import sys; from codetune_git.cli import main; sys.argv = ['git-codetune', 'hook']\n" + (
        "try: main()\nfinally: print(*sorted({'numpy', 'ctranslate2', 'tokenizers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=house, env=command_environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == first.out + "\n"
    assert MENDED_LINE in first.out


def test_what_decides_is_a_part_of_what_is_kept(house: Path) -> None:
    """Another threshold, another text, another commit: judged anew."""
    path = plant(house)
    assert codetune(house, "hook", CODETUNE_THRESHOLD="1").out == ""
    assert MENDED_LINE in codetune(house, "hook").out
    (house / path).write_text((house / path).read_text().replace(SLIP_LINE, MENDED_LINE))
    git(house, "add", path)
    assert codetune(house, "hook").out == ""


def test_a_range_as_pre_commit_names_it(house: Path) -> None:
    plant(house)
    git(house, "commit", "-q", "-m", "A slip")
    assert codetune(house, "hook").out == ""
    done = codetune(house, "hook", "--check", PRE_COMMIT_FROM_REF="HEAD~1", PRE_COMMIT_TO_REF="HEAD")
    assert done.code == 1
    assert MENDED_LINE in done.out
    assert "review" not in done.out
    assert codetune(house, "hook", "--check", "--from-ref", "HEAD", "--to-ref", "HEAD").code == 0


def test_what_keeps_it_from_looking_is_no_failure_unless_required(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", 2)
    plant(folder)
    (folder / ".git" / "codetune" / "adapters" / "240101-000000").mkdir(parents=True)
    (folder / ".git" / "codetune" / "active").write_text("240101-000000\n")
    done = codetune(folder, "hook", "--check")
    assert (done.code, done.out) == (5, "")
    outside = codetune(tmp_path, "hook")
    assert outside.code == 4


@pytest.mark.parametrize("base", ["0" * 40, "0" * 64, "a" * 40, "origin/main"])
def test_a_base_that_is_not_there_is_one_line_unless_required(house: Path, base: str) -> None:
    """A branch that is pushed for the first time, or a shallow checkout."""
    for variables in ({}, {"PRE_COMMIT_FROM_REF": base}):
        arguments = () if variables else ("--from-ref", base)
        done = codetune(house, "hook", "--check", *arguments, **variables)
        assert (done.code, done.out) == (0, "")
        assert done.err.count("\n") == 1
        assert base in done.err
    assert codetune(house, "hook", "--required", "--from-ref", base).code == 2
    assert codetune(house, "hook", "--from-ref", "HEAD", "--to-ref", "0" * 40).code == 0


def test_a_file_may_be_named_through_a_link(house: Path, tmp_path: Path) -> None:
    path = plant(house)
    (tmp_path / "link").symlink_to(house)
    for name in (str(house / path), str(tmp_path / "link" / path), f"./{path}"):
        assert codetune(house, "hook", "--check", name).code == 1, name
    assert codetune(house, "hook", "--check", str(tmp_path / path)).code == 0


def test_when_the_time_is_up_it_says_what_it_has_not_seen(house: Path) -> None:
    path = plant(house)
    git(house, "config", "codetune.hookBudget", "0.0001s")
    done = codetune(house, "hook", "--check")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"0.0001 s are up, not looked at: {path} (1 of 1 files)\n"
    assert codetune(house, "hook", "--required").code == 75


@pytest.mark.parametrize("how", ["merge", "rebase"])
def test_it_is_silent_while_git_replays(house: Path, how: str) -> None:
    plant(house)
    assert codetune(house, "hook").out != ""
    name = {"merge": "MERGE_HEAD", "rebase": "rebase-merge"}[how]
    place = house / ".git" / name
    if how == "merge":
        place.write_bytes(git(house, "rev-parse", "HEAD"))
    else:
        place.mkdir()
    done = codetune(house, "hook", "--check", "--required")
    assert (done.code, done.out, done.err) == (0, "", "")


def _commits(house: Path, *arguments: str) -> str:
    command = ["git", "commit", "-q", "-m", "A change", *arguments]
    done = subprocess.run(command, cwd=house, env=command_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("how", ["plain", "all", "path", "linked"])
def test_an_installed_hook_speaks_in_a_commit(house: Path, tmp_path: Path, how: str) -> None:
    assert codetune(house, "hook", "install").code == 0
    if how == "linked":
        git(house, "worktree", "add", "-q", str(tmp_path / "linked"))
        house = tmp_path / "linked"
    path = plant(house)
    staged = git(house, "rev-parse", f":{path}")
    if how in ("all", "path"):
        git(house, "reset", "-q")
    assert MENDED_LINE in _commits(house, *{"all": ["-a"], "path": [path]}.get(how, []))
    assert git(house, "rev-parse", f"HEAD:{path}") == staged
    assert git(house, "status", "--porcelain") == b""


def test_installing_respects_what_is_there(house: Path, tmp_path: Path) -> None:
    git(house, "config", "core.hooksPath", str(tmp_path / "elsewhere"))
    done = codetune(house, "hook", "install", "--training")
    assert done.code == 0
    assert {path.name for path in (tmp_path / "elsewhere").iterdir()} == set(LINES)
    assert codetune(house, "hook", "install").code == 0
    theirs = tmp_path / "elsewhere" / "post-merge"
    theirs.write_text("#!/bin/sh\necho theirs\n")
    refused = codetune(house, "hook", "install", "--training")
    assert refused.code == 5
    assert LINES["post-merge"] in refused.complaint
    assert codetune(house, "hook", "uninstall").code == 0
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["post-merge"]
    assert theirs.read_text() == "#!/bin/sh\necho theirs\n"


def test_the_plain_hooks_are_what_is_installed() -> None:
    found = {path.name: path.read_text() for path in (TOP / "hooks").iterdir()}
    assert found == {name: script(name) for name in LINES}


def test_a_training_in_the_background_waits_for_enough(longer: Path) -> None:
    done = codetune(longer, "train", "--background", "--at-least", "1000")
    assert (done.code, done.out, done.err) == (0, "", "")
    log, until = longer / ".git" / "codetune" / "train.log", time.monotonic() + 60
    while "nothing is done yet" not in log.read_text() and time.monotonic() < until:
        time.sleep(0.05)
    assert log.read_text().endswith(" new commits are fewer than 1000: nothing is done yet.\n")


def _pre_commit(house: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments],
        cwd=house,
        env={**command_environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not (TOP / ".git").exists(), reason="pre-commit clones the checkout")
def test_pre_commit_runs_it(house: Path, tmp_path: Path) -> None:
    """The manifest of this repository, by pre-commit itself, with the tool that is installed."""
    plant(house)

    def state() -> tuple[bytes, dict[str, str]]:
        """pre-commit itself refreshes the index and writes trees: the entries, and all files but git's."""
        return git(house, "ls-files", "--stage"), state_of(house, without=("",))

    before = state()
    home = {"PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    done = _pre_commit(house, "try-repo", str(TOP), "codetune-suggest-system", **home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert MENDED_LINE in done.stdout
    assert state() == before
    git(house, "commit", "-q", "--no-verify", "-m", "A slip")
    refs = ("--from-ref", "HEAD~1", "--to-ref", "HEAD")
    ranged = _pre_commit(house, "try-repo", str(TOP), "codetune-suggest-system", *refs, **home)
    assert MENDED_LINE in ranged.stdout

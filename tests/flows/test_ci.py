"""What the GitHub Action and the GitLab component run, run on a branch with a slip as those services would."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from flows.test_check import slipped
from support.flow_command import command_environment
from support.flow_repository import MENDED_LINE
from support.real_git import git

TOP = Path(__file__).parents[2]
STEPS: list[dict[str, Any]] = yaml.safe_load((TOP / "action.yml").read_text())["runs"]["steps"]
_, JOB = yaml.safe_load_all((TOP / "templates" / "codetune.yml").read_text())


@pytest.fixture
def branch(counted: Path, tmp_path: Path) -> Path:
    """A clone of a counted house, with a branch that adds a slip."""
    git(tmp_path, "clone", "-q", str(counted), "clone")
    folder = tmp_path / "clone"
    git(folder, "switch", "-q", "-c", "change")
    slipped(folder)
    git(folder, "commit", "-q", "-a", "-m", "A slip")
    return folder


def run(script: str, folder: Path, **environment: str) -> tuple[int, str]:
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    environment = command_environment(**environment)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("check", "code"), [("", 0), ("--check", 1)])
def test_the_action_says_what_a_pull_request_adds(branch: Path, check: str, code: int) -> None:
    script = STEPS[-1]["run"]
    target = git(branch, "rev-parse", "--abbrev-ref", "origin/HEAD").decode().strip()
    done, said = run(script, branch, BASE=target, CHECK=check)
    assert done == code
    assert MENDED_LINE in said
    assert run(script, branch, BASE="HEAD", CHECK=check) == (0, "")


def test_every_step_of_the_action_that_is_no_action_names_its_shell() -> None:
    assert all("uses" in step or step["shell"] == "bash" for step in STEPS)


@pytest.mark.parametrize("fail", ["false", "true"])
def test_the_component_says_what_a_merge_request_adds(branch: Path, fail: str) -> None:
    install, *rest = JOB["codetune"]["script"]
    assert install.startswith("pip install")
    target = git(branch, "rev-parse", "--abbrev-ref", "origin/HEAD").decode().strip().removeprefix("origin/")
    given = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": target, "FETCH_ADAPTER": "false", "FAIL_JOB": fail}
    done, said = run("\n".join(rest), branch, **given)
    assert done == (fail == "true")
    assert MENDED_LINE in said
    assert "<failure" in (branch / "codetune.xml").read_text()

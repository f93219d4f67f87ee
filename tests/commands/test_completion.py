"""What shells offer after `git codetune` and `git-codetune`: asked of the shells themselves, where they are there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from support.flow_command import command_environment
from support.terminal import terminal


def _completed(*words: str) -> list[str]:
    """What bash offers after `words`, the last of which is begun; git's completion calls a function of ours."""
    script = """
        source <(git-codetune completion bash)
        COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); __git_cmd_idx=1
        if [ "$1" = git ]; then _git_codetune; else _git_codetune_completion git-codetune; fi
        printf '%s\n' "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script, "bash", *words], capture_output=True, text=True, env=command_environment(), check=True
    )
    return done.stdout.split()


def test_bash_completes_it_as_a_command_of_git_and_by_itself() -> None:
    assert _completed("git", "codetune", "su") == ["suggest"]
    assert _completed("git-codetune", "adapters", "pu") == ["push"]
    assert "--format" in _completed("git", "codetune", "suggest", "--f")
    assert _completed("git", "codetune", "suggest", "--format", "sa") == ["sarif"]


def test_every_shell_gets_a_script() -> None:
    for shell, mark in (("bash", "_git_codetune()"), ("zsh", "_git-codetune()"), ("fish", "complete --no-files")):
        done = subprocess.run(
            ["git-codetune", "completion", shell], capture_output=True, text=True, env=command_environment(), check=True
        )
        assert mark in done.stdout


def _said_by_fish(line: str, folder: Path) -> list[str]:
    script = "source (git-codetune completion fish | psub); complete -C $argv[1]"
    environment = {**command_environment(), "HOME": str(folder)}
    command = ["fish", "--no-config", "-c", script, line]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return [offer.split("\t")[0] for offer in done.stdout.splitlines()]


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish here")
def test_fish_completes_it_as_a_command_of_git_and_by_itself(tmp_path: Path) -> None:
    assert _said_by_fish("git codetune su", tmp_path) == ["suggest"]
    assert _said_by_fish("git -C . codetune adapters pu", tmp_path) == ["push"]
    assert _said_by_fish("git-codetune suggest --format j", tmp_path) == ["json", "junit"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh here")
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("git codetune su", "git codetune suggest"),
        ("git -C . codetune adapters pu", "git -C . codetune adapters push"),
        ("git-codetune suggest --format sa", "git-codetune suggest --format sarif"),
    ],
)
def test_zsh_completes_it_as_a_command_of_git_and_by_itself(tmp_path: Path, line: str, whole: str) -> None:
    environment = {**command_environment(), "HOME": str(tmp_path)}
    with terminal(["zsh", "-f", "-i"], environment, tmp_path) as shell:
        shell.type("autoload -Uz compinit; compinit -u -D; source <(git-codetune completion zsh); PS1='re''ady> '\n")
        shell.shows("ready> ")
        shell.type(f"{line}\t")
        shell.shows(whole)
        shell.type("\x15exit\n")

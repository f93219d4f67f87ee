"""The man page says what the command line says; the completions complete it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.flow_command import command_environment

TOP = Path(__file__).parents[1]


def test_the_page_is_that_of_today() -> None:
    done = subprocess.run([sys.executable, TOP / "dev" / "manual"], capture_output=True, text=True, check=True)
    remedy = "run: dev/manual > docs/git-codetune.1"
    assert done.stdout == (TOP / "docs" / "git-codetune.1").read_text(encoding="utf-8"), remedy


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

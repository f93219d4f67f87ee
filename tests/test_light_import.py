"""The hook's cold start: what a fresh interpreter has loaded before there is anything to look at."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.real_git import commit, environment, git

HEAVY = {"torch", "transformers", "peft", "accelerate", "textual", "ctranslate2", "numpy", "pygit2", "rich"}
HEAVY |= {"tiktoken", "mcp", "pygls", "lsprotocol"}
NEVER_AT_IMPORT = HEAVY | {"tokenizers", "safetensors", "tree_sitter", "filelock", "sqlite3", "difflib", "tomllib"}
LIST = "import json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"


def loaded(code: str, folder: Path) -> set[str]:
    command = [sys.executable, "-c", f"{code}\n{LIST}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment(), check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_command_line_loads_nothing_heavy(tmp_path: Path) -> None:
    modules = loaded("import codetune_git.cli", tmp_path)
    assert "codetune_git" in modules
    assert modules & NEVER_AT_IMPORT == set()


@pytest.mark.parametrize("command", ["status", "adapters", "config"])
def test_commands_without_a_model_load_none(tmp_path: Path, command: str) -> None:
    git(tmp_path, "init", "-q")
    code = f"""
import sys
from codetune_git.cli import main
sys.argv = ["git-codetune", "{command}"]
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
"""
    assert loaded(code, tmp_path) & HEAVY == set()


def test_a_training_without_a_launcher_loads_no_torch_before_its_first_step(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a.py": "x = 1\n"})
    code = """
import sys
from codetune_git.cli import main
sys.argv = ["git-codetune", "train", "--at-least", "2"]
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
"""
    assert loaded(code, tmp_path) & {"torch", "transformers", "peft", "accelerate"} == set()


@pytest.mark.parametrize("room", ["report.text", "report.diff", "report.json", "store", "settings"])
def test_rooms_on_the_way_of_the_hook_are_light(tmp_path: Path, room: str) -> None:
    assert loaded(f"import codetune_git.{room}", tmp_path) & HEAVY == set()


def test_the_module_runs_nothing_of_the_folder_that_the_user_stands_in(tmp_path: Path) -> None:
    for name in ("click", "json", "requests", "git"):
        (tmp_path / f"{name}.py").write_text("open('was-run', 'w').close()\n")
    command = [sys.executable, "-m", "codetune_git", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("git codetune")
    assert not (tmp_path / "was-run").exists()

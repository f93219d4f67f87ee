"""Every source of settings, in a real repository, from the lowest to the highest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.command_line import codetune
from support.real_git import git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def shown(folder: Path, *arguments: str, **variables: str) -> dict[str, str]:
    done = codetune(folder, "config", *arguments, **variables)
    assert (done.code, done.err) == (0, "")
    return dict(line.split(" = ", 1) for line in done.out.splitlines() if " = " in line)


def test_precedence_from_default_to_git_c(repository: Path, tmp_path: Path) -> None:
    def threads() -> str:
        return shown(repository, "--show-origin", **variables)["threads"]

    everybody = tmp_path / "gitconfig"
    variables = {"GIT_CONFIG_GLOBAL": str(everybody)}
    everybody.write_text("")
    assert threads().split(maxsplit=1) == ["0", "default"]
    everybody.write_text("[codetune]\n\tthreads = 1\n")
    assert threads().split(maxsplit=1) == ["1", f"global git config (file:{everybody})"]
    (repository / "pyproject.toml").write_text("[tool.codetune]\nthreads = 2\n")
    assert threads().split() == ["2", "pyproject.toml"]
    (repository / ".codetune.toml").write_text("threads = 3\n")
    assert threads().split() == ["3", ".codetune.toml"]
    git(repository, "config", "codetune.threads", "4")
    assert threads().split(maxsplit=1)[0] == "4"
    assert "local git config" in threads()
    variables["CODETUNE_THREADS"] = "5"
    assert threads().split(maxsplit=1) == ["5", "environment variable CODETUNE_THREADS"]
    variables |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "codetune.threads", "GIT_CONFIG_VALUE_0": "6"}
    assert threads().split(maxsplit=1)[0] == "6"


def test_settings_of_the_top_hold_in_its_folders(repository: Path) -> None:
    (repository / ".codetune.toml").write_text('kinds = ["quotes", "naming"]\n')
    (repository / "inner").mkdir()
    assert shown(repository / "inner")["kinds"] == "quotes,naming"


def test_a_base_model_from_a_file_of_the_repository_is_refused(repository: Path) -> None:
    (repository / ".codetune.toml").write_text('base = "https://evil.invalid/model"\n')
    done = codetune(repository, "config")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("codetune: .codetune.toml: 'base' may not be set by a file of the repository")
    assert done.err.count("\n") == 1
    (repository / ".codetune.toml").unlink()
    git(repository, "config", "codetune.base", "/models/mine")
    assert shown(repository)["base"] == "/models/mine"


def test_mistakes_are_named_with_their_place(repository: Path) -> None:
    git(repository, "config", "codetune.hookBudgets", "3")
    done = codetune(repository, "config")
    assert done.code == 2
    assert "unknown setting 'hookbudgets': did you mean 'hook-budget'?" in done.err
    assert "local git config (file:" in done.err


def test_a_file_that_is_no_settings_file_is_not_read_whole(repository: Path) -> None:
    (repository / ".codetune.toml").write_bytes(b"#" * (2 << 20))
    assert codetune(repository, "config").err == (
        "codetune: .codetune.toml is larger than 1 MiB: not read as settings\n"
    )
    (repository / ".codetune.toml").unlink()
    os.mkfifo(repository / ".codetune.toml")
    assert shown(repository)["threads"] == "0"


def test_a_bare_repository_has_no_files_to_ask(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare")
    (tmp_path / ".codetune.toml").write_text("threads = 3\n")
    assert shown(tmp_path)["threads"] == "0"

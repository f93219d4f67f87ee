"""Options become settings, errors become one line and the right exit code."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from support.command_line import codetune
from support.real_git import environment, git

from codetune_git import __version__, commands, errors
from codetune_git.cli import main
from codetune_git.cli.options import colored
from codetune_git.requests import (
    AdaptersRequest,
    ConfigRequest,
    ConventionsRequest,
    EvaluateRequest,
    LanguagesRequest,
    StatusRequest,
    SuggestRequest,
    TrainRequest,
)
from codetune_git.settings import resolve

OPTIONS = resolve().options


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    git(tmp_path, "init", "-q")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GIT_", "CODETUNE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of the whole boundary, in this process."""
    monkeypatch.setattr(sys, "argv", ["git-codetune", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def received(monkeypatch: pytest.MonkeyPatch, *arguments: str, code: int = 0) -> Any:
    """The settings that the command named first gets; the command itself ends with `code`."""
    found: list[Any] = []

    def run(settings: object) -> int:
        found.append(settings)
        return code

    monkeypatch.setattr(commands, arguments[0], SimpleNamespace(run=run), raising=False)
    assert call(monkeypatch, *arguments) == code
    return found[0]


def test_train(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(monkeypatch, "train") == TrainRequest(repository, OPTIONS)
    given = received(monkeypatch, "train", "--budget", "90s", "--base", "/m", "--dry-run")
    assert given == TrainRequest(repository, replace(OPTIONS, budget=90.0, base="/m"), dry_run=True)
    given = received(monkeypatch, "train", "--precision", "nf4", "--at-least", "3")
    assert given == TrainRequest(repository, replace(OPTIONS, precision="nf4"), at_least=3)


def test_suggest(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert received(monkeypatch, "suggest") == SuggestRequest(repository, OPTIONS)
    arguments = ["--range", "A..B", "--format", "json", "--check", "--kind", "quotes", "--kind", "naming"]
    given = received(monkeypatch, "suggest", *arguments, "--threshold", "0.9", "--path", "src/**", code=1)
    options = replace(OPTIONS, kinds=("quotes", "naming"), threshold=0.9, paths=("src/**",))
    assert given == SuggestRequest(repository, options, range="A..B", format="json", check=True)
    monkeypatch.setenv("CODETUNE_COLOR", "always")
    assert received(monkeypatch, "suggest").color is True


def test_conventions_and_evaluate(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = received(monkeypatch, "conventions", "--kind", "quotes", "--drift")
    assert given == ConventionsRequest(repository, replace(OPTIONS, kinds=("quotes",)), drift=True)
    assert received(monkeypatch, "conventions", "--format", "json").format == "json"
    assert received(monkeypatch, "evaluate") == EvaluateRequest(repository, OPTIONS)
    given = received(monkeypatch, "evaluate", "--limit", "9", "--adapters", "2506,25")
    assert given == EvaluateRequest(repository, OPTIONS, limit=9, adapters=("2506", "25"))


def test_adapters_status_and_config(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in ([], ["list"]):
        assert received(monkeypatch, "adapters", *arguments) == AdaptersRequest(repository)
    assert received(monkeypatch, "adapters", "use", "25") == AdaptersRequest(repository, use="25")
    assert received(monkeypatch, "adapters", "prune") == AdaptersRequest(repository, keep=5)
    assert received(monkeypatch, "adapters", "prune", "--keep", "0") == AdaptersRequest(repository, keep=0)
    assert received(monkeypatch, "status") == StatusRequest(repository, OPTIONS)
    assert received(monkeypatch, "languages") == LanguagesRequest()
    assert received(monkeypatch, "languages", "javascript") == LanguagesRequest("javascript")
    assert received(monkeypatch, "config", "--show-origin") == ConfigRequest(repository, show_origin=True)


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (errors.UsageError("odd"), 2, "odd"),
        (errors.AdapterMissing("none"), 3, "none"),
        (errors.Unavailable("two\nlines"), 4, "two lines"),
        (errors.DataRefused("bad"), 5, "bad"),
        (errors.IndexChanged("moved"), 6, "moved"),
        (errors.OverBudget("late"), 75, "late"),
        (errors.Interrupted("stop"), 130, "stop"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.Abort(), 130, "interrupted"),
        (MemoryError(), 4, "out of memory: close other programs, or train with a smaller base or fewer threads"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), 4, "No space left on device: /x/y"),
        (PermissionError(errno.EACCES, "Permission denied"), 4, "Permission denied"),
    ],
)
def test_errors_are_one_line(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    error: BaseException,
    code: int,
    line: str,
) -> None:
    def run(settings: StatusRequest) -> int:
        raise error

    monkeypatch.setattr(commands, "status", SimpleNamespace(run=run), raising=False)
    assert call(monkeypatch, "status") == code
    assert capsys.readouterr() == ("", f"codetune: {line}\n")


def test_ctrl_c_while_an_extension_module_is_loaded_is_an_interrupt(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(settings: StatusRequest) -> int:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr(commands, "status", SimpleNamespace(run=run), raising=False)
    assert call(monkeypatch, "status") == 130
    assert capsys.readouterr() == ("", "codetune: interrupted\n")


@pytest.mark.parametrize("error", [ZeroDivisionError("a fault"), OSError(errno.EBADF, "a fault")])
def test_faults_of_the_program_are_seen(repository: Path, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run(settings: StatusRequest) -> int:
        raise error

    monkeypatch.setattr(commands, "status", SimpleNamespace(run=run), raising=False)
    monkeypatch.setattr(sys, "argv", ["git-codetune", "status"])
    with pytest.raises(type(error), match="a fault"):
        main()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["sugest"], "No such command 'sugest'"),
        (
            ["suggest", "--format", "xml"],
            "'xml' is not one of 'text', 'diff', 'json', 'rdjson', 'sarif', 'github', 'junit'. "
            "(see `git codetune suggest --help`)",
        ),
        (["suggest", "--threshold", "high"], "--threshold: threshold is 'high' but must be a number from 0 to 1"),
        (["train", "--budget", "soon"], "--budget: budget is 'soon' but must be a duration such as 5m, 90s or 1h30m"),
        (["adapters", "use"], "Missing argument 'ID'"),
        (["adapters", "prune", "--keep", "-1"], "-1 is not in the range x>=0"),
        (["status", "extra"], "unexpected extra argument"),
    ],
)
def test_usage_errors_are_one_line_and_2(repository: Path, arguments: list[str], line: str) -> None:
    done = codetune(repository, *arguments)
    assert (done.code, done.out) == (2, "")
    assert line in done.err
    assert done.err.startswith("codetune: ")
    assert done.err.count("\n") == 1


def test_help_and_version(tmp_path: Path) -> None:
    assert codetune(tmp_path, "--version").out == f"git codetune, version {__version__}\n"
    for arguments in ([], ["-h"], ["--help"]):
        done = codetune(tmp_path, *arguments)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith("Usage: git codetune [OPTIONS] [COMMAND]")
    assert "--keep N" in codetune(tmp_path, "adapters", "prune", "-h").out


def test_outside_a_repository(tmp_path: Path) -> None:
    for command in ("status", "config", "adapters"):
        done = codetune(tmp_path, command)
        assert (done.code, done.out) == (4, "")
        assert "not a git repository" in done.err


def test_it_runs_as_a_git_command(repository: Path) -> None:
    script = Path(sys.executable).with_name("git-codetune")
    assert script.exists()
    path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["git", "codetune", "config"], cwd=repository, env=environment(PATH=path), capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("budget = 5m\n")


def _to(stdout: int, folder: Path) -> tuple[int, bytes]:
    command = [sys.executable, "-m", "codetune_git", "config"]
    done = subprocess.run(command, cwd=folder, stdout=stdout, stderr=subprocess.PIPE, env=environment(), check=False)
    return done.returncode, done.stderr


def test_a_closed_pipe_is_quiet(repository: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert _to(writer, repository) == (141, b"")
    finally:
        os.close(writer)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_the_output_is_one_line(repository: Path) -> None:
    with open("/dev/full", "wb") as full:
        assert _to(full.fileno(), repository) == (4, b"codetune: No space left on device\n")


def test_output_keeps_every_byte_whatever_the_locale(repository: Path) -> None:
    (repository / ".codetune.toml").write_bytes('paths = ["übung/*", "x\\u2028y"]\n'.encode())
    command = [sys.executable, "-m", "codetune_git", "config"]
    done = subprocess.run(command, cwd=repository, capture_output=True, env=environment(LC_ALL="C", PYTHONUTF8="0"))
    assert done.returncode == 0
    assert "paths = übung/*,x\u2028y\n".encode() in done.stdout


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert colored(OPTIONS)
    assert not colored(replace(OPTIONS, color="never"))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored(OPTIONS)
    assert colored(replace(OPTIONS, color="always"))
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not colored(OPTIONS)

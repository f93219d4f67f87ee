"""Which value holds, who may set what, and what is said about a mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.errors import UsageError
from codetune_git.settings import (
    ENDPOINT_KEY,
    Entry,
    Options,
    command_line_layer,
    environment_layer,
    file_layer,
    git_layers,
    resolve,
)


@dataclass(frozen=True)
class Configured:
    value: str
    scope: str
    origin: str = "file:config"


def options(**said: object) -> Options:
    return resolve([command_line_layer(said)]).options


def test_the_defaults() -> None:
    assert resolve().options == Options(
        budget=300.0,
        base=None,
        base_revision=None,
        threads=0,
        threshold=None,
        false_positive_rate=0.01,
        kinds=(),
        disabled_kinds=(),
        paths=(),
        hook_budget=10.0,
        color="auto",
        endpoint=None,
        endpoint_model=None,
        precision="auto",
    )
    assert {entry.origin for entry in resolve().entries} == {"default"}


@pytest.mark.parametrize(
    ("text", "seconds"), [("5m", 300), ("90s", 90), ("1h30m", 5400), ("300", 300), (45, 45), ("1.5m", 90), (0.5, 0.5)]
)
def test_durations(text: object, seconds: float) -> None:
    assert options(budget=text).budget == seconds


@pytest.mark.parametrize("text", ["", "m", "5 m", "-5m", "0s", "5d", "5mm", "1e3", "inf", "9999999999h", True, ["5m"]])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(UsageError, match=r"--budget: budget is .* must be a duration such as 5m"):
        options(budget=text)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_durations_add_up(hours: int, minutes: int, seconds: int) -> None:
    total = hours * 3600 + minutes * 60 + seconds
    if total:
        assert options(budget=f"{hours}h{minutes}m{seconds}s").budget == total


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("threads", "4", 4),
        ("threshold", "0.9", 0.9),
        ("threshold", 1, 1.0),
        ("kinds", "quotes, naming ,", ("quotes", "naming")),
        ("kinds", ["quotes"], ("quotes",)),
        ("paths", ("src/**", "*.py"), ("src/**", "*.py")),
        ("hook_budget", 7, 7),
        ("color", "never", "never"),
        ("base", "/models/x", "/models/x"),
        ("endpoint", "https://host:8000/v1/", "https://host:8000/v1"),
        ("endpoint", "HTTP://[::1]:65535", "HTTP://[::1]:65535"),
        ("endpoint_model", "team", "team"),
    ],
)
def test_values_are_read(key: str, value: object, expected: object) -> None:
    assert getattr(options(**{key: value}), key) == expected


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("threads", "-1"),
        ("threads", "2000"),
        ("threads", True),
        ("threads", 1.5),
        ("threshold", "1.01"),
        ("threshold", "nan"),
        ("threshold", True),
        ("threshold", "high"),
        ("kinds", [1]),
        ("kinds", {"a": 1}),
        ("hook_budget", "0"),
        ("color", "sometimes"),
        ("base", 5),
        ("base", ""),
        ("endpoint", "file:///etc/passwd"),
        ("endpoint", "host:8000"),
        ("endpoint", "https://"),
        ("endpoint", "https://user:secret@host/v1"),
        ("endpoint", "https://host:65536/v1"),
        ("endpoint", "https://host/v1?key=1"),
        ("endpoint", "https://host/v1\r\nX: y"),
        ("endpoint", 5),
    ],
)
def test_unreadable_values_name_their_place(key: str, value: object) -> None:
    with pytest.raises(UsageError) as caught:
        resolve([[Entry(key, value, "somewhere")]])
    assert str(caught.value).startswith("somewhere: ")
    assert repr(value) in str(caught.value)


def test_the_closest_key_is_named() -> None:
    with pytest.raises(UsageError, match=r"pyproject.toml: unknown setting 'bugdet': did you mean 'budget'\?"):
        resolve([file_layer(b"[tool.codetune]\nbugdet = '5m'\n", "pyproject.toml", ("tool", "codetune"))])
    with pytest.raises(UsageError, match="'xyzzy': there are budget, base, base-revision"):
        resolve([[Entry("xyzzy", "1", "here")]])


@pytest.mark.parametrize("name", ["hook-budget", "hook_budget", "hookBudget", "hookbudget", "HOOK_BUDGET"])
def test_spellings_of_a_key(name: str) -> None:
    assert resolve([[Entry(name, "9", "here")]]).options.hook_budget == 9


def test_later_layers_win_and_their_origin_is_kept() -> None:
    resolved = resolve([[Entry("threads", 1, "low"), Entry("color", "never", "low")], [Entry("threads", 2, "high")]])
    assert (resolved.options.threads, resolved.options.color) == (2, "never")
    origins = {entry.name: entry.origin for entry in resolved.entries}
    assert (origins["threads"], origins["color"], origins["budget"]) == ("high", "low", "default")


def test_git_configuration_is_three_layers() -> None:
    values: Mapping[str, Configured] = {
        "codetune.budget": Configured("1m", "system"),
        "codetune.threads": Configured("2", "global"),
        "codetune.hookbudget": Configured("3", "local"),
        "codetune.color": Configured("never", "worktree"),
        "codetune.kinds": Configured("quotes", "command", "command line:"),
    }
    for_all, for_this, for_this_call = git_layers(values)
    assert [entry.name for entry in for_all] == ["budget", "threads"]
    assert [entry.name for entry in for_this] == ["hookbudget", "color"]
    assert [entry.origin for entry in for_this_call] == ["command git config (command line:)"]


def test_the_environment_says_only_what_resembles_a_key() -> None:
    nothing = {"CODETUNE_ENVIRONMENT": "/opt", "PATH": "/bin", "CODETUNE_BASE": "", ENDPOINT_KEY: "secret"}
    found = environment_layer({"CODETUNE_HOOK_BUDGET": "5", **nothing})
    assert found == (Entry("HOOK_BUDGET", "5", "environment variable CODETUNE_HOOK_BUDGET"),)
    with pytest.raises(UsageError, match=r"environment variable CODETUNE_THREDS: unknown .* did you mean 'threads'\?"):
        resolve([environment_layer({"CODETUNE_THREDS": "1"})])


@pytest.mark.parametrize(
    "key",
    [
        *("base", "Base", "revision", "adapter-source", "adapter_source", "device", "precision"),
        *("endpoint", "endpoint-model", "endpoint_model", "endpointModel"),
    ],
)
def test_a_repository_may_not_choose_models_or_places(key: str) -> None:
    for content, table in [(f'{key} = "x"\n', ()), (f'[tool.codetune]\n{key} = "x"\n', ("tool", "codetune"))]:
        with pytest.raises(UsageError, match=rf"settings.toml: '{key}' may not be set by a file of the repository"):
            file_layer(content.encode(), "settings.toml", table)


def test_files_are_read_from_their_table() -> None:
    table = ("tool", "codetune")
    content = b'[tool.codetune]\nkinds = ["quotes"]\nfalse-positive-rate = 0.02\n[tool.ruff]\nbase = 1\n'
    resolved = resolve([file_layer(content, "pyproject.toml", table)])
    assert (resolved.options.kinds, resolved.options.false_positive_rate) == (("quotes",), 0.02)
    assert file_layer(b"", ".codetune.toml") == ()
    assert file_layer(b"[tool.ruff]\n", "pyproject.toml", table) == ()
    assert file_layer(b"<<<<<<< HEAD\n", "pyproject.toml", table) == ()
    assert file_layer(b"# codetune\ntool = 1\n", "pyproject.toml", table) == ()
    with pytest.raises(UsageError, match=r"is not TOML: .*line 1"):
        file_layer(b"<<<<<<< HEAD\n[tool.codetune]\n", "pyproject.toml", table)
    with pytest.raises(UsageError, match="is not TOML"):
        file_layer(b"\xff", ".codetune.toml")
    with pytest.raises(UsageError, match=r"\[tool.codetune\] is not a table"):
        file_layer(b"tool.codetune = 5\n", "pyproject.toml", table)
    with pytest.raises(UsageError, match="unknown setting 'nested'"):
        resolve([file_layer(b"[nested]\nbase = 'x'\n", ".codetune.toml")])


def test_options_that_were_not_given_say_nothing() -> None:
    assert command_line_layer({"budget": None, "kinds": (), "hook_budget": 3}) == (
        Entry("hook_budget", 3, "--hook-budget"),
    )

"""What is installed where: the extras, and the environments that pre-commit makes for the hooks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from codetune_git.languages.suffixes import BY_LANGUAGE

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
UNREAD = ("", ".pyi", ".json", ".md", ".c", ".javac", ".jst", ".cjsx")  # what no language is read of
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text())}


def test_a_hook_that_counts_needs_no_extra_and_one_with_an_adapter_the_light_one() -> None:
    assert "additional_dependencies" not in HOOKS["codetune-suggest-counts"]
    assert HOOKS["codetune-suggest"]["additional_dependencies"] == EXTRAS["light"]


def test_a_hook_that_trains_has_all_but_the_review() -> None:
    packages = [name for extra in ("light", "bases", "train") for name in EXTRAS[extra] if "[" not in name]
    assert HOOKS["codetune-suggest-local"]["additional_dependencies"] == sorted(packages)


def test_training_brings_all_other_extras() -> None:
    assert "codetune-git[light,bases,review]" in EXTRAS["train"]


def test_counting_brings_no_engine() -> None:
    heavy = ("ctranslate2", "rich", "textual", "tiktoken", "tokenizers", "torch", "transformers")
    assert not [name for name in PROJECT["dependencies"] if name.startswith(heavy)]


def test_a_hook_is_run_for_the_files_that_are_read() -> None:
    read = [suffix for suffixes in BY_LANGUAGE.values() for suffix in suffixes]
    for hook in HOOKS.values():
        assert all(re.search(hook["files"], f"a/b{suffix}") for suffix in read), hook
        assert not any(re.search(hook["files"], f"a/b{suffix}") for suffix in UNREAD), hook

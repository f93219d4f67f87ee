"""What configured tools decide is known from their settings; what they leave open is not."""

from __future__ import annotations

import pytest

from codetune_git.exports.enforced import enforced
from codetune_git.languages.table import CATALOGUE

PROJECT, HOOKS = "pyproject.toml", ".pre-commit-config.yaml"


@pytest.mark.parametrize(
    ("name", "text", "decided", "left_open"),
    [
        (PROJECT, "[tool.black]\nline-length = 100\n", {"quotes", "comma_spacing"}, {"import_order", "super_form"}),
        (PROJECT, "[tool.black]\nskip-string-normalization = true\n", {"comma_spacing"}, {"quotes"}),
        (PROJECT, "[tool.ruff]\nline-length = 100\n", {"none_comparison"}, {"quotes", "comma_spacing"}),
        (PROJECT, '[tool.ruff.lint]\nselect = ["UP"]\n', {"super_form"}, {"none_comparison"}),
        (PROJECT, '[tool.ruff.lint]\nselect = ["ALL"]\nignore = ["UP008"]\n', {"object_base"}, {"super_form"}),
        ("ruff.toml", '[format]\nquote-style = "preserve"\n', {"comma_spacing"}, {"quotes"}),
        (PROJECT, "[tool.isort]\n", {"import_order"}, {"quotes"}),
        (HOOKS, "repos:\n- repo: x\n  hooks:\n    - id: black\n", {"quotes"}, {"super_form"}),
        (HOOKS, "repos:\n- repo: x\n  hooks:\n    - id: ruff-format\n", {"quotes"}, {"super_form"}),
        (HOOKS, "repos:\n- repo: x\n  hooks:\n    - id: blacken-docs\n", set(), {"quotes"}),
        ("package.json", '{"prettier": {}}', {"javascript/quotes"}, {"quotes"}),
        ("package.json", '{"devDependencies": {}}', set(), {"javascript/quotes"}),
        (".prettierrc", "", {"javascript/brace_padding"}, {"javascript/comment_capital"}),
        (PROJECT, "this is no toml", set(), {"quotes"}),
        ("package.json", "[1", set(), {"javascript/quotes"}),
    ],
)
def test_what_a_settings_file_decides(name: str, text: str, decided: set[str], left_open: set[str]) -> None:
    found = enforced({name: text})
    assert decided <= found
    assert not left_open & found


def test_only_conventions_are_decided() -> None:
    everything = {PROJECT: '[tool.black]\n[tool.isort]\n[tool.ruff.lint]\nselect = ["ALL"]\n', ".prettierrc": ""}
    assert enforced(everything) <= {convention.name for convention in CATALOGUE}

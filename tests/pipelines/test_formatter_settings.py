"""Settings of real formatters, searched on real texts: what was written with some settings is left alone by them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.real_git import commit, git

from codetune_git.exports.formatters import FORMATTERS
from codetune_git.git.repository import Repository
from codetune_git.pipelines.formatter_settings import formatter_settings

WIDE = "'first argument of all', 'second argument of all', 'third argument of all', 'and the fourth of them'"
PYTHON = f"def main():\n    return call({WIDE})\n\n\nx = {{'a': 1, 'b': 2}}\n".encode()
SCRIPT = f"export function main() {{\n    return call({WIDE});\n}}\n\nconst x = {{a: 1}};\nconst y = 'a';\n".encode()
FILES = {"a.py": PYTHON, "b/c.py": PYTHON, "a.js": SCRIPT}
FOUND = {
    "ruff": {"format.quote-style": "single", "line-length": 120},
    "black": {"skip-string-normalization": True, "line-length": 120},
    "prettier": {
        "tabWidth": 4,
        "singleQuote": True,
        "bracketSpacing": False,
        "printWidth": 120,
    },
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a.py": "x = 1\n"})
    return Repository.open(tmp_path)


@pytest.mark.parametrize("name", FOUND)
def test_the_settings_that_something_was_written_with_are_found(repository: Repository, name: str) -> None:
    if name == "prettier" and shutil.which(name) is None:
        pytest.skip("prettier is not installed: npm install --global prettier")
    formatter = FORMATTERS[name]
    files = [(path, content) for path, content in FILES.items() if path.endswith(formatter.suffixes)]
    found = formatter_settings(repository, formatter, files, ((), 0, 0))
    assert formatter.changed(found.settings) == FOUND[name]
    assert found.lines == 0
    assert found.by_default is not None
    assert found.by_default > 4 * len(files)
    assert found.every == sum(content.count(b"\n") for _, content in files)


def test_a_formatter_that_is_not_there_is_replaced_by_the_counts(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    found = formatter_settings(repository, FORMATTERS["ruff"], list(FILES.items()), ((), 100, 2))
    assert FORMATTERS["ruff"].changed(found.settings) == {"line-length": 100, "indent-width": 2}
    assert found.lines is None

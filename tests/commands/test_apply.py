"""What `apply` says about suggestions that it leaves alone since they rest on an assumption."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.command_line import codetune
from support.real_git import git
from support.suggestions import suggestion

from codetune_git.domain import Findings, Verification
from codetune_git.report.formats import Report, render

STAGED = 'x = "a"\nif not len(y):\n    y = "b"\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One suggestion is proven for every input, one of the same kind and one of another kind are not."""
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text(STAGED)
    git(tmp_path, "add", "a.py")
    assuming = {"verification": Verification.ASSUMING, "assumption": "y is a list"}
    found = (
        suggestion("a.py", 1, ['x = "a"'], ["x = 'a'"]),
        suggestion("a.py", 2, ["if not len(y):"], ["if not (len(y)):"], kind="condition_parentheses", **assuming),
        suggestion("a.py", 3, ['    y = "b"'], ["    y = 'b'"], **assuming),
    )
    (tmp_path / "found.json").write_text(render(Report(Findings(found, (), "", "")), "json"))
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--kind", "quotes"), "1 left alone that rest on an assumption: --assuming takes them, too. "),
        (("--kind", "quotes", "--assuming"), ""),
        (("--all",), "2 left alone that rest on an assumption: --assuming takes them, too. "),
        (("--all", "--assuming"), ""),
    ],
)
def test_only_what_was_asked_about_is_left_alone(repository: Path, arguments: tuple[str, ...], said: str) -> None:
    done = codetune(repository, "apply", "--file", "found.json", "--dry-run", *arguments)
    assert done.code == 0, done.err
    assert done.out.partition("Would write")[0] == said

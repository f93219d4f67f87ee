"""Which lines are newer than an earlier commit, as git's own diff has it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder, isolate

from codetune_git.domain import LineRange
from codetune_git.git.lines import first_parents, lines_since
from codetune_git.git.repository import Repository


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RepoBuilder:
    isolate(monkeypatch)
    return RepoBuilder(tmp_path / "house")


def test_lines_by_age(repo: RepoBuilder) -> None:
    first = repo.commit(files={"a.py": "1\n2\n3\n", "moved.py": "a = 1\nb = 2\nc = 3\n", "n.txt": "1\n"})
    second = repo.commit(files={"a.py": "1\n2\n3\nfour\n", "moved.py": None, "new.py": "a = 1\nb = 2\nc = 3\n"})
    third = repo.commit(files={"a.py": "one\n2\n3\nfour\n", "n.txt": "2\n"})
    repository = Repository.open(repo.path)
    assert first_parents(repository, third) == (third, second, first)
    assert lines_since(repository, second, third) == {"a.py": (LineRange(1, 1),)}
    assert lines_since(repository, first, third) == {"a.py": (LineRange(1, 1), LineRange(4, 4))}
    assert lines_since(repository, third, third) == {}

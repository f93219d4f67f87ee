"""Thousands of random files written to a real index and work tree at once, and taken back."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random

from support.flow_command import state_of
from support.random_suggestions import random_file
from support.repo_builder import RepoBuilder

from codetune_git.git.apply import FileEdits, undo, write
from codetune_git.git.index import entries
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import apply_line_edits, line_edits, lines_of

FILES, AT_ONCE = 2000, 500


def _written_and_taken_back(repo: RepoBuilder, rng: Random) -> int:
    texts = {f"m{number}.py": random_file(rng, f"m{number}.py") for number in range(AT_ONCE)}
    for path, (text, _) in texts.items():
        repo.write(path, text)
    repo.stage()
    before = state_of(repo.path, without=("codetune", "objects"))
    repository = Repository.open(repo.path)
    staged = entries(repository, list(texts))
    rewrites, expected = [], {}
    for path, (text, found) in texts.items():
        lines = lines_of(text.encode())
        wanted = line_edits(lines, [one for one in found if rng.random() < 0.6])
        if wanted:
            rewrites.append(FileEdits(path, staged[path].oid, wanted))
            expected[path] = apply_line_edits(lines, wanted)
    write(repository, rewrites)
    for path, content in expected.items():
        ast.parse(content)
        assert (repo.path / path).read_bytes() == content
    assert repo.git("diff-files", "--patch") == ""
    undo(repository)
    assert state_of(repo.path, without=("codetune", "objects")) == before
    return len(rewrites)


def test_random_files_and_subsets(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit("First")
    rng = Random(4)
    assert sum(_written_and_taken_back(repo, rng) for _ in range(FILES // AT_ONCE)) > FILES // 2

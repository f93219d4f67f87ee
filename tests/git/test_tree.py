from __future__ import annotations

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.errors import Unavailable
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeFile, tree_files


def test_regular_files_with_their_sizes(repo: RepoBuilder) -> None:
    oid = repo.commit(files={"deep/a.py": "x = 1\n", "b.txt": "text", "line\nfeed.py": "", "byte\udcff.py": "1"})
    (repo.path / "link.py").symlink_to("deep/a.py")
    repo.stage("link.py")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module.py")
    repo.commit()
    found = tree_files(Repository.open(repo.path / "deep"), "HEAD", (".py",))
    assert {(file.path, file.size) for file in found} == {("deep/a.py", 6), ("line\nfeed.py", 0), ("byte\udcff.py", 1)}
    assert TreeFile("b.txt", repo.git("rev-parse", "HEAD:b.txt"), 4) in tree_files(Repository.open(repo.path), "HEAD")


def test_no_such_revision(repo: RepoBuilder) -> None:
    with pytest.raises(Unavailable, match="git ls-tree failed"):
        tree_files(Repository.open(repo.path), "HEAD")

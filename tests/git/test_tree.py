from __future__ import annotations

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.errors import Unavailable
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeChange, TreeFile, tree_changes, tree_files


def test_regular_files(repo: RepoBuilder) -> None:
    oid = repo.commit(files={"deep/a.py": "x = 1\n", "b.txt": "text", "line\nfeed.py": "", "byte\udcff.py": "1"})
    (repo.path / "link.py").symlink_to("deep/a.py")
    repo.stage("link.py")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module.py")
    repo.commit()
    found = tree_files(Repository.open(repo.path / "deep"), "HEAD", (".py",))
    assert {file.path for file in found} == {"deep/a.py", "line\nfeed.py", "byte\udcff.py"}
    assert TreeFile("b.txt", repo.git("rev-parse", "HEAD:b.txt")) in tree_files(Repository.open(repo.path), "HEAD")


def test_no_such_revision(repo: RepoBuilder) -> None:
    with pytest.raises(Unavailable, match="git ls-tree failed"):
        tree_files(Repository.open(repo.path), "HEAD")


def test_what_differs_between_two_commits(repo: RepoBuilder) -> None:
    old = repo.commit(files={"same.py": "s", "gone.py": "g", "odd\n.py": "1", "b.txt": "t", "turned.py": "x = 1\n"})
    (repo.path / "gone.py").unlink()
    (repo.path / "turned.py").unlink()
    (repo.path / "turned.py").symlink_to("same.py")
    repo.stage("gone.py", "turned.py")
    new = repo.commit(files={"odd\n.py": "2", "b.txt": "u", "deep/come.py": "c"})
    blob = {
        path: repo.git("rev-parse", f"{at}:{path}")
        for at, path in ((old, "gone.py"), (old, "turned.py"), (new, "deep/come.py"))
    }
    odd = tuple(repo.git("rev-parse", f"{at}:odd\n.py") for at in (old, new))
    assert tree_changes(Repository.open(repo.path), old, new, (".py",)) == (
        TreeChange("deep/come.py", None, blob["deep/come.py"]),
        TreeChange("gone.py", blob["gone.py"], None),
        TreeChange("odd\n.py", *odd),
        TreeChange("turned.py", blob["turned.py"], None),
    )
    assert tree_changes(Repository.open(repo.path), new, new) == ()
    with pytest.raises(Unavailable, match="git diff-tree failed"):
        tree_changes(Repository.open(repo.path), old, "1" * 40)

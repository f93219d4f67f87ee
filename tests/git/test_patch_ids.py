from __future__ import annotations

from support.repo_builder import RepoBuilder

from codetune_git.git.history import commit_oids
from codetune_git.git.patch_ids import patch_ids
from codetune_git.git.repository import Repository


def test_a_change_keeps_its_id_when_the_rest_of_its_file_changes(repo: RepoBuilder) -> None:
    text = "".join(f"line {number}\n" for number in range(30))
    repo.commit(files={"a.py": text})
    repo.git("checkout", "--quiet", "-b", "side")
    mine = repo.commit(files={"a.py": text + "mine\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit(files={"a.py": "theirs\n" + text})
    repo.git("checkout", "--quiet", "side")
    repo.git("rebase", "--quiet", "main")
    rebased = repo.git("rev-parse", "HEAD")
    found = patch_ids(Repository.open(repo.path), [mine, rebased])
    assert mine != rebased
    assert found[mine] == found[rebased]


def test_different_changes_have_different_ids_and_merges_none(repo: RepoBuilder) -> None:
    for number in range(150):
        repo.commit(files={"a.py": f"{number}\n"}) if number % 10 == 0 else repo.commit(f"Empty {number}")
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~3")
    repo.commit(files={"b.py": "x\n"})
    repo.git("merge", "--quiet", "--no-edit", "main")
    merge = repo.git("rev-parse", "HEAD")
    oids = commit_oids(Repository.open(repo.path), "HEAD")
    found = patch_ids(Repository.open(repo.path), [*oids, merge, "1" * 40])
    assert len(found) == len(set(found.values())) == 16
    assert set(found) < set(oids)
    assert patch_ids(Repository.open(repo.path), []) == {}

from __future__ import annotations

from pathlib import Path

from support.repo_builder import RepoBuilder

from codetune_git.git.attributes import excluded
from codetune_git.git.repository import Repository

RULES = "gen*.py linguist-generated\nnot-gen.py -linguist-generated\nthird/** linguist-vendored=true\nno.py -codetune\n"
PATHS = [
    "gen1.py",
    "not-gen.py",
    "third/party/a.py",
    "no.py",
    "a.py",
    "below/gen.py",
    "below/mine.py",
    "gen\n\udcff.py",
]
EXPECTED = {
    "gen1.py": "generated (linguist-generated in .gitattributes)",
    "gen\n\udcff.py": "generated (linguist-generated in .gitattributes)",
    "third/party/a.py": "vendored (linguist-vendored in .gitattributes)",
    "no.py": "excluded by -codetune in .gitattributes",
    "below/mine.py": "excluded by -codetune in .gitattributes",
}


def rules(repo: RepoBuilder) -> str:
    return repo.commit(
        files={".gitattributes": RULES, "below/.gitattributes": "gen.py !linguist-generated\nmine.py codetune=false\n"}
    )


def test_the_tip_decides_not_the_work_tree(repo: RepoBuilder) -> None:
    tip = rules(repo)
    repo.write(".gitattributes", "* linguist-generated\n")
    assert excluded(Repository.open(repo.path), PATHS, tip) == EXPECTED


def test_bare_and_older_tips(repo: RepoBuilder, tmp_path: Path) -> None:
    before = repo.commit(files={"a.py": "x\n"})
    tip = rules(repo)
    repo.git("clone", "--quiet", "--bare", repo.path, tmp_path / "bare.git")
    bare = Repository.open(tmp_path / "bare.git")
    assert excluded(bare, PATHS, tip) == EXPECTED
    assert excluded(bare, PATHS, before) == {}


def test_before_the_first_commit_and_without_paths(repo: RepoBuilder) -> None:
    found = Repository.open(repo.path)
    assert excluded(found, PATHS, None) == {}
    assert excluded(found, [], rules(repo)) == {}


def test_the_users_own_attributes_hold_too(repo: RepoBuilder) -> None:
    tip = rules(repo)
    repo.write(".git/info/attributes", "a.py -codetune\n")
    assert set(excluded(Repository.open(repo.path), PATHS, tip)) == {*EXPECTED, "a.py"}


def test_explicit_false_is_no_exclusion(repo: RepoBuilder) -> None:
    tip = repo.commit(
        files={".gitattributes": "a.py linguist-generated=false codetune\nb.py linguist-vendored=maybe\n"}
    )
    assert excluded(Repository.open(repo.path), ["a.py", "b.py"], tip) == {}

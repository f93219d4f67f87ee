from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.git.ignore import ignored
from codetune_git.git.repository import Repository

BY_GIT, BY_US = "ignored by .gitignore", "ignored by .codetuneignore"


def test_both_files_nested_and_negated(repo: RepoBuilder) -> None:
    tip = repo.commit(
        files={
            ".gitignore": "*.log\nbuild/\n",
            "below/.gitignore": "!keep.log\n",
            ".codetuneignore": "secret*\n/vendor/\n",
            "below/.codetuneignore": "!secret-santa.py\n",
        }
    )
    paths = [
        "a.log",
        "below/a.log",
        "below/keep.log",
        "build/x.py",
        "secret.py",
        "below/secret-santa.py",
        "vendor/a.py",
    ]
    assert ignored(Repository.open(repo.path), [*paths, "below/vendor/a.py", "a.py"], tip) == {
        "a.log": BY_GIT,
        "below/a.log": BY_GIT,
        "build/x.py": BY_GIT,
        "secret.py": BY_US,
        "vendor/a.py": BY_US,
    }


def test_gitignore_is_todays_and_codetuneignore_is_the_tips(repo: RepoBuilder) -> None:
    tip = repo.commit(files={".gitignore": "old.py\n", ".codetuneignore": "tip.py\n"})
    repo.write(".gitignore", "new.py\n")
    repo.write(".codetuneignore", "later.py\n")
    paths = ["old.py", "new.py", "tip.py", "later.py"]
    assert ignored(Repository.open(repo.path), paths, tip) == {"new.py": BY_GIT, "tip.py": BY_US}


def test_what_the_tip_tracks_is_not_gitignored(repo: RepoBuilder) -> None:
    repo.write("tracked.py", "x\n")
    repo.write("ours.py", "x\n")
    tip = repo.commit(
        files={"tracked.py": "x\n", "ours.py": "x\n", ".gitignore": "*.py\n", ".codetuneignore": "ours.py\n"}
    )
    assert ignored(Repository.open(repo.path), ["tracked.py", "gone.py", "ours.py"], tip) == {
        "gone.py": BY_GIT,
        "ours.py": BY_US,
    }


def test_the_users_own_excludes_hold_too(repo: RepoBuilder, tmp_path: Path) -> None:
    tip = repo.commit(files={"a.py": "x\n"})
    (tmp_path / "excludes").write_text("global.py\n")
    repo.git("config", "core.excludesFile", str(tmp_path / "excludes"))
    repo.write(".git/info/exclude", "info.py\n")
    assert ignored(Repository.open(repo.path), ["global.py", "info.py", "a.py"], tip) == {
        "global.py": BY_GIT,
        "info.py": BY_GIT,
    }


def test_before_the_first_commit_and_without_paths(repo: RepoBuilder) -> None:
    repo.write(".gitignore", "*.log\n")
    found = Repository.open(repo.path)
    assert ignored(found, ["a.log", "a.py"], None) == {"a.log": BY_GIT}
    assert ignored(found, [], None) == {}


def test_a_bare_repository_follows_its_tip(repo: RepoBuilder, tmp_path: Path) -> None:
    tip = repo.commit(
        files={".gitignore": "*.log\n", "below/.gitignore": "!keep.log\n", "below/.codetuneignore": "mine.py\n"}
    )
    repo.git("clone", "--quiet", "--bare", repo.path, tmp_path / "bare.git")
    paths = ["a.log", "below/keep.log", "below/mine.py", "mine.py"]
    expected = {"a.log": BY_GIT, "below/mine.py": BY_US}
    assert ignored(Repository.open(tmp_path / "bare.git"), paths, tip) == expected


def test_sha256_from_a_linked_worktree_below_a_folder(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format="sha256")
    tip = repo.commit(files={".gitignore": "*.log\n", "below/a.py": "x\n", ".codetuneignore": "b.py\n"})
    repo.git("worktree", "add", "--quiet", "--detach", tmp_path / "linked")
    found = Repository.open(tmp_path / "linked" / "below")
    assert ignored(found, ["a.log", "below/b.py"], tip) == {"a.log": BY_GIT, "below/b.py": BY_US}


def test_what_was_a_file_may_have_become_a_folder(repo: RepoBuilder) -> None:
    tip = repo.commit(files={".gitignore": "a\nb/c\n"})
    paths = ["a", "a/b", "a/b/c", "b", "b/c", "b/c/d", "c"]
    assert set(ignored(Repository.open(repo.path), paths, tip)) == {"a", "a/b", "a/b/c", "b/c", "b/c/d"}


def test_odd_names(repo: RepoBuilder) -> None:
    names = [
        "line\nfeed.py",
        "byte\udcff.py",
        'quo"te.py',
        "-dash.py",
        " blank.py",
        "git~1/a.py",
        "back\\slash.py",
        "ü.py",
    ]
    tip = repo.commit(files={".gitignore": "*.py\n"})
    assert set(ignored(Repository.open(repo.path), names, tip)) == set(names)


def test_paths_that_no_work_tree_can_hold_are_not_judged(repo: RepoBuilder) -> None:
    tip = repo.commit(files={".gitignore": "*\n"})
    paths = ["../a.py", ".git/config", "a/../b.py", "a//b.py", "/a.py", "./a.py", "a/.GIT/b.py"]
    assert ignored(Repository.open(repo.path), paths, tip) == {}


def test_rule_files_that_are_links_are_not_followed(repo: RepoBuilder, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("*\n")
    (repo.path / ".codetuneignore").symlink_to(tmp_path / "outside")
    repo.stage(".codetuneignore")
    tip = repo.commit()
    assert ignored(Repository.open(repo.path), ["a.py"], tip) == {}


def test_a_tree_cannot_write_outside_the_temporary_folder(repo: RepoBuilder, tmp_path: Path) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=b"*\n")
    inner = repo.git("mktree", "-z", stdin=f"100644 blob {blob}\t.codetuneignore\0".encode())
    record = b"40000 ..\0" + bytes.fromhex(inner)
    tree = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=record)
    tip = repo.git("commit-tree", tree, "-m", "evil")
    before = set(os.listdir(tmp_path.parent))
    assert ignored(Repository.open(repo.path), ["a.py"], tip) == {}
    assert set(os.listdir(tmp_path.parent)) == before


PIECES = ["a", "b", "*", "?", "**", "[ab]", "[!a]", "a*", "*b", "\\a", "\\*", "a b", "ab", "\\", "[a", " ", "é", "!"]
NAMES = ["a", "b", "ab", "ba", "a b", "*", "é", "c.log", "\\", "abc", "[a", " a"]


def random_rule(rng: random.Random) -> str:
    rule = "/".join("".join(rng.choices(PIECES, k=rng.choice([1, 1, 2]))) for _ in range(rng.choice([1, 1, 2, 3])))
    return (
        rng.choice(["", "", "", "!", "#", "\\!"])
        + rng.choice(["", "", "/"])
        + rule
        + rng.choice(["", "", "/", " ", "\\ ", "/**", "\r"])
    )


def random_path(rng: random.Random) -> str:
    return "/".join(rng.choices(NAMES, k=rng.choice([1, 2, 2, 3, 4])))


@pytest.mark.parametrize("seed", range(25))
def test_fuzzed_rules_are_judged_as_git_does(repo: RepoBuilder, seed: int) -> None:
    rng = random.Random(seed)
    paths = sorted({random_path(rng) for _ in range(120)})
    files = {}
    for folder in ["", *rng.sample(["a/", "b/", "ab/", "a/b/"], 2)]:
        files[folder] = "\n".join(random_rule(rng) for _ in range(rng.choice([1, 3, 6]))) + rng.choice(["", "\n"])
    for folder, rules in files.items():
        repo.write(f"{folder}.gitignore", rules)
    listing = repo.git(
        "check-ignore", "--no-index", "-z", "--stdin", stdin="\0".join([*paths, ""]).encode(), check=False
    )
    expected = set(listing.split("\0")) - {""}
    found = Repository.open(repo.path)
    assert set(ignored(found, paths, None)) == expected
    for folder in files:
        (repo.path / f"{folder}.gitignore").rename(repo.path / f"{folder}.codetuneignore")
    tip = repo.commit(files={f"{folder}.codetuneignore": rules for folder, rules in files.items()})
    assert ignored(found, paths, tip) == dict.fromkeys(expected, BY_US)

"""List, use, prune on a real store in a real repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.adapters import published
from support.command_line import codetune
from support.real_git import git

from codetune_git.store import Store


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


@pytest.fixture
def store(repository: Path) -> Store:
    return Store(repository / ".git" / "codetune")


def test_before_the_first_training(repository: Path) -> None:
    done = codetune(repository, "adapters")
    assert (done.code, done.out, done.err) == (0, "no adapters yet: run `git codetune train`\n", "")
    assert codetune(repository, "adapters", "use", "25").code == 3
    assert codetune(repository, "adapters", "prune").out == "nothing to remove\n"
    assert not (repository / ".git" / "codetune").exists()


def test_the_newest_comes_first_and_the_active_one_is_marked(repository: Path, store: Store) -> None:
    made = [published(store, n, commits=n * 10, name=f"run {n}") for n in (1, 2, 3)]
    store.activate(made[1])
    done = codetune(repository, "adapters", "list")
    assert (done.code, done.err) == (0, "")
    headings, *rows = done.out.splitlines()
    assert headings.split() == ["id", "trained", "read", "size", "base", "name"]
    assert [row.split()[0] for row in rows] == [made[2], "*", made[0]]
    assert rows[1].split()[1] == made[1]
    assert "20" in rows[1]
    assert rows[1].endswith("codetune-base@1  run 2")


def test_use_goes_back(repository: Path, store: Store) -> None:
    first = published(store, 1, created=1_750_000_000)
    published(store, 2, created=1_760_000_000)
    done = codetune(repository, "adapters", "use", "2506")
    assert (done.code, done.out) == (0, f"{first} is active, trained on 70 samples (12 commits read)\n")
    active = store.active()
    assert active is not None
    assert active.id == first
    assert codetune(repository, "adapters", "use", "25").code == 2
    assert codetune(repository, "adapters", "use", "../x").code == 3


def test_use_refuses_what_was_changed_and_keeps_the_active_one(repository: Path, store: Store) -> None:
    first, second = published(store, 1), published(store, 2)
    path = store.load(first).light / "model.bin"
    before = path.stat()
    path.write_bytes(b"\0" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    done = codetune(repository, "adapters", "use", first)
    assert (done.code, done.out) == (5, "")
    assert "light/model.bin was changed" in done.err
    active = store.active()
    assert active is not None
    assert active.id == second


def test_prune_says_what_went(repository: Path, store: Store) -> None:
    made = [published(store, n) for n in range(4)]
    done = codetune(repository, "adapters", "prune", "--keep", "2")
    assert (done.code, done.out) == (0, f"removed {made[0]}, {made[1]}\n")
    assert codetune(repository, "adapters", "prune", "--keep", "2").out == "nothing to remove\n"


def test_a_damaged_one_is_listed_with_its_reason(repository: Path, store: Store) -> None:
    first, second = published(store, 1), published(store, 2)
    (store.load(second).folder / "manifest.json").write_text("{")
    done = codetune(repository, "adapters")
    assert done.code == 0
    assert first in done.out
    assert "*" not in done.out
    assert done.err.startswith(f"codetune: adapter {second}: manifest.json is not JSON")


def test_while_another_process_trains(repository: Path, store: Store) -> None:
    first = published(store, 1)
    with store.lock("train"):
        done = codetune(repository, "adapters", "use", first)
        assert codetune(repository, "adapters").code == 0
    assert done.code == 4
    assert f"`train`, process {os.getpid()}" in done.err
    assert codetune(repository, "adapters", "use", first).code == 0


def test_work_trees_share_the_adapters(repository: Path, store: Store, tmp_path: Path) -> None:
    git(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "first")
    git(repository, "worktree", "add", "-q", str(tmp_path / "linked"))
    made = published(store, 1)
    assert made in codetune(tmp_path / "linked", "adapters").out

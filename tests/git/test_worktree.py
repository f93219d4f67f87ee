"""The work tree as `git add` would store it, and a text that is on no disk; nothing of the user's is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.flow_command import state_of
from support.repo_builder import RepoBuilder

from codetune_git.domain import LineRange, Refusal, Skipped, StagedFile
from codetune_git.errors import DataRefused
from codetune_git.git.repository import Repository
from codetune_git.git.staged import staged, staged_at
from codetune_git.git.worktree import add_text, add_worktree, private_index

Found = tuple[dict[str, StagedFile], tuple[Skipped, ...]]


def unstaged(folder: Path, *paths: str) -> Found:
    before = state_of(folder)
    with private_index(Repository.open(folder)) as private:
        add_worktree(private)
        files, skipped = staged_at(private, paths) if paths else staged(private)
    assert state_of(folder) == before
    return {file.path: file for file in files}, skipped


def test_edits_new_files_and_what_is_staged(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x = 1\n", "b.py": "y = 1\n", "gone.py": "z = 1\n", ".gitignore": "out/\n*.log.py\n"})
    repo.write("a.py", "x = 1\ny = 2\n")
    repo.write("b.py", "y = 1\ny = 2\n")
    repo.stage("b.py")
    repo.write("b.py", "y = 1\ny = 2\ny = 3\n")
    repo.write("pkg/new.py", "n = 1\n")
    repo.write("out/made.py", "m = 1\n")
    repo.write("a.log.py", "m = 1\n")
    repo.write("notes.txt", "m = 1\n")
    (repo.path / "gone.py").unlink()
    files, skipped = unstaged(repo.path)
    assert {path: file.added for path, file in files.items()} == {
        "a.py": (LineRange(2, 2),),
        "b.py": (LineRange(2, 3),),
        "pkg/new.py": (LineRange(1, 1),),
    }
    assert (files["a.py"].head, files["pkg/new.py"].head) == (b"x = 1\n", None)
    assert skipped == (Skipped("gone.py", "deleted"),)


def test_before_anything_was_staged(repo: RepoBuilder) -> None:
    repo.write("a.py", "x = 1\n")
    files, skipped = unstaged(repo.path)
    assert (list(files), skipped) == (["a.py"], ())


@pytest.mark.parametrize("setting", ["true", "input"])
def test_line_ends_are_those_that_git_would_store(repo: RepoBuilder, setting: str) -> None:
    repo.commit(files={"a.py": "x = 1\n"})
    repo.git("config", "core.autocrlf", setting)
    (repo.path / "a.py").write_bytes(b"x = 1\r\ny = 2\r\n")
    (file,) = unstaged(repo.path)[0].values()
    assert (file.content, file.added) == (b"x = 1\ny = 2\n", (LineRange(2, 2),))


def test_a_filter_that_fails_is_named(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x = 1\n", "b.py": "y = 1\n", ".gitattributes": "b.py filter=broken\n"})
    repo.git("config", "filter.broken.clean", "false")
    repo.git("config", "filter.broken.required", "true")
    repo.write("b.py", "z = 3\n")
    with pytest.raises(DataRefused, match=r"b\.py: clean filter 'broken' failed"):
        unstaged(repo.path)


def _link(repo: RepoBuilder) -> None:
    (repo.path / "a.py").unlink()
    (repo.path / "a.py").symlink_to("b.py")


def _intended(repo: RepoBuilder) -> None:
    repo.write("a.py", "x = 1\n")
    repo.write("c.py", "c = 1\n")
    repo.git("add", "--intent-to-add", "c.py")


def _assumed(repo: RepoBuilder) -> None:
    repo.git("update-index", "--assume-unchanged", "a.py")
    repo.write("a.py", "x = 3\n")


@pytest.mark.parametrize(
    ("change", "read", "left_out"), [(_link, [], ["a.py"]), (_intended, ["c.py"], []), (_assumed, [], [])]
)
def test_links_intentions_and_marks(
    repo: RepoBuilder, change: Callable[[RepoBuilder], None], read: list[str], left_out: list[str]
) -> None:
    repo.commit(files={"a.py": "x = 1\n", "b.py": "y = 1\n"})
    change(repo)
    files, skipped = unstaged(repo.path)
    assert (list(files), [one.path for one in skipped]) == (read, left_out)


def test_whole_files_need_not_have_changed(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x = 1\n", "pkg/b.py": "y = 1\ny = 2\n", "pkg/c.txt": "c\n"})
    repo.write("pkg/new.py", "n = 1\n")
    files, _ = unstaged(repo.path, "pkg")
    assert {path: file.added for path, file in files.items()} == {
        "pkg/b.py": (LineRange(1, 2),),
        "pkg/new.py": (LineRange(1, 1),),
    }
    assert list(unstaged(repo.path, "")[0]) == ["a.py", "pkg/b.py", "pkg/new.py"]


def test_a_text_that_is_on_no_disk(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x = 1\n", ".gitattributes": "*.py text eol=crlf\n"})
    before = state_of(repo.path)
    with private_index(Repository.open(repo.path)) as private:
        assert not isinstance(add_text(private, "a.py", b"x = 1\r\ny = 2\r\n"), Refusal)
        (file,), _ = staged(private)
    assert state_of(repo.path) == before
    assert (file.path, file.content, file.added) == ("a.py", b"x = 1\ny = 2\n", (LineRange(2, 2),))

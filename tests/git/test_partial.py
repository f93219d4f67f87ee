"""A partial clone whose remote is gone: what was never fetched is left out with its reason, the rest is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.domain import LineRange, Skipped
from codetune_git.git.lines import lines_since
from codetune_git.git.objects import BlobReader, Unreadable
from codetune_git.git.partial import NOT_FETCHED
from codetune_git.git.repository import Repository
from codetune_git.git.staged import changed, staged

ODD = "sub/glob*[x]?.py"


@pytest.fixture
def clone(repo: RepoBuilder, tmp_path: Path) -> RepoBuilder:
    """Everything at its tip was fetched, and of what was before only what had not changed."""
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit(files={"a.py": "old\n", ODD: "old\n", "sub/globa.py": "same\n"})
    repo.commit(files={"a.py": "new\n", ODD: "new\n", "b.py": "added\n"})
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", tmp_path / "partial")
    repo.path.rename(tmp_path / "gone")
    found = RepoBuilder(tmp_path / "partial")
    found.git("config", "user.name", "Ada")
    found.git("config", "user.email", "ada@example.invalid")
    return found


def test_of_a_range_the_files_that_can_be_compared_are(clone: RepoBuilder) -> None:
    repository = Repository.open(clone.path)
    files, skipped = changed(repository, clone.git("rev-parse", "HEAD~"), clone.git("rev-parse", "HEAD"))
    assert [(file.path, file.content, file.added) for file in files] == [("b.py", b"added\n", (LineRange(1, 1),))]
    assert skipped == (Skipped("a.py", NOT_FETCHED), Skipped(ODD, NOT_FETCHED))


def test_of_what_is_staged_too(clone: RepoBuilder) -> None:
    old = clone.git("rev-parse", "HEAD~:a.py")
    clone.git("update-index", "--cacheinfo", f"100644,{old},a.py")
    clone.write("sub/globa.py", "same\nmore\n")
    clone.stage("sub/globa.py")
    files, skipped = staged(Repository.open(clone.path))
    assert [(file.path, file.head, file.added) for file in files] == [("sub/globa.py", b"same\n", (LineRange(2, 2),))]
    assert skipped == (Skipped("a.py", NOT_FETCHED),)


def test_a_file_that_cannot_be_compared_has_no_newer_lines(clone: RepoBuilder) -> None:
    assert lines_since(Repository.open(clone.path), "HEAD~", "HEAD") == {"b.py": (LineRange(1, 1),)}


def test_a_reader_goes_on_after_what_is_missing(clone: RepoBuilder) -> None:
    old, new = clone.git("rev-parse", "HEAD~:a.py"), clone.git("rev-parse", "HEAD:a.py")
    with BlobReader(Repository.open(clone.path)) as reader:
        assert reader.read([old, new]) == {old: Unreadable.MISSING, new: b"new\n"}

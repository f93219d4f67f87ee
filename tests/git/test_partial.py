"""A partial clone whose remote is gone: what was never fetched is left out with its reason, the rest is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.domain import LineRange, Skipped
from codetune_git.git.history import diffs, not_fetched, walk
from codetune_git.git.lines import lines_since
from codetune_git.git.objects import BlobReader, sizes
from codetune_git.git.partial import NOT_FETCHED
from codetune_git.git.repository import Repository
from codetune_git.git.staged import changed, staged
from codetune_git.git.tree import TreeFile, tree_files

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
        assert reader.read([old, new]) == {old: NOT_FETCHED, new: b"new\n"}


def test_commits_of_which_all_is_here_are_read_and_the_others_are_named(clone: RepoBuilder) -> None:
    lacking = clone.git("rev-parse", "HEAD")
    first = clone.commit(files={"a.py": "newer\n", "n.txt": "1\n"})
    (clone.path / "caf\udce9.py").symlink_to("nowhere")  # a path that is not UTF-8, and no regular file
    clone.stage("caf\udce9.py")
    second = clone.commit(files={"b.py": None})
    third = clone.commit(files={"sub/globa.py": "other\n"})
    repository = Repository.open(clone.path)
    assert [commit.oid for commit in walk(repository, "HEAD")] == [first, second, third]
    assert [commit.oid for commit in walk(repository, "HEAD", exclude=(first,))] == [second, third]
    assert [commit.oid for commit in walk(repository, "HEAD", limit=1)] == [third]
    assert list(walk(repository, lacking)) == []
    changed_files = [[(file.path, file.added) for file in files] for files in diffs(repository, "HEAD", limit=4)]
    assert changed_files[0] == [("a.py", (LineRange(1, 1),))]
    assert len(changed_files) == 3
    assert not_fetched(repository, "HEAD") == (clone.git("rev-parse", f"{lacking}~"), lacking)
    assert not_fetched(repository, "HEAD", limit=4) == (lacking,)


def test_a_tree_is_listed_and_what_is_here_has_a_size(clone: RepoBuilder) -> None:
    repository = Repository.open(clone.path)
    old, same = clone.git("rev-parse", "HEAD~:a.py"), clone.git("rev-parse", "HEAD:sub/globa.py")
    assert {TreeFile("a.py", old), TreeFile("sub/globa.py", same)} < set(tree_files(repository, "HEAD~"))
    assert sizes(repository, {old, same}) == {same: 5}

from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.errors import Unavailable
from codetune_git.git.objects import MISSING, TOO_LARGE, BlobReader, content_at
from codetune_git.git.partial import NOT_FETCHED
from codetune_git.git.repository import Repository


def stored(repo: RepoBuilder, content: bytes) -> str:
    return repo.git("hash-object", "-w", "--stdin", stdin=content)


def test_reads_bytes_as_they_are(repo: RepoBuilder) -> None:
    contents = [b"", b"\n", b"no line feed", b"caf\xe9\r\n", b"nul \0 byte\n", b"deadbeef missing\n"]
    oids = [stored(repo, content) for content in contents]
    with BlobReader(Repository.open(repo.path)) as reader:
        assert reader.read(oids) == dict(zip(oids, contents, strict=True))


def test_reads_more_than_a_pipe_holds(repo: RepoBuilder) -> None:
    contents = [b"%d\n" % number * 20_000 for number in range(150)]
    oids = [stored(repo, content) for content in contents]
    with BlobReader(Repository.open(repo.path)) as reader:
        assert reader.read(oids) == dict(zip(oids, contents, strict=True))
        assert reader.read([]) == {}


def test_says_why_there_is_no_content(repo: RepoBuilder) -> None:
    large, small = stored(repo, b"x" * 5_000_000), stored(repo, b"x" * 100)
    with BlobReader(Repository.open(repo.path), max_size=100) as reader:
        assert reader.read([large, "1" * 40, small]) == {
            large: TOO_LARGE,
            "1" * 40: MISSING,
            small: b"x" * 100,
        }


def test_must_be_open(repo: RepoBuilder) -> None:
    with pytest.raises(ValueError, match="not open"):
        BlobReader(Repository.open(repo.path)).read(["1" * 40])


def test_a_broken_object_is_a_missing_one(repo: RepoBuilder) -> None:
    oid = stored(repo, b"content\n")
    place = repo.path / ".git" / "objects" / oid[:2] / oid[2:]
    place.chmod(0o644)
    place.write_bytes(b"garbage")
    with BlobReader(Repository.open(repo.path)) as reader:
        assert reader.read([oid]) == {oid: MISSING}


def test_a_partial_clone_is_not_filled(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    repo.commit(files={"a.py": "old\n"})
    repo.commit(files={"a.py": "new\n"})
    old, new = repo.git("rev-parse", "HEAD~:a.py"), repo.git("rev-parse", "HEAD:a.py")
    partial = tmp_path / "partial"
    repo.git("clone", "--quiet", "--filter=blob:none", f"file://{repo.path}", partial)
    with BlobReader(Repository.open(partial)) as reader:
        assert reader.read([new]) == {new: b"new\n"}
        assert reader.read([old]) == {old: NOT_FETCHED}
    bare = Repository.open(partial).git
    with pytest.raises(Unavailable, match=r"partial clone.*--refetch"), BlobReader(bare) as reader:
        reader.read([old])


def test_a_file_of_a_commit_by_its_path(repo: RepoBuilder) -> None:
    commit = repo.commit(files={"a b/ä.py": b"caf\xe9\r\n"})
    found = Repository.open(repo.path)
    assert content_at(found, commit, "a b/ä.py") == b"caf\xe9\r\n"
    assert content_at(found, commit, "a b") is None
    assert content_at(found, commit, "b.py") is None
    assert content_at(found, "1" * 40, "a b/ä.py") is None

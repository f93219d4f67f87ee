"""libgit2 and git's processes read the same, and libgit2 is left alone where it would not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.errors import Unavailable
from codetune_git.git.objects import MISSING, TOO_LARGE, BlobReader, sizes
from codetune_git.git.partial import NOT_FETCHED
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeFile, tree_files

pytest.importorskip("pygit2")
CONTENTS = {
    "a.py": b"x = 1\n",
    "dos.py": b"x = 1\r\ny = 2\r\n",
    "empty.py": b"",
    "nul.bin": b"\0\1\2" * 1000,
    "deep/er/b.py": b"caf\xe9\n",
    "deep.py": b"sorts between the folder and what is in it\n",
    "deep-er": b"",
    "line\nfeed.py": b"1",
    "byte\udcff.py": b"2",
    "ä é/ö.py": b"3",
    " blank ": b"4",
    '"quoted".py': b"5",
    "long.txt": b"0123456789\n" * 5000,
}


def house(repo: RepoBuilder) -> str:
    """Odd names and contents, a program, a symbolic link and a submodule."""
    oid = repo.commit(files=CONTENTS)
    (repo.path / "deep/er/link.py").symlink_to("b.py")
    repo.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    repo.stage("deep/er/link.py", "run.sh")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module.py")
    return repo.commit()


def told(repository: Repository, revision: str) -> tuple[object, ...]:
    """All that is read of a revision, or why not."""
    try:
        files = tree_files(repository, revision)
    except Unavailable as error:
        return (str(error),)
    oids = [file.oid for file in files]
    with BlobReader(repository, max_size=40_000) as reader:
        contents = reader.read([*oids, "1" * 40])
    return files, tree_files(repository, revision, (".py",)), contents, list(contents), sizes(repository, oids)


def compared(path: Path, revision: str) -> tuple[object, ...]:
    repository = Repository.open(path)
    library = repository.with_object_database()
    assert library.objects is not None
    answers = told(repository, revision)
    assert told(library, revision) == answers
    return answers


def test_files_as_they_are(repo: RepoBuilder) -> None:
    tip = house(repo)
    files, python, contents, *_ = compared(repo.path, tip)
    assert len(files) == len(CONTENTS) + 1
    assert TreeFile("byte\udcff.py", repo.git("rev-parse", "HEAD:byte\udcff.py")) in python
    assert contents[repo.git("rev-parse", "HEAD:dos.py")] == CONTENTS["dos.py"]
    assert contents[repo.git("rev-parse", "HEAD:long.txt")] == TOO_LARGE
    assert contents["1" * 40] == MISSING
    repo.git("gc", "--quiet")
    assert compared(repo.path, tip)[0] == files


@pytest.mark.parametrize("revision", ["HEAD", "main~1", "v1", "v1^{tree}", "main:deep", "1" * 40, "no such"])
def test_any_name_of_a_revision(repo: RepoBuilder, revision: str) -> None:
    house(repo)
    repo.git("tag", "-a", "v1", "-m", "One")
    compared(repo.path, revision)
    done = repo.git("rev-parse", "--verify", "--quiet", revision, check=False)
    compared(repo.path, done or revision)  # by its oid: a tag's, a tree's


def cloned(*options: str) -> Callable[[RepoBuilder, Path], Path]:
    def clone(repo: RepoBuilder, folder: Path) -> Path:
        repo.git("config", "uploadpack.allowFilter", "true")
        repo.git("clone", "--quiet", *options, repo.path if "--shared" in options else f"file://{repo.path}", folder)
        return folder

    return clone


def linked(repo: RepoBuilder, folder: Path) -> Path:
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("worktree", "add", "--quiet", "--detach", folder)
    return folder


def extended(repo: RepoBuilder, folder: Path) -> Path:
    """With an extension that git knows and libgit2 does not: nothing but objects is asked of it."""
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.noop-v1", "true")
    return repo.path


@pytest.mark.parametrize(
    "made",
    [cloned("--shared"), cloned("--bare"), cloned("--depth=1"), cloned("--filter=blob:none"), linked, extended],
    ids=["alternates", "bare", "shallow", "partial", "linked", "extension"],
)
def test_any_repository(repo: RepoBuilder, tmp_path: Path, made: Callable[[RepoBuilder, Path], Path]) -> None:
    tip = house(repo)
    repo.commit(files={"a.py": "x = 2\n"})
    place = made(repo, tmp_path / "other")
    compared(place, tip)
    compared(place, repo.git("rev-parse", "HEAD"))


def test_what_a_partial_clone_lacks(repo: RepoBuilder, tmp_path: Path) -> None:
    tip = house(repo)
    repo.commit(files={"a.py": "x = 2\n"})
    place = cloned("--filter=blob:none")(repo, tmp_path / "other")
    contents = compared(place, tip)[2]
    assert contents[repo.git("rev-parse", f"{tip}:a.py")] == NOT_FETCHED


def _loose(repo: RepoBuilder, oid: str) -> Path:
    return repo.path / ".git" / "objects" / oid[:2] / oid[2:]


@pytest.mark.parametrize("name", ["HEAD:a.py", "HEAD:deep", "HEAD^{tree}", "HEAD"])
@pytest.mark.parametrize("damaged", [True, False])
def test_what_is_damaged_or_gone(repo: RepoBuilder, name: str, damaged: bool) -> None:
    tip = house(repo)
    place = _loose(repo, repo.git("rev-parse", name))
    place.unlink()
    if damaged:
        place.write_bytes(b"garbage")
    answers = compared(repo.path, tip)
    assert len(answers) == (5 if name == "HEAD:a.py" else 1)


@pytest.mark.parametrize(
    "tree",
    [
        b"100664 a.py\0" + b"\1" * 20,  # as long ago
        b"040000 deep\0" + b"\1" * 20,
        b"100644 a/b.py\0" + b"\1" * 20,
        b"100644 a.py\0" + b"\1" * 10,
        b"100644 \0" + b"\1" * 20,
        b"100644 a.py" + b"\1" * 20,
        b"",
    ],
)
def test_trees_that_git_would_not_write(repo: RepoBuilder, tree: bytes) -> None:
    oid = repo.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=tree)
    commit = b"tree %s\nauthor A <a@b> 0 +0000\ncommitter A <a@b> 0 +0000\n\nX\n" % oid.encode()
    compared(repo.path, repo.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=commit))


def test_what_comes_after_the_opening(repo: RepoBuilder) -> None:
    house(repo)
    library = Repository.open(repo.path).with_object_database()
    repo.git("gc", "--quiet")
    assert told(library, repo.commit(files={"later.py": "x\n"})) == told(
        Repository.open(repo.path), repo.git("rev-parse", "HEAD")
    )


def test_replaced_objects_are_left_to_git(repo: RepoBuilder) -> None:
    tip = house(repo)
    old, new = repo.git("rev-parse", "HEAD:a.py"), repo.git("rev-parse", "HEAD:dos.py")
    repo.git("replace", old, new)
    repo.git("pack-refs", "--all")
    library = Repository.open(repo.path).with_object_database()
    assert library.objects is None
    assert told(library, tip)[2][old] == CONTENTS["dos.py"]


def test_sha256_is_left_to_git(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format="sha256")
    tip = house(repo)
    library = Repository.open(repo.path).with_object_database()
    assert library.objects is None
    assert told(library, tip)[2][repo.git("rev-parse", "HEAD:a.py")] == CONTENTS["a.py"]


def test_objects_elsewhere_are_left_to_git(repo: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house(repo)
    (repo.path / ".git" / "objects").rename(tmp_path / "objects")
    (repo.path / ".git" / "objects").mkdir()
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "objects"))
    assert Repository.open(repo.path).with_object_database().objects is None


def test_a_repository_of_somebody_else_is_refused(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Unavailable, match="belongs to another user"):
        Repository.open(repo.path).with_object_database()


@pytest.mark.parametrize("before", ["import sys; sys.modules['pygit2'] = None", "import pygit2; pygit2.Odb = object"])
def test_without_a_library_git_reads(repo: RepoBuilder, before: str) -> None:
    house(repo)
    program = f"""{before}
from codetune_git.git.repository import Repository
from codetune_git.git.tree import tree_files
repository = Repository.open().with_object_database()
print(repository.objects, len(tree_files(repository, repository.head())))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", str(len(CONTENTS) + 1)]

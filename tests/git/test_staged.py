from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder

from codetune_git.domain import LineRange, Skipped, StagedFile
from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.git.staged import changed, fork, staged

ODD_NAMES = ["line\nfeed.py", "byte\udcff.py", 'quo"te.py', "-dash.py", "tab\t.py", "glob*?[a].py"]


def _ranged(folder: Path, base: str, tip: str) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    repository = Repository.open(folder)
    return changed(repository, *fork(repository, base, tip))


def seen(repo: RepoBuilder) -> tuple[dict[str, StagedFile], dict[str, str]]:
    files, skipped = staged(Repository.open(repo.path))
    assert len({file.path for file in files} | {skip.path for skip in skipped}) == len(files) + len(skipped)
    return {file.path: file for file in files}, {skip.path: skip.reason for skip in skipped}


def test_the_staged_text_counts_not_the_work_tree(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "one\ntwo\nthree\n"})
    repo.write("a.py", "one\n2\nthree\nfour\n")
    repo.stage("a.py")
    repo.write("a.py", "unstaged\n")
    repo.write("untracked.py", "x\n")
    assert staged(Repository.open(repo.path)) == (
        (
            StagedFile(
                path="a.py",
                oid=repo.git("rev-parse", ":a.py"),
                content=b"one\n2\nthree\nfour\n",
                head=b"one\ntwo\nthree\n",
                added=(LineRange(2, 2), LineRange(4, 4)),
            ),
        ),
        (),
    )


def test_nothing_staged(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x\n"})
    assert seen(repo) == ({}, {})


def test_before_the_first_commit_all_is_new(repo: RepoBuilder) -> None:
    assert seen(repo) == ({}, {})
    repo.write("a.py", "x\ny\n")
    repo.stage()
    files, _ = seen(repo)
    assert (files["a.py"].head, files["a.py"].added) == (None, (LineRange(1, 2),))


def test_only_the_suffixes(repo: RepoBuilder) -> None:
    for name in ("a.py", "deep/b.py", "c.rb", "d.txt", "py"):
        repo.write(name, "x\n")
    repo.stage()
    assert set(seen(repo)[0]) == {"a.py", "deep/b.py"}
    assert {file.path for file in staged(Repository.open(repo.path), (".rb", ".txt"))[0]} == {"c.rb", "d.txt"}


def test_from_a_folder_below_all_is_seen(repo: RepoBuilder) -> None:
    repo.write("a.py", "x\n")
    repo.write("deep/b.py", "x\n")
    repo.stage()
    assert [file.path for file in staged(Repository.open(repo.path / "deep"))[0]] == ["a.py", "deep/b.py"]


def test_a_rename_is_compared_with_what_it_was(repo: RepoBuilder) -> None:
    text = "".join(f"line {number}\n" for number in range(10))
    repo.commit(files={"old.py": text, "plain.py": "a\nb\nc\n"})
    repo.git("mv", "old.py", "new.py")
    repo.git("mv", "plain.py", "moved.py")
    repo.write("new.py", text + "more\n")
    repo.stage("new.py")
    files, skipped = seen(repo)
    assert (files["new.py"].head, files["new.py"].added) == (text.encode(), (LineRange(11, 11),))
    assert skipped == {"moved.py": "renamed, content unchanged"}


def test_what_cannot_be_looked_at_is_skipped_with_the_reason(repo: RepoBuilder) -> None:
    oid = repo.commit(files={"gone.py": "x\n", "mode.py": "x\n", "link.py": "x\n", "was-large.py": "x" * 2_000_000})
    repo.git("rm", "--quiet", "gone.py")
    repo.git("update-index", "--chmod=+x", "mode.py")
    (repo.path / "link.py").unlink()
    (repo.path / "link.py").symlink_to("mode.py")
    repo.write("binary.py", b"x\0y\n")
    repo.write("large.py", ("x" * 5_000 + "\n") * 1000)
    repo.write("was-large.py", "small\n")
    repo.write("intended.py", "later\n")
    repo.write("empty.py", "")
    repo.write("good.py", "good\n")
    repo.stage("link.py", "binary.py", "large.py", "was-large.py", "empty.py", "good.py")
    repo.git("add", "--intent-to-add", "intended.py")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module.py")
    files, skipped = seen(repo)
    assert skipped == {
        "gone.py": "deleted",
        "mode.py": "mode changed, content unchanged",
        "link.py": "symbolic link",
        "binary.py": "binary",
        "large.py": "too large",
        "was-large.py": "what it was before: too large",
        "intended.py": "intent to add: nothing is staged yet",
        "module.py": "submodule",
    }
    assert {path: file.content for path, file in files.items()} == {"good.py": b"good\n", "empty.py": b""}


def test_a_submodule_that_becomes_a_file_is_skipped(repo: RepoBuilder) -> None:
    oid = repo.commit(files={"a.py": "x\n"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{oid},module.py")
    repo.commit()
    repo.git("rm", "--quiet", "--cached", "module.py")
    repo.write("module.py", "x\n")
    repo.stage("module.py")
    assert seen(repo) == ({}, {"module.py": "submodule"})


def test_a_link_that_becomes_a_file_is_new(repo: RepoBuilder) -> None:
    repo.commit(files={"b.py": "x\n"})
    (repo.path / "a.py").symlink_to("b.py")
    repo.stage("a.py")
    repo.commit()
    (repo.path / "a.py").unlink()
    repo.write("a.py", "text\nmore\n")
    repo.stage("a.py")
    file = seen(repo)[0]["a.py"]
    assert (file.content, file.head, file.added) == (b"text\nmore\n", None, (LineRange(1, 2),))


def test_a_merge_in_progress(repo: RepoBuilder) -> None:
    repo.commit(files={"both.py": "1\n", "theirs.py": "1\n", "late.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit(files={"both.py": "side\n", "theirs.py": "side\n", "late.py": "side\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit(files={"both.py": "main\n", "late.py": "main\n"})
    repo.git("merge", "side", check=False)
    repo.write("late.py", "resolved\n")
    repo.stage("late.py")
    files, skipped = seen(repo)
    assert skipped == {"both.py": "merge conflict"}
    assert {path: file.content for path, file in files.items()} == {"late.py": b"resolved\n", "theirs.py": b"side\n"}
    assert all(file.added == (LineRange(1, 1),) for file in files.values())


def test_odd_names_and_contents(repo: RepoBuilder) -> None:
    repo.commit(files=dict.fromkeys(ODD_NAMES, "x"))
    contents = {name: b"caf\xe9\r\n\r lone\nlast of %d" % number for number, name in enumerate(ODD_NAMES)}
    for name, content in contents.items():
        repo.write(name, content)
    repo.stage(*ODD_NAMES)
    files, skipped = seen(repo)
    assert skipped == {}
    assert {path: file.content for path, file in files.items()} == contents
    assert all((file.head, file.added) == (b"x", (LineRange(1, 3),)) for file in files.values())


def test_line_endings_are_those_of_the_index(repo: RepoBuilder) -> None:
    repo.git("config", "core.autocrlf", "true")
    repo.commit(files={"a.py": "one\r\ntwo\r\n"})
    repo.write("a.py", "one\r\ntwo\r\nthree\r\n")
    repo.stage("a.py")
    file = seen(repo)[0]["a.py"]
    assert (file.content, file.added) == (b"one\ntwo\nthree\n", (LineRange(3, 3),))


def test_sha256_and_attributes_that_hide_the_diff(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format="sha256")
    repo.commit(files={"a.py": "1\n2\n", ".gitattributes": "*.py binary\n"})
    repo.write("a.py", "1\n2\n3\n")
    repo.stage("a.py")
    assert seen(repo)[0]["a.py"].added == (LineRange(3, 3),)


def test_a_range_is_what_the_tip_changed_since_it_left_the_base(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n2\n3\n", "gone.py": "x\n"})
    repo.git("checkout", "--quiet", "-b", "feature")
    repo.commit(files={"a.py": "1\n2\nthree\n"})
    repo.commit(files={"b.py": "new\n", "gone.py": None})
    repo.git("checkout", "--quiet", "main")
    repo.commit(files={"a.py": "main\n2\n3\n", "main.py": "x\n"})
    files, skipped = _ranged(repo.path, "main", "feature")
    assert [(file.path, file.content, file.head, file.added) for file in files] == [
        ("a.py", b"1\n2\nthree\n", b"1\n2\n3\n", (LineRange(3, 3),)),
        ("b.py", b"new\n", None, (LineRange(1, 1),)),
    ]
    assert skipped == (Skipped("gone.py", "deleted"),)


def test_a_range_needs_neither_index_nor_work_tree(repo: RepoBuilder, tmp_path: Path) -> None:
    first = repo.commit(files={"a.py": "1\n"})
    second = repo.commit(files={"a.py": "2\n"})
    repo.git("clone", "--quiet", "--bare", repo.path, tmp_path / "bare.git")
    ((file,), _) = _ranged(tmp_path / "bare.git", first, second)
    assert (file.content, file.head) == (b"2\n", b"1\n")


def test_a_range_without_a_merge_base_compares_both_ends(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n2\n"})
    repo.git("checkout", "--quiet", "--orphan", "alien")
    repo.commit(files={"a.py": "1\nzwei\n"})
    ((file,), _) = _ranged(repo.path, "main", "alien")
    assert (file.head, file.added) == (b"1\n2\n", (LineRange(2, 2),))


@pytest.mark.parametrize(
    ("base", "tip", "said"),
    [
        ("nothing", "HEAD", "fetch it first"),
        ("HEAD", "--all", "fetch it first"),
        ("f" * 40, "HEAD", "fetch it first"),
        ("0" * 40, "HEAD", "says that there was none"),
        ("HEAD", "0" * 64, "says that there was none"),
    ],
)
def test_a_range_of_unknown_commits_is_a_usage_error(repo: RepoBuilder, base: str, tip: str, said: str) -> None:
    repo.commit(files={"a.py": "1\n"})
    with pytest.raises(UsageError, match=said):
        _ranged(repo.path, base, tip)

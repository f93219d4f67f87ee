from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder, isolated_environment

import codetune_git
from codetune_git.errors import Unavailable
from codetune_git.git.repository import Repository
from codetune_git.git.staged import staged

PRINT_WHAT_IS_SEEN = """
from codetune_git.git.repository import Repository
from codetune_git.git.staged import staged
repository = Repository.open()
print(repository.worktree, repository.head(), [file.content for file in staged(repository)[0]])
"""


def test_opens_from_a_folder_below(repo: RepoBuilder) -> None:
    oid = repo.commit(files={"package/module.py": "x = 1\n"})
    found = Repository.open(repo.path / "package")
    assert (found.git_dir, found.common_dir, found.worktree) == (repo.path / ".git", repo.path / ".git", repo.path)
    assert (found.bare, found.shallow, found.head()) == (False, False, oid)
    assert found.codetune_dir == repo.path / ".git" / "codetune"
    assert not found.codetune_dir.exists()


def test_opens_around_the_current_folder(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repo.path)
    assert Repository.open().worktree == repo.path


def test_no_repository_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(Unavailable, match=r"^not a git repository: .*git init"):
        Repository.open(tmp_path)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no such folder"):
        Repository.open(tmp_path / "nowhere")


def test_no_git_executable(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repo.path))
    with pytest.raises(Unavailable, match="install git"):
        Repository.open(repo.path)


def test_somebody_elses_repository_says_what_to_do(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Unavailable, match=r"belongs to another user.*safe\.directory"):
        Repository.open(repo.path)


def test_an_unknown_extension_is_named(repo: RepoBuilder) -> None:
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.fromTheFuture", "true")
    with pytest.raises(Unavailable, match="fromthefuture") as caught:
        Repository.open(repo.path)
    assert "\n" not in str(caught.value)


def test_bare(tmp_path: Path) -> None:
    found = Repository.open(RepoBuilder(tmp_path / "bare.git", bare=True).path)
    assert (found.git_dir, found.worktree, found.bare) == (tmp_path / "bare.git", None, True)


def test_inside_the_git_folder_there_is_no_worktree(repo: RepoBuilder) -> None:
    found = Repository.open(repo.path / ".git")
    assert (found.git_dir, found.worktree, found.bare) == (repo.path / ".git", None, False)


def test_unborn_branch_has_no_head(repo: RepoBuilder) -> None:
    assert Repository.open(repo.path).head() is None


def test_linked_worktree_shares_the_common_folder(repo: RepoBuilder, tmp_path: Path) -> None:
    oid = repo.commit(files={"a.py": "x\n"})
    repo.git("worktree", "add", "--quiet", tmp_path / "linked", "-b", "other")
    found = Repository.open(tmp_path / "linked")
    assert found.git_dir == repo.path / ".git" / "worktrees" / "linked"
    assert found.codetune_dir == repo.path / ".git" / "codetune"
    assert (found.worktree, found.head()) == (tmp_path / "linked", oid)


def test_sha256(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format="sha256")
    oid = repo.commit(files={"a.py": "x\n"})
    found = Repository.open(repo.path)
    assert (found.hash_name, found.head(), len(oid)) == ("sha256", oid, 64)


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_the_empty_objects(tmp_path: Path, object_format: str) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format=object_format)
    found = Repository.open(repo.path)
    assert found.empty_tree == repo.git("hash-object", "-t", "tree", "--stdin")
    assert found.empty_blob == repo.git("hash-object", "--stdin")


def test_shallow(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(files={"a.py": "1\n"})
    repo.commit(files={"a.py": "2\n"})
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.path}", tmp_path / "shallow")
    assert Repository.open(tmp_path / "shallow").shallow


def test_resolve(repo: RepoBuilder) -> None:
    first = repo.commit(files={"a.py": "1\n"})
    second = repo.commit(files={"a.py": "2\n"})
    repo.git("tag", "-a", "v1", "-m", "annotated", first)
    found = Repository.open(repo.path)
    assert (found.resolve("v1"), found.resolve("HEAD~1"), found.resolve("main")) == (first, first, second)
    for wrong in ("nothing", "HEAD~9", "", "--all", "0" * 40, "HEAD^{tree}"):
        assert found.resolve(wrong) is None


def test_merge_bases(repo: RepoBuilder) -> None:
    base = repo.commit(files={"a.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(files={"b.py": "1\n"})
    repo.git("checkout", "--quiet", "main")
    main = repo.commit(files={"c.py": "1\n"})
    found = Repository.open(repo.path)
    assert found.merge_base(side, main) == base
    repo.git("checkout", "--quiet", "--orphan", "alien")
    assert found.merge_base(repo.commit("Alien"), main) is None


def test_configuration_with_its_origin(repo: RepoBuilder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "global").write_text("[codetune]\n\tbase = global\n\tdevice = cpu\n\tquiet\n[user]\n\tname = nobody\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "global"))
    repo.git("config", "codetune.base", "two\nlines = here")
    found = Repository.open(repo.path).config("codetune.")
    assert {key: (entry.value, entry.scope) for key, entry in found.items()} == {
        "codetune.base": ("two\nlines = here", "local"),
        "codetune.device": ("cpu", "global"),
        "codetune.quiet": ("true", "global"),
    }
    assert found["codetune.device"].origin == f"file:{tmp_path / 'global'}"


def test_configuration_of_the_command_line_wins(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "codetune.base", "local")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'codetune.base=command'")
    found = Repository.open(repo.path).config("codetune.")["codetune.base"]
    assert (found.value, found.scope) == ("command", "command")


def test_state(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(files={"a.py": "2\n"})
    repo.git("checkout", "--quiet", "main")
    repo.commit(files={"a.py": "3\n"})
    found = Repository.open(repo.path)
    assert found.state() is None
    for start, expected in (
        (("merge", "side"), "merge"),
        (("rebase", "side"), "rebase"),
        (("cherry-pick", side), "cherry-pick"),
        (("revert", "--no-edit", side), "revert"),
    ):
        repo.git(*start, check=False)
        assert found.state() == expected
        repo.git(expected, "--abort")
    assert found.state() is None


@pytest.mark.parametrize("commit", [["-a"], ["a.py"], ["--only", "a.py"], ["--include", "a.py"]])
def test_a_hook_sees_the_index_of_its_commit(repo: RepoBuilder, commit: list[str]) -> None:
    oid = repo.commit(files={"a.py": "old\n", "below/b.py": "old\n"})
    repo.write("a.py", "new\n")
    repo.hook("pre-commit", f"{sys.executable} -c '{PRINT_WHAT_IS_SEEN}' > seen")
    repo.git("commit", "--quiet", "-m", "with a hook", *commit)
    assert (repo.path / "seen").read_text().split("\n")[0] == f"{repo.path} {oid} [b'new\\n']"


def test_a_hook_in_a_linked_worktree_sees_its_own_index(repo: RepoBuilder, tmp_path: Path) -> None:
    oid = repo.commit(files={"a.py": "old\n"})
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "--quiet", linked, "-b", "other")
    (linked / "a.py").write_text("new\n")
    repo.hook("pre-commit", f"{sys.executable} -c '{PRINT_WHAT_IS_SEEN}' > '{tmp_path}/seen'")
    repo.git("-C", linked, "commit", "--quiet", "-a", "-m", "with a hook")
    assert (tmp_path / "seen").read_text() == f"{linked} {oid} [b'new\\n']\n"


def test_a_relative_index_is_found_from_any_folder(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit(files={"below/a.py": "x\n"})
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/other-index")
    monkeypatch.chdir(repo.path / "below")
    found = Repository.open()
    assert found.git.environment["GIT_INDEX_FILE"] == str(repo.path / ".git" / "other-index")


def test_no_pathspec_setting_of_the_caller_leaks_in(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    repo.write("a.py", "x\n")
    repo.stage()
    assert [file.path for file in staged(Repository.open(repo.path))[0]] == ["a.py"]


def test_reading_what_is_staged_loads_no_library() -> None:
    program = "import sys; from codetune_git.git.staged import staged; print('pygit2' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=isolated_environment(), check=True
    )
    assert done.stdout == "False\n"


def test_split_index(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x\n"})
    repo.git("update-index", "--split-index")
    repo.write("b.py", "y\n")
    repo.stage("b.py")
    assert [name for name in os.listdir(repo.path / ".git") if name.startswith("sharedindex")]
    assert [file.path for file in staged(Repository.open(repo.path))[0]] == ["b.py"]


def test_where_hooks_are_looked_for(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit(files={"a.py": "1\n", "in/b.py": "1\n"})
    repo.git("worktree", "add", "--quiet", tmp_path / "linked")
    hooks = repo.path / ".git" / "hooks"
    for start in (repo.path, repo.path / "in", tmp_path / "linked"):
        assert Repository.open(start).hooks() == hooks
    repo.git("config", "core.hooksPath", "own hooks")
    assert Repository.open(repo.path / "in").hooks() == repo.path / "own hooks"


def test_git_says_its_version(repo: RepoBuilder) -> None:
    assert Repository.open(repo.path).version() == repo.git("version")


def test_nobody_outside_this_room_calls_git() -> None:
    """The contracts keep others from importing what starts git; a repository carries it, too."""
    package = Path(codetune_git.__file__).parent
    for path in package.rglob("*.py"):
        if path.parent.name != "git":
            tree = ast.parse(path.read_bytes())
            assert not [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "git"], path

"""Where the tool is called: no repository, a bare or unborn one, a linked work tree, a shallow clone, no Python."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from support.flow_command import codetune, command_environment, committed, hooked, learned_in, state_of
from support.flow_repository import COMMITS, SLIP, build, grow, plant, some_module, with_slip
from support.real_git import commit, git

COMMANDS = (["train"], ["suggest"], ["conventions"], ["evaluate"], ["adapters"], ["status"], ["config"])


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_outside_a_repository(tmp_path: Path, arguments: list[str]) -> None:
    done = codetune(tmp_path, *arguments)
    assert (done.code, done.out) == (4, "")
    assert "not a git repository" in done.complaint
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_somebody_else(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", 1)
    os.chown(folder, 12345, 12345)
    os.chown(folder / ".git", 12345, 12345)
    for arguments in (["train"], ["suggest"]):
        done = codetune(folder, *arguments)
        assert (done.code, done.out) == (4, "")
        assert "safe.directory" in done.complaint


def test_an_unborn_branch(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", 0)
    nothing = codetune(folder, "suggest")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "")
    (folder / "new.py").write_text(SLIP)
    git(folder, "add", "new.py")
    before = state_of(folder)
    done = codetune(folder, "train")
    assert (done.code, done.out) == (4, "")
    assert "no commits yet" in done.complaint
    silent = codetune(folder, "suggest")
    assert (silent.code, silent.out, silent.err) == (0, "", "")
    assert codetune(folder, "status").code == 0
    assert state_of(folder) == before
    assert learned_in(folder) == {}


def test_no_python_at_all(tmp_path: Path, train: tuple[str, ...]) -> None:
    folder = build(tmp_path / "house", 0)
    commit(folder, {"README": "A text.\n", "main.c": "int main(void) { return 0; }\n"})
    before = state_of(folder)
    done = codetune(folder, *train)
    assert done.code == 0
    assert "nothing to learn from" in done.out
    counted = codetune(folder, "conventions")
    assert (counted.code, counted.out) == (0, "Nothing here to count: no file is in a language that is read.\n")
    assert "none yet" in codetune(folder, "status").out
    assert state_of(folder) == before


def test_too_few_hunks_teach_counts_and_silence(tmp_path: Path, train: tuple[str, ...]) -> None:
    folder = build(tmp_path / "house", 5)
    before = state_of(folder)
    done = codetune(folder, *train)
    assert done.code == 0, done.err
    assert "Silent: " in done.out
    assert "30 are needed" in done.out
    assert "Active adapter: " in done.out
    assert state_of(folder) == before
    plant(folder)
    said = codetune(folder, "suggest", "--format", "json")
    assert said.code == 0
    assert said.document["suggestions"] == []
    assert said.document["adapter"]


def test_a_shallow_clone_learns_from_what_is_there(tmp_path: Path, train: tuple[str, ...]) -> None:
    whole = build(tmp_path / "whole", 12)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "5", whole.as_uri(), str(clone))
    before = state_of(clone)
    done = codetune(clone, *train, "--dry-run")
    assert done.code == 0
    # The commit where the clone was cut looks as if it had written every file.
    assert done.out.startswith("Would read 4 commits, learn from 3 of them and hold 1 out.")
    assert state_of(clone) == before
    assert not (clone / ".git" / "codetune").exists()


def test_a_bare_repository(house: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    git(house, "switch", "-q", "-c", "topic")
    plant(house)
    git(house, "commit", "-q", "-m", "Slip")
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(house), str(bare))
    shutil.copytree(house / ".git" / "codetune", bare / "codetune")
    before = state_of(bare)
    ranged = codetune(bare, "suggest", "--range", "main..topic", "--format", "json")
    assert ranged.code == 0, ranged.err
    assert [found["kind"] for found in ranged.document["suggestions"]] == ["quotes"]
    dry = codetune(bare, *train, "--dry-run")
    assert dry.code == 0, dry.err
    assert dry.out.startswith("Would read 1 commits")
    counted = codetune(bare, "conventions", "--kind", "quotes")
    assert "single" in counted.out
    staged = codetune(bare, "suggest")
    assert (staged.code, staged.out) == (4, "")
    assert "--range" in staged.complaint
    assert state_of(bare) == before


def test_a_linked_work_tree_has_its_own_index_and_the_same_adapter(house: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git(house, "worktree", "add", "-q", "-b", "side", str(linked))
    plant(linked)
    before = state_of(house), state_of(linked)
    there = codetune(linked, "suggest", "--format", "json")
    assert there.code == 0, there.err
    assert [found["kind"] for found in there.document["suggestions"]] == ["quotes"]
    assert codetune(house, "suggest", "--format", "json").document["suggestions"] == []
    deeper = codetune(linked / "desk", "suggest", "--check")
    assert deeper.code == 1
    assert f"{some_module(linked)}:" in deeper.out
    assert (state_of(house), state_of(linked)) == before
    git(linked, "reset", "-q")
    hooked(house, out := tmp_path / "said.json")
    assert committed(linked, "-a") == 1
    assert [found["path"] for found in json.loads(out.read_text())["suggestions"]] == [some_module(linked)]


def test_indexes_of_other_kinds_are_read_and_left_as_they_are(house: Path) -> None:
    """A split index, the untracked cache, and a repository whose every new index would be split."""
    git(house, "config", "core.splitIndex", "true")
    git(house, "update-index", "--split-index", "--untracked-cache")
    path = some_module(house)
    (house / path).write_text(with_slip((house / path).read_text()))
    git(house, "add", path)
    before = state_of(house)
    done = codetune(house, "suggest", "--format", "json")
    assert [found["path"] for found in done.document["suggestions"]] == [path]
    assert state_of(house) == before


def test_a_configuration_that_bends_diffs_changes_nothing(house: Path) -> None:
    plant(house)
    said = codetune(house, "suggest", "--format", "json").document
    odd = {
        "diff.noprefix": "true",
        "diff.external": "false",
        "diff.context": "9",
        "diff.interHunkContext": "9",
        "diff.algorithm": "patience",
        "diff.renames": "copies",
        "diff.relative": "true",
        "color.ui": "always",
        "core.abbrev": "7",
        "core.quotePath": "true",
        "core.pager": "false",
        "core.attributesFile": "/nowhere",
        "log.showSignature": "true",
        "log.date": "raw",
        "grep.lineNumber": "true",
    }
    for name, value in odd.items():
        git(house, "config", name, value)
    before = state_of(house)
    assert codetune(house, "suggest", "--format", "json").document == said
    assert codetune(house / "desk", "suggest", "--range", "HEAD~3..HEAD").code == 0
    assert state_of(house) == before


def _odd_history(folder: Path) -> None:
    """Commits by nobody, without a message, in no encoding, with links, other repositories and data among the code."""
    big = "numbers = [\n" + "    1234567890,\n" * 400_000 + "]\n"
    commit(folder, {"big.py": big, "empty.py": "", "pages.py": "a = 1\f\nb = 'x\x0by'\n"})
    (folder / os.fsdecode(b"no_\xff_text.py")).write_bytes(b"a = '\xff'\r\nb = 2\n")
    (folder / "nul.py").write_bytes(b"a = 1\0\n")
    (folder / "returns.py").write_bytes(b"a = 1\r@@ -1 +1 @@\rb = 2\r\n")
    (folder / "link.py").symlink_to("empty.py")
    (folder / "new\nline.py").write_text("x = 1\n")
    build(folder / "inner.py", 1)
    git(folder, "-c", "advice.addEmbeddedRepo=false", "add", "-A")
    environment = command_environment(GIT_AUTHOR_NAME=os.fsdecode(b"\xe9"), GIT_AUTHOR_EMAIL="<>")
    for arguments in (["--allow-empty-message", "-m", ""], ["--allow-empty", "-m", os.fsdecode(b"caf\xe9\x01")]):
        subprocess.run(["git", "commit", "-q", *arguments], cwd=folder, env=environment, check=True)
    (folder / "link.py").unlink()
    git(folder, "mv", "big.py", "link.py")
    git(folder, "rm", "-q", "nul.py")
    git(folder, "commit", "-q", "-m", "Swap")


def test_an_odd_history_is_read(tmp_path: Path, train: tuple[str, ...]) -> None:
    folder = build(tmp_path / "house", 6)
    _odd_history(folder)
    before = state_of(folder)
    done = codetune(folder, *train, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Would read ")
    counted = codetune(folder, "conventions", "--drift")
    assert counted.code == 0, counted.err
    assert "single" in counted.out
    for range_ in ("HEAD~3..HEAD", "HEAD~8..HEAD"):
        assert codetune(folder, "suggest", "--range", range_).code == 0
    assert state_of(folder) == before


def test_detached_and_amid_a_rebase(house: Path) -> None:
    grow(house, COMMITS, COMMITS + 1)
    git(house, "switch", "-q", "--detach")
    git(house, "-c", "sequence.editor=sed -i s/^pick/edit/", "rebase", "-q", "-i", "HEAD^")
    plant(house)
    before = state_of(house)
    assert codetune(house, "suggest", "--check").code == 1
    assert state_of(house) == before

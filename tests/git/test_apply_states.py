"""Writing a rewrite in every state that a repository can be in: done and undone to the byte, or refused with nothing
changed. The rows are those of the table of states that the protocol was made for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder
from support.staged_slip import BODY, HEAD, LINE, MEND, MENDED, PATH, SLIP, STAGED, TAIL, Slip, slip

from codetune_git.errors import CodetuneError, DataRefused, IndexChanged, Unavailable
from codetune_git.git.apply import FileEdits, Targets, undo, write
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import LineEdit

EDIT = "\n\ndef unstaged():\n    return 'not yet'\n"


def _staging_theirs(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Somebody stages another file just before the index is locked for the first time; the locks that are tried."""
    repo.write("theirs.py", "z = 3\n")
    link, calls = os.link, []

    def staged_meanwhile(source: Path, target: Path) -> None:
        if not calls:
            repo.git("add", "theirs.py")
        calls.append(target)
        link(source, target)

    monkeypatch.setattr(os, "link", staged_meanwhile)
    return calls


def applies(found: Slip, work: bytes, *, staged: bytes = MENDED.encode()) -> None:
    """The write makes the work-tree file `work` and the blob `staged`, nothing else; the undo restores every byte."""
    before, flags, mode = found.state(), found.flags(), found.place.stat().st_mode
    blob, old_work = found.staged(), found.place.read_bytes()
    found.write(dry_run=True)
    assert found.state() == before
    found.write()
    assert found.staged() == staged
    assert found.place.read_bytes() == work
    assert found.place.stat().st_mode == mode
    assert found.flags() == flags
    name = os.fsdecode(os.fsencode(found.place.relative_to(found.repo.path))) if found.start is None else None
    after = found.state()
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    allowed = {".git/index", name} if found.start is None else changed
    assert {path for path in changed if "sharedindex" not in path} <= allowed
    found.undo()
    restored = found.state()
    assert {path for path in restored if "sharedindex" not in path and restored[path] != before.get(path)} == set()
    assert found.staged() == blob
    assert found.place.read_bytes() == old_work
    found.undo()
    assert found.place.read_bytes() == work


def refuses(found: Slip, error: type[CodetuneError], says: str) -> None:
    before = found.state()
    with pytest.raises(error, match=says):
        found.write()
    assert found.state() == before
    assert not (found.repository.git_dir / "codetune" / "apply" / "pending").exists()


def mended(work: str | bytes) -> bytes:
    """The work-tree text with the slip mended, whatever its line ends."""
    raw = work.encode() if isinstance(work, str) else work
    return raw.replace(SLIP.strip().encode(), MEND.strip().encode())


def test_01_fully_staged(repo: RepoBuilder) -> None:
    applies(slip(repo), MENDED.encode())


@pytest.mark.parametrize(
    "work",
    [
        STAGED + EDIT,
        EDIT + STAGED,
        STAGED.replace("value + 3", "value + 33"),
        STAGED.replace("return total", "return 0"),
    ],
    ids=["behind", "in front", "in between", "two lines below"],
)
def test_02_an_unstaged_edit_elsewhere_stays(repo: RepoBuilder, work: str) -> None:
    found = slip(repo)
    repo.write(PATH, work)
    applies(found, mended(work))


@pytest.mark.parametrize(
    "work",
    [
        STAGED.replace(SLIP, "    total=second\n"),
        STAGED.replace("# the sum", "# both"),
        STAGED.replace("# is handed", "# are handed"),
        STAGED.replace(SLIP, SLIP + "    total += 1\n"),
        STAGED.replace(SLIP, ""),
    ],
    ids=["same line", "line above", "line below", "inserted below", "line removed"],
)
def test_03_an_unstaged_edit_there_or_next_to_it_refuses(repo: RepoBuilder, work: str) -> None:
    found = slip(repo)
    repo.write(PATH, work)
    refuses(found, DataRefused, "other edits on these lines")


def written_at(place: Path) -> tuple[int, int, int]:
    """Which file it is and when it was last written, whoever has read it since."""
    status = place.stat()
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def test_03_what_was_mended_by_hand_is_only_staged(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write(PATH, MENDED)
    before = written_at(found.place)
    found.write()
    assert (found.staged(), found.place.read_text()) == (MENDED.encode(), MENDED)
    assert written_at(found.place) == before
    found.undo()
    assert (found.staged(), found.place.read_text()) == (STAGED.encode(), MENDED)


def test_03_the_work_tree_is_written_once(repo: RepoBuilder) -> None:
    found = slip(repo)
    found.write(Targets(index=False))
    after = found.state()
    found.write(Targets(index=False))
    assert found.state() == after
    found.undo()
    assert found.place.read_text() == STAGED


def test_03_the_index_alone_can_be_written_beside_it(repo: RepoBuilder) -> None:
    found = slip(repo)
    work = STAGED.replace(SLIP, "    total=second\n")
    repo.write(PATH, work)
    before = found.state()
    found.write(Targets(worktree=False))
    assert found.staged() == MENDED.encode()
    assert found.place.read_text() == work
    found.undo()
    assert found.state() == before


def test_04_a_block_that_stands_twice_refuses(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write(PATH, HEAD + BODY + "\n\n" + BODY + TAIL)
    refuses(found, DataRefused, "other edits on these lines")


def test_04_a_block_that_is_staged_twice_is_told_apart_by_its_surroundings(repo: RepoBuilder) -> None:
    text = HEAD + BODY + "\n\n# again\n" + BODY + TAIL
    found = slip(repo, text)
    lines = text.splitlines(keepends=True)
    second = len(lines) - 1 - lines[::-1].index(SLIP)
    found.change = LineEdit(second, second + 1, (MEND,))
    repo.write(PATH, EDIT + text)
    expected = text[: text.rindex(SLIP)] + MEND + text[text.rindex(SLIP) + len(SLIP) :]
    applies(found, (EDIT + expected).encode(), staged=expected.encode())


def test_05_unborn_branch(repo: RepoBuilder) -> None:
    repo.write(PATH, STAGED)
    repo.stage(PATH)
    applies(Slip(repo), MENDED.encode())


def test_06_detached_head(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.git("checkout", "-q", "--detach")
    applies(found, MENDED.encode())


def test_06_rebase_in_progress(repo: RepoBuilder) -> None:
    repo.commit("First", {PATH: HEAD, "a.txt": "1\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", {"a.txt": "side\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("Main", {"a.txt": "main\n"})
    repo.git("rebase", "side", check=False)
    repo.write(PATH, STAGED)
    repo.stage(PATH)
    assert Repository.open(repo.path).state() == "rebase"
    applies(Slip(repo), MENDED.encode())


def _conflict(repo: RepoBuilder, path: str) -> None:
    repo.commit("First", {PATH: HEAD, path: "1 = 1\n" if path == PATH else "1\n"})
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Side", {path: "side\n"})
    repo.git("checkout", "-q", "main")
    repo.commit("Main", {path: "main\n"})
    repo.git("merge", "side", check=False)


def test_07_merge_conflict_in_this_file(repo: RepoBuilder) -> None:
    _conflict(repo, PATH)
    found = Slip(repo)
    refuses(found, DataRefused, "merge conflict")


def test_07_merge_conflict_elsewhere(repo: RepoBuilder) -> None:
    _conflict(repo, "a.txt")
    repo.write(PATH, STAGED)
    repo.stage(PATH)
    applies(Slip(repo), MENDED.encode())


def test_08_intent_to_add_this(repo: RepoBuilder) -> None:
    repo.commit("First", {"other.py": "x = 1\n"})
    repo.write(PATH, STAGED)
    repo.git("add", "--intent-to-add", PATH)
    found = Slip(repo)
    before = found.state()
    with pytest.raises((DataRefused, IndexChanged)):
        write(found.repository, [found.rewrite(repo.git("hash-object", "-w", PATH))])
    assert found.state() == before


def test_08_intent_to_add_another(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write("new.py", "y = 2\n")
    repo.git("add", "--intent-to-add", "new.py")
    applies(found, MENDED.encode())
    assert repo.git("diff", "--cached", "--name-only", "--ita-invisible-in-index") == PATH


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("setting", "attributes"),
    [("core.autocrlf=true", ""), ("core.autocrlf=input", ""), ("core.eol=lf", "*.py text eol=crlf\n")],
    ids=["autocrlf true", "autocrlf input", "eol=crlf"],
)
def test_09_line_ends_converted_on_the_way(repo: RepoBuilder, setting: str, attributes: str) -> None:
    repo.git("config", *setting.split("="))
    if attributes:
        repo.commit("Attributes", {".gitattributes": attributes})
    found = slip(repo, _crlf(STAGED), committed=_crlf(HEAD))
    assert found.staged() == STAGED.encode()
    applies(found, _crlf(MENDED))


def test_09_mixed_line_ends_in_the_work_tree(repo: RepoBuilder) -> None:
    repo.git("config", "core.autocrlf", "input")
    work = _crlf(HEAD) + BODY.encode() + _crlf(TAIL)
    found = slip(repo, work)
    assert b"\r" not in found.staged()
    applies(found, mended(work))


def test_09_mixed_line_ends_where_the_slip_has_carriage_returns(repo: RepoBuilder) -> None:
    repo.git("config", "core.autocrlf", "input")
    work = HEAD.encode() + _crlf(BODY) + TAIL.encode()
    applies(slip(repo, work), mended(work))


def test_09_carriage_returns_in_the_index(repo: RepoBuilder) -> None:
    found = slip(repo, _crlf(STAGED), committed=_crlf(HEAD))
    assert found.staged() == _crlf(STAGED)
    found.change = LineEdit(LINE, LINE + 1, (MEND.replace("\n", "\r\n"),))
    applies(found, _crlf(MENDED), staged=_crlf(MENDED))


def test_09_safecrlf_does_not_stand_in_the_way(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.git("config", "core.autocrlf", "input")
    repo.git("config", "core.safecrlf", "true")
    repo.write(PATH, _crlf(STAGED))
    applies(found, _crlf(MENDED))


@pytest.mark.parametrize(("encoding", "codec"), [("UTF-16LE-BOM", "utf-16"), ("ISO-8859-1", "latin-1")])
def test_10_working_tree_encoding(repo: RepoBuilder, encoding: str, codec: str) -> None:
    repo.commit("Attributes", {".gitattributes": f"*.py text working-tree-encoding={encoding}\n"})
    text = STAGED.replace("# the sum", "# für später")
    found = slip(repo, text.encode(codec), committed=HEAD.encode(codec))
    assert found.staged() == text.encode()
    applies(found, text.replace(SLIP, MEND).encode(codec), staged=text.replace(SLIP, MEND).encode())


def _filter(repo: RepoBuilder, **commands: str) -> None:
    repo.commit("Attributes", {".gitattributes": "*.py filter=house\n"})
    for name, command in commands.items():
        repo.git("config", f"filter.house.{name}", command)


def test_11_a_filter_driver(repo: RepoBuilder) -> None:
    _filter(repo, clean="sed s/EXPANDED/KEYWORD/", smudge="sed s/KEYWORD/EXPANDED/")
    work = STAGED.replace("# the sum", "# EXPANDED").encode()
    found = slip(repo, work)
    assert b"KEYWORD" in found.staged()
    applies(found, mended(work), staged=MENDED.replace("# the sum", "# KEYWORD").encode())


def test_11_a_required_filter_that_is_missing(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write(".gitattributes", "*.py filter=house\n")
    repo.git("config", "filter.house.required", "true")
    repo.git("config", "filter.house.clean", "no-such-program-here")
    refuses(found, DataRefused, "git cannot add what is here")


def test_11_large_files_kept_elsewhere(repo: RepoBuilder) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 3\n"
    found = slip(repo, pointer)
    found.change = LineEdit(2, 3, ("size 4\n",))
    refuses(found, DataRefused, "LFS")


def test_12_executable(repo: RepoBuilder) -> None:
    repo.commit("First", {PATH: HEAD})
    repo.write(PATH, STAGED).chmod(0o755)
    repo.stage(PATH)
    applies(Slip(repo), MENDED.encode())


def test_12_an_unstaged_mode_stays_unstaged(repo: RepoBuilder) -> None:
    found = slip(repo)
    found.place.chmod(0o755)
    applies(found, MENDED.encode())
    assert repo.git("ls-files", "--stage", PATH).startswith("100644")


def test_12_read_only(repo: RepoBuilder) -> None:
    found = slip(repo)
    found.place.chmod(0o444)
    applies(found, MENDED.encode())


def test_12_a_hard_link_keeps_its_bytes(repo: RepoBuilder, tmp_path: Path) -> None:
    found = slip(repo)
    os.link(found.place, tmp_path / "link.py")
    applies(found, MENDED.encode())
    assert (tmp_path / "link.py").read_text() == STAGED


def test_12_renamed(repo: RepoBuilder) -> None:
    repo.commit("First", {"old.py": STAGED.replace(SLIP, "    total = 0\n")})
    repo.git("mv", "old.py", "new.py")
    repo.write("new.py", STAGED)
    repo.stage("new.py")
    applies(Slip(repo, "new.py"), MENDED.encode())


def test_12_no_line_feed_at_the_end(repo: RepoBuilder) -> None:
    text = HEAD + "total=1"
    found = slip(repo, text)
    last = len(HEAD.splitlines())
    found.change = LineEdit(last, last + 1, ("total = 1",))
    applies(found, (HEAD + "total = 1").encode(), staged=(HEAD + "total = 1").encode())


def test_12_not_utf_8(repo: RepoBuilder) -> None:
    text = STAGED.encode().replace(b"# the sum", b"# l\xe4ngst")
    applies(slip(repo, text), mended(text), staged=mended(text))


def _symlink_entry(repo: RepoBuilder) -> Slip:
    repo.commit("First", {"other.py": "x = 1\n"})
    (repo.path / "pkg").mkdir()
    (repo.path / PATH).symlink_to("../other.py")
    repo.stage(PATH)
    return Slip(repo)


def _symlinked_parent(repo: RepoBuilder) -> Slip:
    found = slip(repo)
    (repo.path / "pkg").rename(repo.path / "elsewhere")
    (repo.path / "pkg").symlink_to("elsewhere")
    return found


def _became_symlink(repo: RepoBuilder) -> Slip:
    found = slip(repo)
    found.place.unlink()
    found.place.symlink_to("../other.py")
    return found


def _became_folder(repo: RepoBuilder) -> Slip:
    found = slip(repo)
    found.place.unlink()
    repo.write(f"{PATH}/untracked.txt", "precious\n")
    return found


def _deleted(repo: RepoBuilder) -> Slip:
    found = slip(repo)
    found.place.unlink()
    return found


def _submodule(repo: RepoBuilder) -> Slip:
    commit = repo.commit("First", {"other.py": "x = 1\n"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{PATH}")
    return Slip(repo)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (_symlink_entry, "symbolic link"),
        (_symlinked_parent, "its folder is a symbolic link"),
        (_became_symlink, "it is a symbolic link"),
        (_became_folder, "no file in the work tree"),
        (_deleted, "not in the work tree"),
        (_submodule, "submodule"),
    ],
)
def test_13_what_is_no_file(repo: RepoBuilder, made: Callable[[RepoBuilder], Slip], says: str) -> None:
    refuses(made(repo), DataRefused, says)


@pytest.mark.parametrize("made", [_symlinked_parent, _became_symlink, _deleted])
def test_13_the_index_alone_can_be_written(repo: RepoBuilder, made: Callable[[RepoBuilder], Slip]) -> None:
    found = made(repo)
    found.write(Targets(worktree=False))
    assert found.staged() == MENDED.encode()


def test_14_sparse_checkout(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.commit("Staged")
    repo.git("sparse-checkout", "set", "--no-cone", "/other.py")
    assert not found.place.exists()
    refuses(found, DataRefused, "sparse checkout")


def test_14_skip_worktree(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.git("update-index", "--skip-worktree", PATH)
    refuses(found, DataRefused, "skip-worktree")


def test_15_sparse_index(repo: RepoBuilder) -> None:
    repo.commit("First", {PATH: HEAD, "far/away/file.py": "x = 1\n"})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "pkg")
    repo.write(PATH, STAGED)
    repo.git("add", PATH)
    applies(Slip(repo), MENDED.encode())


def test_15_split_index(repo: RepoBuilder) -> None:
    repo.commit("First", {PATH: HEAD, **{f"more/{i}.py": f"x = {i}\n" for i in range(40)}})
    repo.git("update-index", "--split-index")
    repo.write(PATH, STAGED)
    repo.stage(PATH)
    applies(Slip(repo), MENDED.encode())
    repo.git("fsck")


@pytest.mark.parametrize("setting", ["core.untrackedCache=true", "core.fsmonitor=true"])
def test_15_caches_in_the_index(repo: RepoBuilder, setting: str) -> None:
    repo.git("config", *setting.split("="))
    found = slip(repo)
    repo.git("update-index", "--untracked-cache" if "untracked" in setting else "--refresh", check=False)
    repo.git("-c", "core.fsmonitor=false", "status")
    applies(found, MENDED.encode())


def test_15_an_index_that_is_a_symbolic_link_stays_one(repo: RepoBuilder) -> None:
    found = slip(repo)
    index, behind = repo.path / ".git" / "index", repo.path / ".git" / "kept" / "index"
    behind.parent.mkdir()
    index.rename(behind)
    index.symlink_to(Path("kept", "index"))
    blob = found.staged()
    found.write()
    assert (found.staged(), index.is_symlink(), index.resolve()) == (MENDED.encode(), True, behind)
    found.undo()
    assert (found.staged(), index.is_symlink()) == (blob, True)
    assert [path.name for path in behind.parent.iterdir()] == ["index"]


def test_16_linked_work_tree(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit("First", {PATH: HEAD})
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("worktree", "add", "-q", tmp_path / "linked", "-b", "side")
    place = tmp_path / "linked" / PATH
    place.write_text(STAGED)
    repo.git("-C", tmp_path / "linked", "add", PATH)
    main = (repo.path / ".git" / "index").read_bytes()
    found = Slip(repo, start=tmp_path / "linked")
    applies(found, MENDED.encode())
    assert (repo.path / ".git" / "index").read_bytes() == main
    assert (repo.path / PATH).read_text() == HEAD


def test_17_sha256(tmp_path: Path) -> None:
    applies(slip(RepoBuilder(tmp_path / "repo", object_format="sha256")), MENDED.encode())


def test_17_reftable(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    made = subprocess.run(
        ["git", "init", "-q", "--ref-format=reftable", tmp_path / "repo"], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("this git has no reftable")
    shutil.rmtree(tmp_path / "repo" / ".git" / "hooks", ignore_errors=True)
    applies(slip(RepoBuilder(tmp_path / "repo")), MENDED.encode())


def test_18_bare(tmp_path: Path) -> None:
    bare = RepoBuilder(tmp_path / "bare.git", bare=True)
    blob = bare.git("hash-object", "-w", "--stdin", stdin=STAGED.encode())
    bare.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{PATH}")
    found = Slip(bare)
    with pytest.raises(Unavailable, match="no work tree"):
        write(found.repository, [found.rewrite(blob)])
    assert bare.git("ls-files", "--stage").split()[1] == blob


def test_18_unknown_extension(repo: RepoBuilder) -> None:
    slip(repo)
    repo.git("config", "core.repositoryFormatVersion", "1")
    repo.git("config", "extensions.fromTheFuture", "true")
    with pytest.raises(Unavailable):
        Repository.open(repo.path)


def test_19_shallow(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit("First", {PATH: HEAD})
    repo.commit("Second", {"other.py": "x = 1\n"})
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", tmp_path / "shallow")
    clone = RepoBuilder(tmp_path / "shallow")
    clone.write(PATH, STAGED)
    clone.stage(PATH)
    applies(Slip(clone), MENDED.encode())


def test_19_partial_clone_without_network(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.commit("First", {PATH: HEAD, "far.py": "x = 1\n"})
    repo.commit("Second", {"far.py": "x = 2\n"})
    repo.git("clone", "-q", "--filter=blob:none", f"file://{repo.path}", tmp_path / "partial")
    clone = RepoBuilder(tmp_path / "partial")
    clone.git("remote", "set-url", "origin", "file:///nowhere")
    clone.write(PATH, STAGED)
    clone.stage(PATH)
    applies(Slip(clone), MENDED.encode())


def test_20_assume_unchanged_with_a_hidden_edit(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.git("update-index", "--assume-unchanged", PATH)
    repo.write(PATH, STAGED + EDIT)
    applies(found, (MENDED + EDIT).encode())
    assert repo.git("ls-files", "-v", PATH).startswith("h ")


def test_20_a_hidden_edit_in_the_way_refuses(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.git("update-index", "--assume-unchanged", PATH)
    repo.write(PATH, STAGED.replace(SLIP, "    total=0\n"))
    refuses(found, DataRefused, "other edits on these lines")


@pytest.mark.parametrize(
    "path",
    [
        "line\nfeed.py",
        os.fsdecode(b"not\xffutf8.py"),
        "*glob[x]?.py",
        "-dash.py",
        "quote\"'.py",
        " blank .py",
        ":(top)x.py",
    ],
)
def test_21_odd_names(repo: RepoBuilder, path: str) -> None:
    applies(slip(repo, path=path), MENDED.encode())


def test_22_another_git_holds_the_lock(repo: RepoBuilder) -> None:
    found = slip(repo)
    (repo.path / ".git" / "index.lock").write_bytes(b"theirs")
    refuses(found, IndexChanged, "another git process")
    assert (repo.path / ".git" / "index.lock").read_bytes() == b"theirs"


def test_22_an_index_that_changes_before_the_lock_is_read_again(
    repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody stages another file between reading and locking: their staging stays."""
    found = slip(repo)
    calls = _staging_theirs(repo, monkeypatch)
    found.write()
    assert len(calls) == 2
    assert found.staged() == MENDED.encode()
    assert "theirs.py" in repo.git("diff", "--cached", "--name-only")


def test_22_what_was_staged_anew_is_not_written_over(repo: RepoBuilder) -> None:
    found = slip(repo)
    stale = found.rewrite()
    repo.write(PATH, STAGED + EDIT)
    repo.stage(PATH)
    before = found.state()
    with pytest.raises(IndexChanged, match="staged anew"):
        write(found.repository, [stale])
    assert found.state() == before


@pytest.mark.parametrize("how", ["in place", "by renaming"])
def test_23_an_editor_saves_during_the_write(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Just before the exchange, which is the last moment: the save is kept, nothing else is changed."""
    found = slip(repo)
    index = (repo.path / ".git" / "index").read_bytes()
    link = os.link

    def saved_meanwhile(source: Path, target: Path) -> None:
        link(source, target)
        if how == "in place":
            found.place.write_text(STAGED + EDIT)
        else:
            (repo.path / "swap").write_text(STAGED + EDIT)
            (repo.path / "swap").rename(found.place)

    monkeypatch.setattr(os, "link", saved_meanwhile)
    with pytest.raises(IndexChanged, match="saved by another program"):
        found.write()
    assert found.place.read_text() == STAGED + EDIT
    assert (repo.path / ".git" / "index").read_bytes() == index
    assert sorted(path.name for path in found.place.parent.iterdir()) == ["mod.py"]
    assert not (repo.path / ".git" / "index.lock").exists()


def test_25_untracked_data_in_a_folder_that_replaced_the_file(repo: RepoBuilder) -> None:
    found = _became_folder(repo)
    refuses(found, DataRefused, "no file in the work tree")
    assert (repo.path / PATH / "untracked.txt").read_text() == "precious\n"


def test_25_dirty_submodule(repo: RepoBuilder, tmp_path: Path) -> None:
    inner = RepoBuilder(tmp_path / "inner")
    inner.commit("Inner", {"a.py": "x = 1\n"})
    repo.commit("First", {PATH: HEAD})
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", tmp_path / "inner", "sub")
    repo.commit("Submodule")
    repo.write("sub/a.py", "x = 2\n")
    repo.write(PATH, STAGED)
    repo.stage(PATH)
    applies(Slip(repo), MENDED.encode())


def test_several_files_are_written_all_or_none(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write("second.py", STAGED)
    repo.stage("second.py")
    second = Slip(repo, "second.py")
    rewrites = [found.rewrite(), second.rewrite()]
    before = found.state()
    repo.write("second.py", STAGED.replace(SLIP, "    total=0\n"))
    edited = found.state()
    with pytest.raises(DataRefused, match=r"second\.py"):
        write(found.repository, rewrites)
    assert found.state() == edited
    repo.write("second.py", STAGED)
    write(found.repository, rewrites)
    assert [found.staged(), second.staged()] == [MENDED.encode()] * 2
    assert found.undo() == (PATH, "second.py")
    assert found.state() == before


def test_only_the_work_tree_can_be_written(repo: RepoBuilder) -> None:
    found = slip(repo)
    before = found.state()
    found.write(Targets(index=False))
    assert found.staged() == STAGED.encode()
    assert found.place.read_text() == MENDED
    assert {p for p, d in found.state().items() if before.get(p) != d} == {PATH}
    found.undo()
    assert found.state() == before


def test_an_undo_that_would_lose_something_is_refused(repo: RepoBuilder) -> None:
    found = slip(repo)
    with pytest.raises(DataRefused, match="nothing to undo"):
        found.undo()
    found.write()
    found.place.write_text(MENDED + EDIT)
    before = found.state()
    with pytest.raises(IndexChanged, match="was edited"):
        found.undo()
    repo.stage(PATH)
    with pytest.raises(IndexChanged, match="staged anew"):
        undo(found.repository)
    assert found.place.read_text() == MENDED + EDIT
    assert before.keys() == found.state().keys()


def test_an_undo_keeps_what_was_staged_since(repo: RepoBuilder) -> None:
    found = slip(repo)
    found.write()
    repo.write("theirs.py", "z = 3\n")
    repo.stage("theirs.py")
    found.undo()
    assert found.staged() == STAGED.encode()
    assert found.place.read_text() == STAGED
    assert "theirs.py" in repo.git("diff", "--cached", "--name-only")


def test_an_undo_does_not_need_what_git_has_collected(repo: RepoBuilder) -> None:
    found = slip(repo)
    repo.write(PATH, STAGED + EDIT)
    found.write()
    repo.git("prune", "--expire=now")
    found.undo()
    assert found.staged() == STAGED.encode()
    repo.git("commit", "-q", "-m", "As it was staged")


def test_an_undo_reads_an_index_that_changes_again(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    found = slip(repo)
    found.write()
    _staging_theirs(repo, monkeypatch)
    found.undo()
    assert found.staged() == STAGED.encode()
    assert "theirs.py" in repo.git("diff", "--cached", "--name-only")


def test_no_hook_hears_of_private_copies(repo: RepoBuilder, tmp_path: Path) -> None:
    found = slip(repo)
    repo.hook("post-index-change", f"echo changed >> '{tmp_path}/heard'")
    found.write()
    assert not (tmp_path / "heard").exists()


def test_a_repository_below_a_folder_with_a_colon(tmp_path: Path) -> None:
    applies(slip(RepoBuilder(tmp_path / 'a:b "c"' / "repo")), MENDED.encode())


def test_09_a_last_line_without_an_end_in_a_file_of_carriage_returns(repo: RepoBuilder) -> None:
    repo.git("config", "core.autocrlf", "input")
    found = slip(repo, _crlf(HEAD) + b"total=1")
    last = len(HEAD.splitlines())
    found.change = LineEdit(last, last + 1, ("one = 1\n", "total = one"))
    applies(found, _crlf(HEAD + "one = 1\n") + b"total = one", staged=(HEAD + "one = 1\ntotal = one").encode())


def test_unstaged_text_leaves_no_object_behind(repo: RepoBuilder) -> None:
    """It may hold what nobody wants in a repository."""
    found = slip(repo)
    repo.write(PATH, STAGED + "\n# a password\n")
    secret = repo.git("hash-object", PATH)
    found.write()
    assert repo.git("cat-file", "-e", secret, check=False) == ""
    listed = repo.git("cat-file", "--batch-check", "--batch-all-objects")
    assert secret not in listed


@pytest.mark.skipif(sys.platform == "win32", reason="no read-only folders")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_changes_nothing(repo: RepoBuilder) -> None:
    found = slip(repo)
    before = found.state()
    found.place.parent.chmod(0o555)
    try:
        with pytest.raises(OSError, match="denied"):
            found.write()
    finally:
        found.place.parent.chmod(0o755)
    assert found.state() == before


def test_what_was_written_to_the_work_tree_alone_is_not_in_the_way_of_the_rest(repo: RepoBuilder) -> None:
    found = slip(repo)
    last = STAGED.splitlines(keepends=True).index("    # is handed back\n")
    rest = LineEdit(last, last + 1, ("    # is given back\n",))
    assert write(found.repository, [found.rewrite()], Targets(index=False)) == {PATH}
    assert write(found.repository, [found.rewrite()], Targets(index=False)) == frozenset()
    both = FileEdits(PATH, found.oid(), (found.change, rest))
    assert write(found.repository, [both]) == {PATH}
    wanted = MENDED.replace("# is handed", "# is given")
    assert (found.staged(), found.place.read_text()) == (wanted.encode(), wanted)

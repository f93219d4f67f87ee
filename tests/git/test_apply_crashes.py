"""Killed anywhere while writing: after the next call everything is old or everything is new, and nothing is left over.

The write runs in a forked child, and a profiler kills it with SIGKILL after a number of calls of C functions, which all
system calls of this process are made in (those that git makes are its own processes', on private copies).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

import pytest
from support.repo_builder import RepoBuilder
from support.staged_slip import MENDED, STAGED, Slip, slip

from codetune_git.errors import CodetuneError, Unavailable
from codetune_git.git import apply
from codetune_git.git.apply import EVERYWHERE, Targets, recovered, undo, write
from codetune_git.git.repository import Repository

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

POINTS = 200
SECOND = "second.py"
EDIT = "\n\nprint('unstaged')\n"


def _two(repo: RepoBuilder) -> tuple[Slip, Slip]:
    """Two staged slips; the second file has unstaged text behind."""
    first = slip(repo)
    repo.write(SECOND, STAGED)
    repo.stage(SECOND)
    repo.write(SECOND, STAGED + EDIT)
    return first, Slip(repo, SECOND)


def _killed(action: Callable[[], object], after: int | None) -> int:
    """Do `action` in a child, killed after so many calls into C; how many it made if it was not."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        calls = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal calls
            if event in ("c_call", "c_return"):
                calls += 1
                if calls == after:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        try:
            action()
        finally:
            sys.setprofile(None)
            os.write(writer, str(calls).encode())
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as said:
        return int(said.read() or 0)


def _texts(slips: tuple[Slip, ...]) -> list[tuple[bytes, bytes]]:
    return [(one.staged(), one.place.read_bytes()) for one in slips]


def _others(first: Slip) -> dict[str, str]:
    """Every file but the two and the index: drafts and locks left behind would be among them."""
    return {p: d for p, d in first.state().items() if p not in (first.path, SECOND, ".git/index")}


@contextmanager
def _whole(repo: RepoBuilder) -> Iterator[None]:
    """The repository as it was after."""
    kept = repo.path.with_name("kept")
    subprocess.run(["cp", "-a", repo.path, kept], check=True)
    yield
    subprocess.run(["rm", "-rf", repo.path], check=True)
    kept.rename(repo.path)


@pytest.mark.parametrize("targets", [EVERYWHERE, Targets(index=False)], ids=["index and work tree", "work tree"])
def test_killed_anywhere_then_recovered(repo: RepoBuilder, targets: Targets) -> None:
    slips = _two(repo)
    repository, rewrites = slips[0].repository, [one.rewrite() for one in slips]
    before, others = _texts(slips), _others(slips[0])
    staged = MENDED.encode() if targets.index else STAGED.encode()
    after = [(staged, MENDED.encode()), (staged, (MENDED + EDIT).encode())]
    with _whole(repo):
        calls = _killed(lambda: write(repository, rewrites, targets), None)
        assert _texts(slips) == after
    seen = []
    points = {*Random(7).sample(range(1, calls), POINTS if targets.index else POINTS // 4), *range(calls - 12, calls)}
    for point in sorted(points):
        with _whole(repo):
            _killed(lambda: write(repository, rewrites, targets), point)
            if point % 2 and not (repo.path / ".git" / "index.lock").exists():
                repo.git("status")  # writes the index anew, with the times of the files
            recovered(repository)
            assert _texts(slips) in (before, after), point
            assert _others(slips[0]) == others, point
            assert not (repo.path / ".git/codetune/apply/pending").exists(), point
            repo.git("status")
            seen.append(_texts(slips) == after)
            write(repository, [one.rewrite() for one in slips] if not seen[-1] else [], targets)
            assert _texts(slips) == after, point
    assert {True, False} == set(seen)


def test_an_undo_that_is_killed_is_done_or_not(repo: RepoBuilder) -> None:
    slips = _two(repo)
    repository, old = slips[0].repository, _texts(slips)
    write(repository, [one.rewrite() for one in slips])
    new = _texts(slips)
    with _whole(repo):
        calls = _killed(lambda: undo(repository), None)
        assert _texts(slips) == old
    for point in sorted(Random(8).sample(range(1, calls), POINTS // 4)):
        with _whole(repo):
            _killed(lambda: undo(repository), point)
            recovered(repository)
            assert _texts(slips) in (old, new), point
            repo.git("status")


def test_a_save_after_the_crash_is_kept(repo: RepoBuilder) -> None:
    """The person goes on working in a file that a killed write had exchanged, and only then calls the tool."""
    slips = _two(repo)
    repository, rewrites = slips[0].repository, [one.rewrite() for one in slips]
    calls = _killed(lambda: None, None)
    with _whole(repo):
        calls = _killed(lambda: write(repository, rewrites), None)
    kept = 0
    for point in sorted(Random(9).sample(range(calls // 2, calls), POINTS // 8)):
        with _whole(repo):
            _killed(lambda: write(repository, rewrites), point)
            slips[0].place.write_bytes(slips[0].place.read_bytes() + b"# saved\n")
            saved = slips[0].place.read_bytes()
            recovered(repository)
            assert slips[0].place.read_bytes() == saved, point
            kept += 1
    assert kept


def _on_full_disk(folder: Path, size: str, command: list[str]) -> subprocess.CompletedProcess[str]:
    mount = f'mount -t tmpfs -o size={size} none "$0" && cp -a "$0.saved/." "$0" && exec "$@"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, str(folder), *command], capture_output=True, text=True, check=False
    )


_FILL = """
import sys
from pathlib import Path
from codetune_git.errors import CodetuneError, Unavailable
from codetune_git.git import apply
from codetune_git.git.apply import FileEdits, write
from codetune_git.git.repository import Repository
from codetune_git.text.line_edits import LineEdit
from support.flow_command import state_of
folder, oid, line, room = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
repository = Repository.open(folder)
(folder / ".git" / "codetune").mkdir(exist_ok=True)
filler = open(folder / ".git" / "codetune" / "filler", "wb", buffering=0)
try:
    while filler.write(bytes(4096)):
        pass
except OSError:
    filler.truncate(max(0, filler.tell() - room * 4096))
without = ("codetune", "objects")
before = state_of(folder, without=without)
try:
    write(repository, [FileEdits("pkg/mod.py", oid, (LineEdit(line, line + 1, ("    total = first + second\\n",)),))])
    print("written")
except (CodetuneError, OSError) as error:
    after = state_of(folder, without=without)
    print("same" if after == before else {p: (before.get(p), after.get(p)) for p in before.keys() | after.keys()
                                          if before.get(p) != after.get(p)}, error)
"""


def _can_mount() -> bool:
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt"]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not _can_mount(), reason="needs user namespaces to mount")
def test_no_space_left(repo: RepoBuilder) -> None:
    """With ever more room: nothing is changed until there is enough."""
    found = slip(repo)
    saved = repo.path.with_name("repo.saved")
    subprocess.run(["cp", "-a", repo.path, saved], check=True)
    said = []
    for room in (0, 1, 2, 4, 6, 8, 10, 12, 16, 24, 64):
        script = [sys.executable, "-c", _FILL, str(repo.path), found.oid(), str(found.change.start), str(room)]
        done = _on_full_disk(repo.path, "4m", ["env", f"PYTHONPATH={Path(__file__).parents[1]}", *script])
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.split()[0])
    assert said[0] == "same"
    assert said[-1] == "written"
    assert set(said) == {"same", "written"}


def test_recovery_waits_for_the_work_tree(repo: RepoBuilder) -> None:
    """Called inside `.git` there is none, and what was exchanged cannot be put back: nothing is touched."""
    slips = _two(repo)
    repository, rewrites, before = slips[0].repository, [one.rewrite() for one in slips], _texts(slips)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "_commit", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        _killed(lambda: write(repository, rewrites), None)
    assert _texts(slips) != before
    inside = Repository.open(repo.path / ".git")
    assert inside.worktree is None
    with pytest.raises(Unavailable, match="in the work tree"):
        recovered(inside)
    assert recovered(repository) is not None
    assert _texts(slips) == before


@pytest.mark.parametrize("step", ["_exchange", "settle"])
def test_recovery_knows_which_index_was_written(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """`git commit -a` gives hooks another one; whoever recovers does not have it."""
    found = slip(repo)
    other = repo.path / ".git" / "other-index"
    shutil.copy2(repo.path / ".git" / "index", other)
    monkeypatch.setenv("GIT_INDEX_FILE", str(other))
    repository, rewrites = found.repository, [found.rewrite()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, step, lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        _killed(lambda: write(repository, rewrites), None)
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert recovered(found.repository) is not None
    assert not (repo.path / ".git" / "other-index.lock").exists()
    monkeypatch.setenv("GIT_INDEX_FILE", str(other))
    text = (MENDED if step == "settle" else STAGED).encode()
    assert (found.staged(), found.place.read_bytes()) == (text, text)


def test_a_trial_that_was_killed_is_swept(repo: RepoBuilder) -> None:
    """It holds unstaged text."""
    found = slip(repo)
    home = repo.path / ".git" / "codetune" / "apply"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "rewritten", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        _killed(found.write, None)
    assert list(home.glob("trial-*"))
    found.write()
    assert not list(home.glob("trial-*"))
    assert home.stat().st_mode & 0o077 == 0


def test_two_writes_at_once_do_not_mix(repo: RepoBuilder) -> None:
    from filelock import FileLock

    found = slip(repo)
    home = repo.path / ".git" / "codetune" / "apply"
    home.mkdir(parents=True)
    before = found.state()
    with FileLock(home / "lock"), pytest.raises(CodetuneError, match="another git codetune"):
        found.write()
    assert found.state() == before

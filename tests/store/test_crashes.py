"""Killed or out of space at any step of publishing: the old adapter is active, or the new one entirely."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.adapters import manifest, published, write_adapter

from codetune_git.store import Cursor, Store

PREPARED_AND_PUBLISHED = 400  # more file-system events than publishing has


def _in_child(action: Callable[[], None]) -> int:
    """The exit status, as waitpid gives it, of a forked child that does `action`."""
    child = os.fork()
    if child == 0:
        try:
            action()
            os._exit(0)
        except BaseException:
            os._exit(9)
    return os.waitpid(child, 0)[1]


def _killed_at(step: int) -> None:
    """From now on the `step`-th opening, renaming, removing or making of a file is the last thing this process does."""
    left = [step]

    def hook(event: str, _: object) -> None:
        if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "sqlite3.")):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _check_old_or_new(folder: Path, first: str) -> bool:
    """Whether the new adapter is active; fails where neither is, entirely."""
    store = Store(folder)
    active = store.active()
    assert active is not None
    store.load(active.id)
    new = active.id != first
    number = 2 if new else 1
    assert store.cursor() == Cursor((f"tip{number}",), frozenset({f"print{number}"}))
    assert (active.light / "model.bin").read_bytes() == bytes([number]) * 64
    sound, refused = store.adapters()
    assert refused == ()
    assert len(sound) <= 2
    with store.staging():
        pass
    assert not list((folder / "adapters").glob(".*"))
    return new


def test_killed_at_every_step_of_publishing(tmp_path: Path) -> None:
    first = published(Store(tmp_path / "origin"), 1, tips=("tip1",))
    seen = []
    for step in range(1, PREPARED_AND_PUBLISHED):
        folder = tmp_path / "copy"
        shutil.copytree(tmp_path / "origin", folder)

        def publish(folder: Path = folder, step: int = step) -> None:
            _killed_at(step)
            published(Store(folder), 2, tips=("tip2",))

        status = _in_child(publish)
        seen.append(_check_old_or_new(folder, first))
        shutil.rmtree(folder)
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
    assert status == 0
    assert seen == sorted(seen)  # old, old, ..., new, new
    assert seen.count(False) > 20
    assert seen.count(True) > 2  # the pointer is not the last thing that is done


def test_killed_at_every_step_of_use_and_prune(tmp_path: Path) -> None:
    store = Store(tmp_path / "origin")
    first, _ = published(store, 1, tips=("tip1",)), published(store, 2, tips=("tip2",))
    seen = []
    for step in range(1, PREPARED_AND_PUBLISHED):
        folder = tmp_path / "copy"
        shutil.copytree(tmp_path / "origin", folder)

        def use(folder: Path = folder, step: int = step) -> None:
            _killed_at(step)
            Store(folder).activate(first)
            Store(folder).prune(0)

        status = _in_child(use)
        seen.append(_check_old_or_new(folder, first))
        shutil.rmtree(folder)
        if status == 0:
            break
    assert status == 0
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == {False, True}


REPEAT = """
import sys
from pathlib import Path
from codetune_git.store import Store
from support.adapters import published
store = Store(Path(sys.argv[1]))
for n in range(1000):
    print(published(store, n % 250, tips=(str(n),)), flush=True)
    store.prune(3)
"""


def test_killed_at_random_times(tmp_path: Path) -> None:
    rng = random.Random(7)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    published(Store(tmp_path), 1, tips=("start",))
    newest = ""
    for _ in range(6):
        command = [sys.executable, "-c", REPEAT, str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        assert process.stdout is not None
        said = process.stdout.readline().decode().strip()
        time.sleep(rng.uniform(0.0, 0.2))
        process.kill()
        process.communicate()
        store = Store(tmp_path)
        active = store.active()
        assert active is not None
        store.load(active.id)
        assert active.id >= said > newest
        assert store.cursor().tips
        assert store.adapters()[1] == ()
        newest = active.id


@pytest.mark.parametrize("ceiling", [0, 60, 400, 1000])
def test_a_file_that_cannot_grow_leaves_the_old_one_active(tmp_path: Path, ceiling: int) -> None:
    first = published(Store(tmp_path), 1, tips=("tip1",))

    def publish() -> None:
        store = Store(tmp_path)
        with store.staging() as staged:
            write_adapter(staged, 2)
            resource.setrlimit(resource.RLIMIT_FSIZE, (ceiling, ceiling))
            with pytest.raises(OSError, match="File too large"):
                store.publish(staged, manifest(), Cursor(("tip2",), frozenset({"print2"})))

    assert _in_child(publish) == 0
    assert _check_old_or_new(tmp_path, first) is False


FULL = """
import errno, os, sys
from pathlib import Path
from support.adapters import published, write_adapter, manifest
from codetune_git.store import Store, Cursor
folder, kept = Path("/mnt/codetune"), int(sys.argv[1])
store = Store(folder)
first = published(store, 1, tips=("tip1",))
outcome = "published"
try:
    with store.staging() as staged:
        write_adapter(staged, 2)
        free = os.statvfs("/mnt").f_bavail * os.statvfs("/mnt").f_frsize
        with open("/mnt/filler", "wb") as filler:
            filler.write(b"x" * max(0, free - kept))
        store.publish(staged, manifest(), Cursor(("tip2",), frozenset({"print2"})))
except OSError as error:
    assert error.errno == errno.ENOSPC, error
    outcome = "full"
os.remove("/mnt/filler")
again = Store(folder)
active = again.active()
again.load(active.id)
assert again.cursor().tips == (("tip2",) if outcome == "published" else ("tip1",)), again.cursor()
assert (active.id != first) == (outcome == "published")
assert os.listdir(folder / "adapters") == [first] or outcome == "published"
assert published(again, 3) > first
print(outcome)
"""


def _on_tmpfs(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = 'mount -t tmpfs -o size=256k none /mnt && exec "$@"'
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = ["unshare", "-rm", "sh", "-c", script, "sh", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.mark.skipif(
    shutil.which("unshare") is None or _on_tmpfs("true").returncode != 0, reason="needs user namespaces to mount"
)
def test_a_full_disk_leaves_the_old_one_active() -> None:
    outcomes = []
    for kept in (0, 4096, 8192, 12288, 16384, 65536):
        done = _on_tmpfs(sys.executable, "-c", FULL, str(kept))
        assert done.returncode == 0, done.stderr
        outcomes.append(done.stdout.strip())
    assert outcomes == sorted(outcomes)
    assert set(outcomes) == {"full", "published"}


def test_an_error_while_training_leaves_the_old_one_active(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = published(store, 1, tips=("tip1",))
    with pytest.raises(ZeroDivisionError), store.staging() as staged:
        write_adapter(staged, 1 // 0)
    assert _check_old_or_new(tmp_path, first) is False

"""One process at a time, the others are told who; the lock of a dead process is free."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from codetune_git.errors import Unavailable
from codetune_git.store import Store

HOLD = """
import sys
from pathlib import Path
from codetune_git.store import Store
with Store(Path(sys.argv[1])).lock("train"):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_others_are_told_who_holds_it(tmp_path: Path) -> None:
    process = holder(tmp_path)
    try:
        with pytest.raises(Unavailable) as caught, Store(tmp_path).lock("use"):
            pass
        line = str(caught.value)
        assert f"`train`, process {process.pid} on " in line
        assert "since 2" in line
        assert "\n" not in line
    finally:
        process.communicate("")
    with Store(tmp_path).lock("use"):
        pass


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    process = holder(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with Store(tmp_path).lock("train"):
        assert str(os.getpid()) in (tmp_path / "lock.json").read_text()
    assert not (tmp_path / "lock.json").exists()


def test_it_can_be_taken_again_while_it_is_held(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with store.lock("train"):
        with store.lock("prune"), pytest.raises(Unavailable, match="process"), Store(tmp_path).lock("use"):
            pass
        with pytest.raises(Unavailable), Store(tmp_path).lock("use"):
            pass
    with Store(tmp_path).lock("use"):
        pass


@pytest.mark.parametrize("note", [b"", b"[]", b'{"pid": 1}', b'{"pid":1,"host":"h","purpose":"p","since":"x"}'])
def test_a_damaged_note_does_not_hide_that_it_is_held(tmp_path: Path, note: bytes) -> None:
    with Store(tmp_path).lock("train"):
        (tmp_path / "lock.json").write_bytes(note)
        with pytest.raises(Unavailable, match="another process"), Store(tmp_path).lock("use"):
            pass


def test_an_error_under_the_lock_frees_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(ZeroDivisionError), store.lock("train"), store.lock("train"):
        raise ZeroDivisionError
    with Store(tmp_path).lock("use"):
        pass

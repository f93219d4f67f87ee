"""Counts and evaluations outlive processes; damage is mended with a warning; several processes may write at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from codetune_git.domain import Verdict
from codetune_git.store import Decided, EvaluationRecord, Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_counts_are_kept_by_catalogue_version(store: Store, tmp_path: Path) -> None:
    counts = {f"{n:040x}": bytes([n % 256]) * 3 for n in range(1200)}
    assert store.blob_counts(counts, "1") == {}
    assert not (tmp_path / "codetune.sqlite").exists()
    assert store.remember_counts(counts, "1")
    again = Store(tmp_path)
    assert again.blob_counts((oid for oid in [*counts, "f" * 40]), "1") == counts
    assert again.blob_counts(counts, "2") == {}
    assert again.remember_counts({"a": b"new"}, "2")
    assert again.blob_counts(counts, "1") == {}
    assert again.remember_counts({"a": b"newer"}, "2")
    assert store.blob_counts(["a"], "2") == {"a": b"newer"}
    assert again.warnings == ()


def test_evaluations_are_a_record_in_time(store: Store, tmp_path: Path) -> None:
    assert store.evaluations() == ()
    late, early = EvaluationRecord("b", 20, {"recall": 0.5}), EvaluationRecord("a", 10, {"recall": 0.25, "asked": 3})
    store.record_evaluation(late)
    store.record_evaluation(early)
    assert Store(tmp_path).evaluations() == (early, late)


def test_decisions_are_kept_in_their_order_and_can_be_forgotten(store: Store, tmp_path: Path) -> None:
    odd = os.fsdecode(b"not\xffutf8.py")
    first = Decided(0, 20, Verdict.REJECTED, odd, "a" * 40, 3, "quotes", ('x = "a"',), ("x = 'a'",))
    second = replace(first, time=10, verdict=Verdict.ACCEPTED, replacement=())
    assert store.decisions() == ()
    store.remember([first, second])
    again = Store(tmp_path)
    assert again.decisions() == (replace(first, number=1), replace(second, number=2))
    again.forget([1, 7])
    assert store.decisions() == (replace(second, number=2),)


def test_a_file_of_the_layout_before_is_extended(store: Store, tmp_path: Path) -> None:
    record = EvaluationRecord("a", 10, {"recall": 0.25})
    store.record_evaluation(record)
    store.close()
    with sqlite3.connect(tmp_path / "codetune.sqlite") as connection:
        connection.execute("DROP TABLE decisions")
        connection.execute("PRAGMA user_version = 1")
    again = Store(tmp_path)
    assert again.decisions() == ()
    assert again.evaluations() == (record,)
    assert again.warnings == ()


@pytest.mark.parametrize("damage", ["text", "cut", "pages", "layout"])
def test_a_damaged_file_is_set_aside_with_a_warning(store: Store, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "codetune.sqlite"
    store.remember_counts({f"{n:040x}": os.urandom(2000) for n in range(300)}, "1")
    store.close()
    if damage == "text":
        path.write_bytes(b"this is no database, whatever its name says" * 100)
    elif damage == "cut":
        os.truncate(path, 40_000)
    elif damage == "pages":
        with open(path, "r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * 400_000)
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
    again = Store(tmp_path)
    assert again.blob_counts([f"{n:040x}" for n in range(300)], "1") == {}
    assert len(again.warnings) == 1
    assert "begun anew" in again.warnings[0]
    assert (tmp_path / "codetune.sqlite.broken").exists()
    assert again.remember_counts({"a": b"1"}, "1")
    again.record_evaluation(EvaluationRecord("x", 1, {}))
    fresh = Store(tmp_path)
    assert fresh.blob_counts(["a"], "1") == {"a": b"1"}
    assert fresh.warnings == ()


def test_damage_under_an_open_store_is_mended_once_by_the_first_to_see_it(store: Store, tmp_path: Path) -> None:
    store.remember_counts({f"{n:040x}": os.urandom(2000) for n in range(300)}, "1")
    other = Store(tmp_path)
    other.evaluations()
    store.close()
    other.close()
    with open(tmp_path / "codetune.sqlite", "r+b") as file:
        file.write(b"\0" * 4096 * 80)
    one, two = Store(tmp_path), Store(tmp_path)
    assert one.remember_counts({"a": b"1"}, "1")
    assert two.remember_counts({"b": b"2"}, "1")
    assert one.blob_counts(["a", "b"], "1") == {"a": b"1", "b": b"2"}
    assert len(one.warnings + two.warnings) == 1


WRITE = """
import sys
from dataclasses import replace
from pathlib import Path
from codetune_git.domain import Verdict
from codetune_git.store import Decided, EvaluationRecord, Store
store = Store(Path(sys.argv[1]))
sys.stdin.readline()
for n in range(40):
    assert store.remember_counts({f"{sys.argv[2]}-{n}-{i}": b"x" * 50 for i in range(20)}, "1")
    store.record_evaluation(EvaluationRecord(sys.argv[2], n, {"n": n}))
print(len(store.warnings))
"""


@pytest.mark.parametrize("broken", [False, True])
def test_processes_write_at_once(tmp_path: Path, broken: bool) -> None:
    if broken:
        (tmp_path / "codetune.sqlite").write_bytes(b"broken " * 1000)
    command = [sys.executable, "-c", WRITE, str(tmp_path)]
    processes = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "pqr"
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    store = Store(tmp_path)
    assert len(store.evaluations()) == 120
    keys = [f"{name}-{n}-{i}" for name in "pqr" for n in range(40) for i in range(20)]
    assert len(store.blob_counts(keys, "1")) == 2400


READ = """
import sys
from dataclasses import replace
from pathlib import Path
from codetune_git.store import Store
store = Store(Path(sys.argv[1]))
assert store.blob_counts(["a"], "1") == {"a": b"1"}, store.warnings
assert store.remember_counts({"b": b"2"}, "1") is False
assert len(store.evaluations()) == 1
"""


def _unshared(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["unshare", "-rm", *command], capture_output=True, text=True)


needs_mounts = pytest.mark.skipif(
    shutil.which("unshare") is None or _unshared("mount", "-t", "tmpfs", "none", "/mnt").returncode != 0,
    reason="needs user namespaces to mount",
)


@needs_mounts
def test_a_read_only_repository_is_still_read(store: Store, tmp_path: Path) -> None:
    store.remember_counts({"a": b"1"}, "1")
    store.record_evaluation(EvaluationRecord("x", 1, {}))
    store.close()
    script = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" -c "$3" "$1"'
    done = _unshared("sh", "-c", script, "sh", str(tmp_path), sys.executable, READ)
    assert done.returncode == 0, done.stderr


def test_counts_of_several_catalogues_are_kept_side_by_side(store: Store) -> None:
    assert store.remember_counts({"a": b"1"}, "python")
    assert store.remember_counts({"b": b"2"}, "scripts", ["python", "scripts"])
    assert store.blob_counts(["a"], "python") == {"a": b"1"}
    assert store.remember_counts({"b": b"3"}, "scripts-2", ["python", "scripts-2"])
    assert store.blob_counts(["a", "b"], "python") == {"a": b"1"}
    assert store.blob_counts(["b"], "scripts") == {}

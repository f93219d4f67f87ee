"""The state of a real repository: before training, after it, with new commits and evaluations."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.adapters import manifest, published, write_adapter
from support.command_line import codetune
from support.real_git import commit, git

from codetune_git.commands.status import ago, curve
from codetune_git.store import Cursor, EvaluationRecord, Store


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    return tmp_path


@pytest.fixture
def store(repository: Path) -> Store:
    return Store(repository / ".git" / "codetune")


def test_before_anything(repository: Path) -> None:
    done = codetune(repository, "status")
    assert (done.code, done.err) == (0, "")
    assert (
        done.out == "adapter   none yet\njudges    by counts, from the first suggestion on\nto learn  no commits yet\n"
    )
    commit(repository, {"a.py": "a = 1\n"})
    assert codetune(repository, "status").out.endswith("to learn  1 commit: run `git codetune train`\n")
    assert not (repository / ".git" / "codetune").exists()


def test_after_training(repository: Path, store: Store) -> None:
    tip = commit(repository, {"a.py": "a = 1\n"})
    created = int(time.time()) - 3 * 3600 - 5
    made = published(store, 1, tips=(tip,), created=created, name="main", parent="240101-000000")
    lines = codetune(repository, "status").out.splitlines()
    assert lines == [
        f"adapter   {made} (main), 3 hours ago",
        "base      codetune-base@1 (codetune)",
        "learned   70 samples (12 commits read), from 240101-000000",
        "held out  recall 0.5",
        "judges    the calibration is damaged ('version'): run git codetune train",
        "to learn  nothing new",
    ]
    commit(repository, {"a.py": "a = 2\n"})
    commit(repository, {"b.py": "b = 2\n"})
    assert codetune(repository, "status").out.splitlines()[-1] == "to learn  2 commits: run `git codetune train`"


def test_what_was_learned_by_heart_is_a_line_of_its_own(repository: Path, store: Store) -> None:
    counts = {"memorised": 3, "passages": 48, "memorised_by_base": 1, "memorised_held_out": 2, "passages_held_out": 40}
    published(store, 1, metrics={"recall": 0.5, **counts})
    lines = codetune(repository, "status").out.splitlines()
    assert lines[3:5] == [
        "held out  recall 0.5",
        "memorised 3 of 48 learned passages come back word for word (1 by the base alone, 2 of 40 held-out ones)",
    ]


def test_tips_that_a_rebase_took_away_do_not_matter(repository: Path, store: Store) -> None:
    commit(repository, {"a.py": "a = 1\n"})
    published(store, 1, tips=("d" * 40,))
    done = codetune(repository, "status")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1].startswith("to learn  1 commit:")


def test_what_the_budget_left_out_is_said(repository: Path, store: Store) -> None:
    tip = commit(repository, {"a.py": "a = 1\n"})
    with store.staging() as staged:
        write_adapter(staged)
        store.publish(staged, manifest(metrics={}), Cursor((tip,), frozenset(), ("one", "two")))
    last = codetune(repository, "status").out.splitlines()[-1]
    assert last == "to learn  nothing new (the last budget had no room for 2 older commits)"


def test_the_evaluations_make_a_curve(repository: Path, store: Store) -> None:
    for n, recall in enumerate([0.2, 0.4, 0.3, 0.6]):
        store.record_evaluation(EvaluationRecord(f"a{n}", n, {"recall": recall, "asked": 10 + n}))
    lines = codetune(repository, "status").out.splitlines()
    assert lines[1:4] == [
        "evaluated 4 times, last: recall 0.6, asked 13",
        "          recall ▁▅▃█ 0.2 to 0.6",
        "          asked ▁▃▆█ 10 to 13",
    ]


def test_a_damaged_adapter_is_said_with_its_remedy(repository: Path, store: Store) -> None:
    made = published(store, 1)
    (store.load(made).calibration).unlink()
    done = codetune(repository, "status")
    assert done.code == 5
    assert f"adapter {made}: calibration.json is in only one of" in done.err


def test_a_damaged_record_is_mended_and_said(repository: Path, store: Store) -> None:
    store.record_evaluation(EvaluationRecord("a", 1, {"recall": 0.5}))
    store.close()
    (repository / ".git" / "codetune" / "codetune.sqlite").write_bytes(b"no database at all " * 300)
    done = codetune(repository, "status")
    assert done.code == 0
    assert "set aside as codetune.sqlite.broken" in done.err
    assert codetune(repository, "status").err == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (86400 * 40, "40 days ago")],
)
def test_ago(seconds: float, said: str) -> None:
    assert ago(seconds) == said


def test_curve() -> None:
    assert curve([1, 2, 3, 4, 5, 6, 7, 8]) == "▁▂▃▄▅▆▇█"
    assert curve([0.5, 0.5]) == "▄▄"
    assert curve([1e-9, 0]) == "█▁"

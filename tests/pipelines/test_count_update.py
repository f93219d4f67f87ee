"""Counts that were taken at the training's commit become those of HEAD: exactly, and in bounded steps."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.adapters import published
from support.repo_builder import RepoBuilder, isolate

from codetune_git.git.repository import Repository
from codetune_git.languages.table import RECORDED, VERSIONS
from codetune_git.pipelines import file_sample, style_counts
from codetune_git.pipelines.count_update import counted_commit, update_counts
from codetune_git.pipelines.style_counts import Readings, readings_at, sample_at
from codetune_git.store import Adapter, Store
from codetune_git.suggesting.calibration import SILENT
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile

SINGLE = "def name():\n    return f('a', 'b')\n"
DOUBLE = 'def name():\n    return f("a", "b")\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RepoBuilder:
    isolate(monkeypatch)
    return RepoBuilder(tmp_path / "house")


def _read(repository: Repository, store: Store, revision: str) -> Readings:
    return readings_at(repository, store, revision, lambda done, all_: None)


def _judgement(repository: Repository, store: Store, revision: str) -> StyleProfile:
    """What a training at `revision` leaves, published as the active adapter."""
    readings = _read(repository, store, revision)
    published(store, tips=(revision,), catalogue_version=RECORDED)
    return StyleProfile(readings.counts, SILENT, Precedents.of(readings.examples, revision))


def active(store: Store) -> Adapter:
    adapter = store.active()
    assert adapter is not None
    return adapter


def tip_of(repository: Repository, store: Store) -> str | None:
    return counted_commit(repository, store, active(store))


def _quotes(profile: StyleProfile) -> dict[str, int]:
    return dict(profile.counts.table.get(("quotes", ()), {}))


def test_the_counts_of_today_are_those_that_a_training_would_take(house: RepoBuilder) -> None:
    old = house.commit(
        files={"a.py": SINGLE, "b.py": SINGLE, "gone.py": SINGLE, "vendor/c.py": SINGLE, "kept.py": SINGLE}
    )
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    new = house.commit(
        files={"a.py": DOUBLE, "b.py": "def broken(:\n", "gone.py": None, "vendor/c.py": DOUBLE, "d/new.py": DOUBLE}
    )
    now = update_counts(then, repository, store, counted=tip_of(repository, store), at=new, staged=["a.py"]).profile
    assert _quotes(now) == {"single": 2, "double": 4}
    assert now.counts.table == _read(repository, store, new).counts.table
    assert (
        update_counts(
            then, repository, Store(repository.codetune_dir), counted=tip_of(repository, store), at=new, staged=["a.py"]
        ).profile.counts
        == now.counts
    )


def test_examples_of_what_was_rewritten_are_todays(house: RepoBuilder) -> None:
    old = house.commit(files={"a.py": SINGLE, "b.py": SINGLE})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    new = house.commit(files={"a.py": f"\n\n{DOUBLE}"})
    shown = update_counts(
        then, repository, store, counted=tip_of(repository, store), at=new, staged=[]
    ).profile.precedents.table
    quotes = {place[1]: found for place, found in shown.items() if place[0] == "quotes"}
    assert {(p.path, p.line, p.commit) for p in quotes["double"]} == {("a.py", 4, new)}
    assert {(p.path, p.line, p.commit) for p in quotes["single"]} == {("b.py", 2, old)}


def test_much_drift_is_caught_up_with_step_by_step_the_staged_folder_first(house: RepoBuilder) -> None:
    old = house.commit(files={f"{folder}/{n}.py": SINGLE for folder in ("a", "z") for n in range(3)})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    new = house.commit(
        files={f"{folder}/{n}.py": f"{DOUBLE}# {folder}{n}\n" for folder in ("a", "z") for n in range(3)}
    )
    seen, whole = [], []
    for _ in range(6):
        found = update_counts(
            then, repository, store, counted=tip_of(repository, store), at=new, staged=["z/1.py"], most=1
        )
        now = found.profile
        whole.append(found.complete)
        assert sum(_quotes(now).values()) == 12  # each file counts as it was or as it is, never twice or not at all
        seen.append(_quotes(now).get("double", 0))
    assert seen == [2, 4, 6, 8, 10, 12]
    assert whole == [False] * 5 + [True]
    assert _read(repository, store, "HEAD").counts.table == now.counts.table


def test_a_cache_that_is_gone_costs_time_and_nothing_else(house: RepoBuilder) -> None:
    old = house.commit(files={"a.py": SINGLE, "b.py": SINGLE})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    new = house.commit(files={"a.py": DOUBLE})
    store.close()
    for file in repository.codetune_dir.glob("codetune.sqlite*"):
        file.unlink()
    now = update_counts(
        then, repository, Store(repository.codetune_dir), counted=tip_of(repository, store), at=new, staged=[]
    ).profile
    assert _quotes(now) == {"single": 2, "double": 2}


def test_without_the_commit_that_was_counted_the_counts_stay(house: RepoBuilder) -> None:
    house.commit(files={"a.py": SINGLE})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, "HEAD")
    published(store, tips=("1" * 40,), catalogue_version=RECORDED)
    new = house.commit(files={"a.py": DOUBLE})
    assert (
        update_counts(then, repository, store, counted=tip_of(repository, store), at=new, staged=["a.py"]).profile
        is then
    )
    assert (
        update_counts(then, repository, store, counted=tip_of(repository, store), at=None, staged=["a.py"]).profile
        is then
    )


def test_rules_that_changed_count_on_both_sides(house: RepoBuilder) -> None:
    """What was ignored was never counted, so it is not taken off; what is ignored now is taken off, not put back."""
    old = house.commit(files={".codetuneignore": "old/\n", **dict.fromkeys(("a.py", "old/b.py", "new/c.py"), SINGLE)})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    assert _quotes(then) == {"single": 4}
    new = house.commit(files={".codetuneignore": "new/\n", "old/b.py": DOUBLE, "new/c.py": DOUBLE})
    now = update_counts(then, repository, store, counted=tip_of(repository, store), at=new, staged=[]).profile
    assert _quotes(now) == {"single": 2, "double": 2}
    assert now.counts.table == _read(repository, store, new).counts.table


def test_counts_of_another_catalogue_stay(house: RepoBuilder) -> None:
    old = house.commit(files={"a.py": SINGLE})
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    then = _judgement(repository, store, old)
    new = house.commit(files={"a.py": DOUBLE})
    now = update_counts(then, repository, store, counted=old, at=new, staged=[], catalogues="another+third")
    assert now.profile is then
    assert now.complete
    now = update_counts(then, repository, store, counted=old, at=new, staged=[], catalogues=f"another+{VERSIONS[0]}")
    assert _quotes(now.profile) == {"double": 2}


def test_of_many_files_the_counted_ones_are_followed(house: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_sample, "MOST_FILES", 4)
    names = [f"m{n}.py" for n in range(16)]
    old = house.commit(files=dict.fromkeys(names, SINGLE))
    repository = Repository.open(house.path)
    store = Store(repository.codetune_dir)
    profile = _judgement(repository, store, old)
    assert 0 < len(_read(repository, store, old).files) < 16
    new = house.commit(files=dict.fromkeys(names, DOUBLE))
    found = update_counts(profile, repository, store, counted=old, at=new, staged=())
    assert found.complete
    assert _quotes(found.profile) == {"double": _quotes(profile)["single"]}
    assert found.profile.counts.tally == _read(repository, store, new).counts.tally


def test_files_that_are_left_out_displace_none(house: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_sample, "MOST_FILES", 8)
    monkeypatch.setattr(style_counts, "MOST_FILES", 8)
    vendored = {f"vendor/{n}.py": SINGLE for n in range(40)}
    tip = house.commit(files={**dict.fromkeys([f"m{n}.py" for n in range(8)], SINGLE), **vendored})
    repository = Repository.open(house.path)
    assert len(_read(repository, Store(repository.codetune_dir), tip).files) == 8
    assert sample_at(repository, tip).share == 1

"""From new commits to an active adapter, run after run: what is read, what is not read again, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file
from support.flow_command import codetune, learned_in, state_of, without_network
from support.flow_repository import COMMITS, FURTHER, build, grow, plant
from support.flow_training import Trained
from support.real_git import commit, git


def _read(folder: Path, name: str) -> dict[str, Any]:
    home = folder / ".git" / "codetune"
    active = (home / "active").read_text().strip()
    return dict(json.loads((home / "adapters" / active / name).read_text()))


def _cursor(folder: Path) -> dict[str, Any]:
    return _read(folder, "cursor.json")


def _manifest(folder: Path) -> dict[str, Any]:
    return _read(folder, "manifest.json")


def test_the_first_training(first: Trained) -> None:
    """It ran without any network: see the fixture."""
    assert first.said.out.startswith(f"Read {COMMITS} commits; learned from ")
    assert f"\nHeld out of training: {round(0.3 * COMMITS)} commits.\n" in first.said.out
    assert re.search(r"Evaluated: \d+ of \d+ clean hunks flagged", first.said.out)
    assert first.said.out.splitlines()[-1] == f"Active adapter: {_manifest(first.folder)['id']}"
    assert first.said.remarks == []
    assert first.untouched
    assert _cursor(first.folder)["tips"] == [git(first.folder, "rev-parse", "HEAD").decode().strip()]
    assert len(_cursor(first.folder)["fingerprints"]) == COMMITS


def test_what_was_learned_by_heart_is_said_and_kept(first: Trained) -> None:
    """Of the real training data and held-out commits; a tiny base that has read each of them once knows none."""
    metrics = _manifest(first.folder)["metrics"]
    said = re.search(
        r"^Memorised: (\d+) of (\d+) learned passages come back word for word "
        r"\((\d+) by the base alone, (\d+) of (\d+) held-out ones\)\.$",
        first.said.out,
        re.MULTILINE,
    )
    assert said
    names = ("memorised", "passages", "memorised_by_base", "memorised_held_out", "passages_held_out")
    assert [int(number) for number in said.groups()] == [metrics[name] for name in names]
    assert metrics["memorised"] == metrics["memorised_by_base"] == metrics["memorised_held_out"] == 0
    assert metrics["passages"] > 10
    assert metrics["passages_held_out"] > 10
    status = codetune(first.folder, "status").out
    assert f"\nmemorised 0 of {metrics['passages']} learned passages come back" in status


def test_the_same_tip_again_is_nothing_new(house: Path, train: tuple[str, ...]) -> None:
    before = state_of(house, without=())
    for arguments in (train, (*train, "--dry-run")):
        done = codetune(house, *arguments)
        assert (done.code, done.out, done.err) == (0, "Nothing new: this commit was learned already.\n", "")
    assert state_of(house, without=()) == before


def test_an_older_branch_has_nothing_to_learn(house: Path, train: tuple[str, ...]) -> None:
    learned = learned_in(house)
    git(house, "switch", "-q", "-c", "older", "HEAD~5")
    done = codetune(house, *train)
    assert (done.code, done.out) == (0, "Nothing to learn from in 0 new commits.\n")
    assert learned_in(house) == learned


def test_further_commits_alone_are_read(first: Trained, second: Trained) -> None:
    """Also after runs that were killed: see the fixture."""
    assert second.said.out.startswith(f"Read {FURTHER} commits; ")
    assert second.untouched
    assert _manifest(second.folder)["parent"] == _manifest(first.folder)["id"]
    assert _manifest(second.folder)["commits"] == FURTHER
    known = set(_cursor(first.folder)["fingerprints"])
    assert set(_cursor(second.folder)["fingerprints"]) > known
    assert len(_cursor(second.folder)["fingerprints"]) == COMMITS + FURTHER
    status = codetune(second.folder, "status")
    assert "to learn  nothing" in status.out
    assert re.search(r"^evaluated +1 time, last: ", status.out, re.MULTILINE)


def test_a_dry_run_changes_nothing(longer: Path, train: tuple[str, ...]) -> None:
    before = state_of(longer, without=())
    done = codetune(longer, *train, "--dry-run")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Would read 20 commits, learn from 14 of them and hold 6 out.\n")
    assert state_of(longer, without=()) == before


def _rewritten(folder: Path) -> None:
    """The same changes in other commits, the old ones gone."""
    old = git(folder, "rev-parse", "HEAD").decode().strip()
    script = "GIT_COMMITTER_DATE='@1710000000 +0000' git commit-tree"
    git(folder, "-c", "filter.none=none", "filter-branch", "-f", "--commit-filter", f'{script} "$@"', "HEAD")
    git(folder, "update-ref", "-d", "refs/original/refs/heads/main")
    git(folder, "reflog", "expire", "--expire=now", "--all")
    git(folder, "gc", "-q", "--prune=now")
    assert git(folder, "rev-parse", "HEAD").decode().strip() != old
    with pytest.raises(AssertionError):
        git(folder, "cat-file", "-e", old)


def test_a_rewritten_history_is_neither_learned_again_nor_skipped(
    house: Path, train: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FILTER_BRANCH_SQUELCH_WARNING", "1")
    known = _cursor(house)["fingerprints"]
    _rewritten(house)
    grow(house, COMMITS, COMMITS + 6)
    before = state_of(house)
    done = codetune(house, *train)
    assert done.code == 0, done.err
    assert f"Left out: {COMMITS} × learned before under another name" in done.out
    assert len(set(_cursor(house)["fingerprints"]) - set(known)) == 6
    assert _cursor(house)["tips"][-1] == git(house, "rev-parse", "HEAD").decode().strip()
    assert state_of(house) == before
    again = codetune(house, *train)
    assert again.out == "Nothing new: this commit was learned already.\n"


def test_another_base_is_refused(longer: Path, tmp_path: Path, checkpoint: Path) -> None:
    """Of the same shape, so that only its identity tells."""
    other = copied_base(checkpoint, tmp_path / "other")
    weights = load_file(other / "model.safetensors")
    name = min(weights)
    save_file({**weights, name: weights[name] + 0.01}, other / "model.safetensors", metadata={"format": "pt"})
    before = state_of(longer, without=())
    done = codetune(longer, "train", "--base", str(other), "--budget", "200s")
    assert (done.code, done.out) == (5, "")
    assert "was trained on the base" in done.complaint
    assert state_of(longer, without=()) == before


def test_a_new_version_s_base_learns_anew(longer: Path) -> None:
    """The adapter was trained on an embedded base that this version no longer brings: it speaks on, until then."""
    learned = learned_in(longer)
    done = codetune(longer, "train", "--dry-run")
    assert done.code == 0, done.err
    assert "brings another base" in done.out
    assert f"Would read {COMMITS + FURTHER} commits" in done.out
    plant(longer)
    assert codetune(longer, "suggest", "--check").code == 1
    assert learned_in(longer) == learned


@pytest.mark.parametrize("damage", ["none there", "no weights", "cut off", "own code", "pickle"])
def test_a_base_that_is_none_is_refused_at_once(tmp_path: Path, checkpoint: Path, damage: str) -> None:
    folder = build(tmp_path / "house", 3)
    base = copied_base(checkpoint, tmp_path / "base")
    weights, config = base / "model.safetensors", base / "config.json"
    if damage == "none there":
        config.unlink()
    if damage == "no weights":
        weights.unlink()
    if damage == "cut off":
        weights.write_bytes(weights.read_bytes()[:-100])
    if damage == "own code":
        config.write_text(json.dumps({**json.loads(config.read_text()), "auto_map": {"AutoModel": "evil.Model"}}))
    if damage == "pickle":
        weights.rename(base / "pytorch_model.bin")
    done = codetune(folder, "train", "--base", str(base))
    assert (done.code, done.out) == (4 if damage == "none there" else 5, "")
    assert str(base) in done.complaint
    assert done.err.count("\n") == 1
    assert learned_in(folder) == {}


def copied_base(checkpoint: Path, folder: Path) -> Path:
    folder.mkdir()
    for path in checkpoint.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_a_budget_that_is_spent_before_the_first_step(tmp_path: Path, checkpoint: Path) -> None:
    folder = build(tmp_path / "house", 3)
    before = state_of(folder)
    done = codetune(folder, "train", "--base", str(checkpoint), "--budget", "0.1s")
    assert (done.code, done.out) == (75, "")
    assert "--budget" in done.complaint
    assert state_of(folder) == before
    assert learned_in(folder) == {}


def test_commits_without_training_data(tmp_path: Path, train: tuple[str, ...]) -> None:
    """Comments alone teach nothing; that is said, with the reason, and is no success."""
    folder = build(tmp_path / "house", 0)
    commit(folder, {"notes.py": "# A note.\n# Another note.\n"})
    done = codetune(folder, *train)
    assert (done.code, done.out) == (4, "")
    assert "only blank lines or comments" in done.complaint
    assert learned_in(folder) == {}


def test_evaluate_on_commits_that_were_held_out(house: Path, checkpoint: Path) -> None:
    before, learned = state_of(house), learned_in(house)
    done = codetune(house, "evaluate", CODETUNE_BASE=str(checkpoint))
    assert done.code == 0, done.err
    for row in ("counts and model", "counts only", "base without adapter", "mean   right"):
        assert row in done.out
    assert state_of(house) == before
    assert learned_in(house) == learned


def test_evaluate_needs_enough_to_measure(tmp_path: Path, house: Path) -> None:
    untrained = build(tmp_path / "untrained", 3)
    assert codetune(untrained, "evaluate").code == 3
    few = codetune(house, "evaluate", "--limit", "1")
    assert (few.code, few.out) == (4, "")
    assert "30 are needed" in few.complaint


def test_nothing_is_written_outside_the_repository(house: Path, tmp_path: Path, train: tuple[str, ...]) -> None:
    """Neither into the home folder nor into temporary folders that stay."""
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    grow(house, COMMITS, COMMITS + 2)
    plant(house)
    variables = {"HOME": str(home), "TMPDIR": str(scratch)}
    for arguments in (("suggest",), ("conventions",), train):
        done = codetune(house, *arguments, **variables, under=without_network())
        assert done.code == 0, done.err
    assert list(home.rglob("*")) == []
    # torch makes itself an empty folder.
    assert [path for path in scratch.rglob("*") if not path.name.startswith("torchinductor_")] == []

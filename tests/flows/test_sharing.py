"""An adapter goes from one clone to another through a remote, or is refused with nothing activated."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.flow_command import codetune, learned_in, state_of
from support.flow_repository import MENDED_LINE, plant
from support.real_git import environment, git

REF = "refs/codetune/adapters/default"


@pytest.fixture
def remote(house: Path, tmp_path: Path) -> Path:
    """A bare remote that the trained house knows as origin."""
    git(tmp_path, "clone", "-q", "--bare", str(house), "remote.git")
    git(house, "remote", "add", "origin", "../remote.git")
    return tmp_path / "remote.git"


@pytest.fixture
def other(remote: Path, tmp_path: Path) -> Path:
    """Another clone of the remote, which has learned nothing."""
    git(tmp_path, "clone", "-q", str(remote), "other")
    return tmp_path / "other"


def _fetched(other: Path, checkpoint: Path) -> tuple[int, str]:
    done = codetune(other, "adapters", "fetch", "--base", str(checkpoint))
    return done.code, done.complaint if done.code else done.out


def test_what_was_pushed_speaks_the_same_elsewhere(house: Path, other: Path, remote: Path, checkpoint: Path) -> None:
    before = state_of(house), state_of(other)
    done = codetune(house, "adapters", "push")
    assert done.code == 0, done.err
    assert "Pushed adapter" in done.out
    code, said = _fetched(other, checkpoint)
    assert code == 0, said
    assert "(60 commits read)" in said
    # The users' own repositories are as they were: no object, no ref.
    assert (state_of(house), state_of(other)) == before
    mine, theirs = ({p: d.split()[-1] for p, d in learned_in(folder).items()} for folder in (house, other))
    assert mine == theirs
    git(other, "gc", "-q", "--prune=now")
    git(remote, "gc", "-q", "--prune=now")
    assert codetune(other, "adapters", "fetch", "--base", str(checkpoint)).code == 0
    path = plant(house)
    assert plant(other) == path
    here, there = (codetune(folder, "suggest", "--format", "json") for folder in (house, other))
    assert here.out == there.out
    assert MENDED_LINE in here.document["suggestions"][0]["replacement"]
    assert REF not in git(house, "for-each-ref").decode()


def test_a_ci_job_needs_nothing_else(house: Path, remote: Path, tmp_path: Path, checkpoint: Path) -> None:
    """A fresh clone of a pushed branch, the adapter fetched, the hook on its range."""
    plant(house)
    git(house, "commit", "-q", "-m", "A slip")
    git(house, "push", "-q", "origin", "main")
    assert codetune(house, "adapters", "push", "--name", "team").code == 0
    git(tmp_path, "clone", "-q", str(remote), "job")
    job = tmp_path / "job"
    assert codetune(job, "adapters", "fetch", "--name", "team", "--base", str(checkpoint)).code == 0
    done = codetune(job, "hook", "--check", "--required", "--from-ref", "HEAD~1")
    assert done.code == 1
    assert MENDED_LINE in done.out


def _changed(remote: Path, change: Callable[[dict[str, tuple[str, str]]], None]) -> None:
    """Rewrite the shared tree on the remote: (mode, oid) by path."""
    entries = {}
    for line in git(remote, "ls-tree", "-r", REF).decode().splitlines():
        fields, _, path = line.partition("\t")
        mode, _, oid = fields.split()
        entries[path] = (mode, oid)
    change(entries)
    index = remote / "tampered-index"
    records = "".join(f"{mode} {oid}\t{path}\n" for path, (mode, oid) in entries.items())
    _git_with(remote, index, "update-index", "--add", "--index-info", stdin=records.encode())
    tree = _git_with(remote, index, "write-tree").decode().strip()
    commit = git(remote, "commit-tree", "-m", "Tampered", tree).decode().strip()
    git(remote, "update-ref", REF, commit)


def _git_with(remote: Path, index: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(
        ["git", *arguments], cwd=remote, input=stdin, env=environment(GIT_INDEX_FILE=os.fspath(index)),
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.parametrize(("hits", "warned"), [(0, False), (1, False), (30, True)])
def test_what_was_learned_by_heart_is_said_before_it_is_shared(
    house: Path, remote: Path, *, hits: int, warned: bool
) -> None:
    """Pushed all the same: whose code it is, and who may have it, is for people to say."""
    home = house / ".git" / "codetune"
    path = home / "adapters" / (home / "active").read_text().strip() / "manifest.json"
    manifest = json.loads(path.read_text())
    assert manifest["metrics"]["memorised"] == 0
    manifest["metrics"]["memorised"] = min(hits, manifest["metrics"]["passages"])
    path.write_text(json.dumps(manifest))
    done = codetune(house, "adapters", "push")
    assert done.code == 0, done.err
    assert ("memorised: " in done.err) == warned
    assert json.loads(git(remote, "cat-file", "blob", f"{REF}:manifest.json")) == manifest
    if warned:
        assert "learned passages come back word for word (0 by the base alone, 0 of " in done.complaint


def _blob(remote: Path, content: bytes) -> str:
    return git(remote, "hash-object", "-w", "--stdin", stdin=content).decode().strip()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("blob", "SHA-256"),
        ("pickle", "not a file that an adapter may hold"),
        ("link", "nothing that an adapter may hold"),
        ("deep", "nothing that an adapter may hold"),
        ("hidden", "nothing that an adapter may hold"),
        ("manifest", "no adapter"),
        ("id", "no id"),
        ("missing", "in only one of"),
    ],
)
def test_what_was_tampered_with_is_refused(
    house: Path, other: Path, remote: Path, checkpoint: Path, *, damage: str, says: str
) -> None:
    assert codetune(house, "adapters", "push").code == 0
    manifest = json.loads(git(remote, "cat-file", "blob", f"{REF}:manifest.json"))

    def change(entries: dict[str, tuple[str, str]]) -> None:
        evil = ("100644", _blob(remote, b"evil"))
        if damage == "blob":
            size = int(git(remote, "cat-file", "-s", f"{REF}:calibration.json"))
            entries["calibration.json"] = ("100644", _blob(remote, b" " * size))
        elif damage == "link":
            entries["adapter/link.json"] = ("120000", _blob(remote, b"/etc/passwd"))
        elif damage == "manifest":
            entries["manifest.json"] = evil
        elif damage == "id":
            content = json.dumps({**manifest, "id": "../../../evil"}).encode()
            entries["manifest.json"] = ("100644", _blob(remote, content))
        elif damage == "missing":
            del entries["cursor.json"]
        else:
            places = {"pickle": "adapter/weights.pkl", "deep": "a/b/c.json"}
            entries[places.get(damage, ".hidden")] = evil

    _changed(remote, change)
    before = learned_in(other)
    code, said = _fetched(other, checkpoint)
    assert code == 5
    assert says in said
    assert learned_in(other) == before == {}
    home = other / ".git" / "codetune"
    assert not [path for path in (home / "adapters").glob("*") if path.name.startswith(".")]


def test_another_base_is_refused(house: Path, other: Path) -> None:
    assert codetune(house, "adapters", "push").code == 0
    done = codetune(other, "adapters", "fetch")
    assert done.code == 5
    assert "was trained on the base" in done.complaint
    assert learned_in(other) == {}


def test_what_is_not_there_is_said(house: Path, other: Path, remote: Path, checkpoint: Path) -> None:
    assert codetune(other, "adapters", "push").code == 3
    nothing = codetune(other, "adapters", "fetch", "--base", str(checkpoint))
    assert nothing.code == 3
    assert "has no adapter 'default'" in nothing.complaint
    assert "no remote 'nowhere'" in codetune(house, "adapters", "push", "nowhere").complaint
    assert codetune(house, "adapters", "push", "--name", "../evil").code == 2
    git(remote, "config", "receive.denyDeletes", "true")
    (remote / "hooks").mkdir(exist_ok=True)
    (remote / "hooks" / "pre-receive").write_text("#!/bin/sh\necho 'adapters are not wanted here' >&2\nexit 1\n")
    (remote / "hooks" / "pre-receive").chmod(0o755)
    refused = codetune(house, "adapters", "push")
    assert refused.code == 4
    assert "refuses refs/codetune/adapters/default" in refused.complaint


def test_a_second_push_goes_on_top_of_the_first(house: Path, other: Path, checkpoint: Path) -> None:
    assert codetune(house, "adapters", "push").code == 0
    assert _fetched(other, checkpoint)[0] == 0
    assert codetune(other, "adapters", "push").code == 0
    assert codetune(house, "adapters", "push").code == 0


def test_an_export_is_what_peft_or_anybody_loads(house: Path, checkpoint: Path, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft")
    from transformers import AutoModelForCausalLM

    assert codetune(house, "adapters", "export", str(tmp_path / "peft")).code == 0
    base = AutoModelForCausalLM.from_pretrained(checkpoint)
    tuned = peft.PeftModel.from_pretrained(base, tmp_path / "peft").merge_and_unload().state_dict()
    done = codetune(
        house, "adapters", "export", str(tmp_path / "whole"), "--format", "merged", "--base", str(checkpoint)
    )
    assert done.code == 0, done.err
    whole = AutoModelForCausalLM.from_pretrained(tmp_path / "whole").state_dict()
    assert whole.keys() == tuned.keys()
    assert all(((whole[name].float() - tuned[name].float()).abs() < 0.02).all() for name in whole)
    assert {path.suffix for path in (tmp_path / "whole").iterdir()} <= {".json", ".safetensors"}
    for folder in (tmp_path / "peft", tmp_path / "whole"):  # another user's server reads it wherever it gets in
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {folder.stat().st_mode & 0o666}
    assert codetune(house, "adapters", "export", str(tmp_path / "peft")).code == 2

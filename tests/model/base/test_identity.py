"""A large checkpoint is read once, whichever process asks for it, as long as none of its files changes."""

import json
import os
from pathlib import Path

import pytest

from codetune_git.model.base.identity import identity_of

LARGE = 1 << 28


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "codetune" / "identities.json"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    with open(path, "wb") as file:
        file.truncate(LARGE)  # a hole: it takes no room on the disk
    return path


def test_it_is_remembered_until_a_file_changes(large: Path, memory: Path) -> None:
    first = identity_of((large,))
    (stamp,) = json.loads(memory.read_text())
    memory.write_text(json.dumps({stamp: "remembered"}))
    assert identity_of((large,)) == "remembered"
    os.utime(large, ns=(1, 1))
    assert identity_of((large,)) == first
    assert json.loads(memory.read_text())[stamp] == "remembered"


@pytest.mark.parametrize("damaged", ["{", "[]", ""])
def test_what_is_damaged_is_written_anew(large: Path, memory: Path, damaged: str) -> None:
    memory.parent.mkdir(parents=True)
    memory.write_text(damaged)
    identity = identity_of((large,))
    assert list(json.loads(memory.read_text()).values()) == [identity]


def test_a_folder_that_cannot_be_made_is_no_matter(large: Path, memory: Path) -> None:
    memory.parent.parent.write_text("a file where the folder would be")
    assert len(identity_of((large,))) == 64


def test_a_user_without_a_home_is_no_matter(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    pwd = pytest.importorskip("pwd")
    monkeypatch.setattr(os, "getuid", lambda: max(user.pw_uid for user in pwd.getpwall() if user.pw_uid < 1 << 31) + 1)
    assert len(identity_of((large,))) == 64


def test_nothing_is_written_below_the_current_folder(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "repository"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    identity_of((large,))
    assert list(here.iterdir()) == []
    assert (tmp_path / "home" / ".cache" / "codetune" / "identities.json").is_file()


def test_other_names_of_the_same_file_are_another_checkpoint(large: Path, memory: Path, tmp_path: Path) -> None:
    """As the hub's cache has them: links to what is named by its digest."""
    links = [tmp_path / name for name in ("model.safetensors.link", "other.safetensors")]
    for link in links:
        link.symlink_to(large)
    assert identity_of((links[0],)) != identity_of((links[1],))


def test_small_files_are_read(tmp_path: Path, memory: Path) -> None:
    path = tmp_path / "small"
    path.write_bytes(b"some")
    first = identity_of((path,))
    path.write_bytes(b"other")
    assert identity_of((path,)) != first
    assert not memory.exists()

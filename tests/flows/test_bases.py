"""The whole way with published bases, small: a training, its adapter, new processes that speak from it.

Two that the light runtime runs, given by their folders; one that torch has to score, given by its name in the cache of
downloaded models.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.flow_command import codetune, learned_in, without_network
from support.flow_repository import build, copied, grow, plant
from support.flow_training import hearing
from support.model_cache import put
from support.tiny_checkpoint import WRITERS

COMMITS, FURTHER = 26, 30
NAME = "tiny/starcoder2"
BASE = ("--base", NAME, "--base-revision", "v1")


def _train(folder: Path, *base: str, **variables: str) -> str:
    done = codetune(folder, "train", *base, "--budget", "200s", under=without_network(), **variables)
    assert done.code == 0, done.err
    return done.out


def _adapter(folder: Path) -> Path:
    home = folder / ".git" / "codetune"
    return home / "adapters" / (home / "active").read_text().strip()


@pytest.mark.parametrize("name", ["starcoder", "qwen"])
def test_from_training_to_suggestion(name: str, tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    _train(folder, "--base", str(WRITERS[name](tmp_path / "base")))
    assert json.loads((_adapter(folder) / "manifest.json").read_text())["family"] == name
    assert (_adapter(folder) / "light" / "model.bin").is_file()
    plant(folder)
    asked = codetune(folder, "suggest")  # of its base nothing is needed any more
    assert (asked.code, asked.err) == (0, "")
    assert "quotes" in asked.out


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The variable that names the cache with the base in it."""
    folder = tmp_path_factory.mktemp("cache")
    put(folder, NAME, WRITERS["starcoder2"](tmp_path_factory.mktemp("base") / "tiny"), revision="v1")
    return {"HF_HUB_CACHE": str(folder)}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, cache: dict[str, str]) -> Path:
    folder = build(tmp_path_factory.mktemp("torch") / "house", COMMITS)
    said = _train(folder, *BASE, **cache)
    assert "The light runtime cannot run Starcoder2ForCausalLM" in said
    return folder


@pytest.fixture
def house(trained: Path, tmp_path: Path) -> Path:
    return hearing(copied(trained, tmp_path / "house"))


def test_what_is_not_compiled_is_published_all_the_same(house: Path) -> None:
    assert sorted(path.name for path in (_adapter(house) / "light").iterdir()) == ["light.json", "tokenizer.json"]
    assert (_adapter(house) / "adapter" / "adapter_model.safetensors").is_file()
    assert codetune(house, "adapters", "export", "out", "--base", "unused").code == 0


def test_torch_speaks_from_it(house: Path, cache: dict[str, str]) -> None:
    plant(house)
    before = learned_in(house)
    asked = codetune(house, "suggest", *BASE, under=without_network(), **cache)
    assert asked.code == 0, asked.err
    assert "quotes" in asked.out
    assert learned_in(house) == before


def test_without_its_base_it_is_silent_and_says_why(house: Path, cache: dict[str, str]) -> None:
    plant(house)
    asked = codetune(house, "suggest", **cache)
    assert (asked.code, asked.out) == (4, "")
    assert "name that one with --base" in asked.complaint
    hook = codetune(house, "hook", **cache)
    assert hook.code == 0
    assert hook.err.startswith("codetune: not looked at: the adapter needs its base")


def test_it_goes_on_from_it_and_is_measured(house: Path, cache: dict[str, str]) -> None:
    first = _adapter(house).name
    grow(house, COMMITS, COMMITS + FURTHER)
    variables = {"CODETUNE_BASE": NAME, "CODETUNE_BASE_REVISION": "v1", **cache}
    measured = codetune(house, "evaluate", **variables)
    assert measured.code == 0, measured.err
    assert "base without adapter" in measured.out
    assert "Active adapter" in _train(house, **variables)
    assert json.loads((_adapter(house) / "manifest.json").read_text())["parent"] == first


def test_a_name_that_was_not_downloaded(tmp_path: Path, cache: dict[str, str]) -> None:
    folder = build(tmp_path / "house", 3)
    done = codetune(folder, "train", "--base", NAME, **cache)  # there is no version that is called main
    assert (done.code, done.out) == (4, "")
    assert f"`hf download {NAME}`" in done.complaint
    assert "hf auth login" in done.complaint
    assert learned_in(folder) == {}


def test_a_repository_s_file_names_no_version(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", 3)
    (folder / ".codetune.toml").write_text("base-revision = 'v1'\n")
    done = codetune(folder, "train")
    assert (done.code, done.out) == (2, "")
    assert "may not be set by a file of the repository" in done.complaint

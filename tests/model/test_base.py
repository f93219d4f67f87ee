"""What counts as a base model, and what it is called."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.base import budget_for, open_base


@pytest.fixture
def copy(checkpoint: Path, tmp_path: Path) -> Path:
    return shutil.copytree(checkpoint, tmp_path / "base")


def test_a_whole_checkpoint_is_opened(checkpoint: Path) -> None:
    base = open_base(checkpoint)
    assert base.architecture == "LlamaForCausalLM"
    assert base.family.name == "embedded"
    assert base.context == 512
    assert base.size == (checkpoint / "model.safetensors").stat().st_size


def test_a_copy_has_the_same_identity(checkpoint: Path, copy: Path) -> None:
    assert open_base(copy).identity == open_base(checkpoint).identity


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_any_change_is_another_identity(checkpoint: Path, copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    if name == "model.safetensors":
        content[-1] ^= 1
    else:
        content += b"\n"
    (copy / name).write_bytes(content)
    assert open_base(copy).identity != open_base(checkpoint).identity


def test_the_identity_is_remembered_until_a_file_changes(copy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "identities.json"
    first = open_base(copy, cache=cache).identity
    (stamp,) = json.loads(cache.read_text())
    cache.write_text(json.dumps({stamp: "remembered"}))
    assert open_base(copy, cache=cache).identity == "remembered"
    os.utime(copy / "model.safetensors", ns=(1, 1))
    assert open_base(copy, cache=cache).identity == first


def test_a_damaged_cache_is_written_anew(copy: Path, tmp_path: Path) -> None:
    cache = tmp_path / "identities.json"
    cache.write_text("{")
    identity = open_base(copy, cache=cache).identity
    assert list(json.loads(cache.read_text()).values()) == [identity]


def test_no_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no base model there"):
        open_base(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(DataRefused, match=name):
        open_base(copy)


def test_pickled_weights_are_no_substitute(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    with pytest.raises(DataRefused, match="safetensors"):
        open_base(copy)


@pytest.mark.parametrize("kept", [4, 100, -8])
def test_cut_off_weights_are_refused(copy: Path, kept: int) -> None:
    path = copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataRefused, match="not a whole safetensors file"):
        open_base(copy)


def test_a_missing_shard_is_refused(copy: Path) -> None:
    (copy / "model.safetensors").rename(copy / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (copy / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(DataRefused, match="model-00002-of-00002"):
        open_base(copy)


def test_code_in_a_checkpoint_is_refused(copy: Path) -> None:
    config = json.loads((copy / "config.json").read_text())
    config["auto_map"] = {"AutoModelForCausalLM": "modeling.Evil"}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(DataRefused, match="its own code"):
        open_base(copy)


@pytest.mark.parametrize("content", ["{", "[]"])
def test_a_damaged_configuration_is_refused(copy: Path, content: str) -> None:
    (copy / "config.json").write_text(content)
    with pytest.raises(DataRefused, match=r"config\.json"):
        open_base(copy)


@pytest.mark.parametrize("context", [128, 512, 1024, 100_000])
def test_the_prompt_fits_the_context(context: int) -> None:
    budget = budget_for(context)
    assert budget.total <= context
    assert budget.before + budget.after < budget.total

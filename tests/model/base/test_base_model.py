"""What counts as a base model, and what it is called."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from support.model_cache import put

from codetune_git.errors import DataRefused, Unavailable, UsageError
from codetune_git.model.base.base_model import BaseModel, budget_for, named_base, open_base
from codetune_git.settings import command_line_layer, resolve


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
    with pytest.raises(DataRefused, match=r"pickled \(pytorch_model\.bin\).*safetensors"):
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


@pytest.mark.parametrize(
    ("fields", "context"),
    [
        ({"max_position_embeddings": 4096}, 4096),
        ({"max_position_embeddings": 4096, "sliding_window": 512}, 512),
        ({"max_position_embeddings": 4096, "sliding_window": None}, 4096),
        ({"max_position_embeddings": 4096, "sliding_window": 512, "use_sliding_window": False}, 4096),
        ({"max_position_embeddings": None}, 2048),
    ],
)
def test_no_prompt_is_longer_than_a_layer_sees(copy: Path, fields: dict[str, object], context: int) -> None:
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, **fields}))
    assert open_base(copy).context == context


NAME = "owner/tiny-base.v2"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "hub"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder))
    return folder


def named(name: str | None, revision: str | None = None) -> BaseModel:
    return named_base(resolve([command_line_layer({"base": name, "base_revision": revision})]).options)


def test_a_name_is_looked_up_among_what_was_downloaded(checkpoint: Path, cache: Path) -> None:
    version = put(cache, NAME, checkpoint)
    found = named(NAME)
    assert found.folder == version
    assert found.identity == open_base(checkpoint).identity
    assert named(NAME, version.name).folder == version  # the commit is a name of the version, too


def test_versions_are_told_apart(checkpoint: Path, copy: Path, cache: Path) -> None:
    put(cache, NAME, checkpoint)
    (copy / "config.json").write_bytes((copy / "config.json").read_bytes() + b"\n")
    put(cache, NAME, copy, revision="v2")
    assert named(NAME, "v2").identity == open_base(copy).identity != named(NAME).identity


def test_a_folder_goes_before_a_name(checkpoint: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(cache, f"{checkpoint.parent.name}/{checkpoint.name}", checkpoint)
    monkeypatch.chdir(checkpoint.parent.parent)
    assert named(f"{checkpoint.parent.name}/{checkpoint.name}").folder.resolve() == checkpoint.resolve()


@pytest.mark.parametrize("revision", [None, "v9"])
def test_what_was_not_downloaded_is_named_with_the_command(checkpoint: Path, cache: Path, revision: str | None) -> None:
    if revision:
        put(cache, NAME, checkpoint)
    command = f"hf download {NAME}" + (f" --revision {revision}" if revision else "")
    with pytest.raises(Unavailable, match=f"`{command}` fetches it.*`hf auth login`"):
        named(NAME, revision)


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("dangling", [False, True])
def test_a_partial_download_is_named_with_the_command(
    checkpoint: Path, cache: Path, missing: str, dangling: bool
) -> None:
    path = put(cache, NAME, checkpoint) / missing
    (path.resolve() if dangling else path).unlink()
    with pytest.raises(DataRefused, match=f"{missing} is missing: `hf download {NAME}` fetches it"):
        named(NAME)


def test_a_shard_that_was_not_downloaded(copy: Path, cache: Path) -> None:
    (copy / "model.safetensors").rename(copy / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (copy / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    put(cache, NAME, copy, revision="v2")
    with pytest.raises(DataRefused, match=f"00002-of-00002.* is missing: `hf download {NAME} --revision v2`"):
        named(NAME, "v2")


def test_pickled_weights_are_not_downloaded_again(copy: Path, cache: Path) -> None:
    (copy / "model.safetensors").rename(copy / "pytorch_model.bin")
    put(cache, NAME, copy)
    with pytest.raises(DataRefused, match="pickled") as said:
        named(NAME)
    assert "hf download" not in str(said.value)


@pytest.mark.parametrize("name", ["/no/such/folder", "~/no-such-folder", "no-such-folder", "a/b/c"])
def test_what_can_only_be_a_folder(cache: Path, name: str) -> None:
    with pytest.raises(Unavailable, match="no base model there"):
        named(name)


def test_what_is_no_name(cache: Path) -> None:
    with pytest.raises(UsageError, match="names no base model"):
        named("owner/two--hyphens")


def test_only_names_have_revisions(checkpoint: Path, cache: Path) -> None:
    for name in (str(checkpoint), None):
        with pytest.raises(UsageError, match="has no revisions"):
            named(name, "v1")


def test_a_name_needs_a_package_that_the_light_installation_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(Unavailable, match=r"owner/tiny-base\.v2 is no folder.*codetune-git\[bases\]"):
        named(NAME)

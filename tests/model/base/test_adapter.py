"""Only plain LoRA in safetensors is loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from support.adapters import FORBIDDEN

from codetune_git.errors import DataRefused
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.loading import check_adapter, load_model, with_adapter

TENSOR = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"


def write(folder: Path) -> Path:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    save_file({TENSOR: torch.zeros(4, 48)}, folder / "adapter_model.safetensors")
    return folder


def test_plain_lora_is_accepted(tmp_path: Path) -> None:
    assert check_adapter(write(tmp_path / "a")) == 4


@pytest.mark.parametrize(("change", "says"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_forbidden_is_not_loaded(tmp_path: Path, change: Callable[[Path], None], says: str) -> None:
    folder = write(tmp_path / "a")
    change(folder)
    with pytest.raises(DataRefused, match=says):
        check_adapter(folder)
    with pytest.raises(DataRefused, match=says):
        with_adapter(None, folder)  # before PEFT is asked for anything


def test_pickles_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")
    with pytest.raises(DataRefused, match="safetensors is missing"):
        check_adapter(folder)


def test_an_adapter_of_another_base_is_refused(base: BaseModel, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    save_file({TENSOR: torch.zeros(4, 999)}, folder / "adapter_model.safetensors")
    with pytest.raises(DataRefused, match="does not fit the base"):
        with_adapter(load_model(base), folder)

"""Only plain LoRA in safetensors is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from codetune_git.errors import DataRefused
from codetune_git.model.adapter import check_adapter
from codetune_git.model.base import BaseModel
from codetune_git.model.loading import load_model, with_adapter

TENSOR = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"


def write(folder: Path, *, tensor: str = TENSOR, **changed: Any) -> Path:
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 4, "target_modules": ["q_proj"], **changed}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    save_file({tensor: torch.zeros(4, 48)}, folder / "adapter_model.safetensors")
    return folder


def test_plain_lora_is_accepted(tmp_path: Path) -> None:
    assert check_adapter(write(tmp_path / "a")) == 4


@pytest.mark.parametrize(
    "changed",
    [{"peft_type": "IA3"}, {"modules_to_save": ["lm_head"]}, {"auto_mapping": {"x": "y"}}, {"r": "many"}],
)
def test_other_configurations_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    with pytest.raises(DataRefused, match=r"adapter_config\.json"):
        check_adapter(write(tmp_path / "a", **changed))


def test_foreign_tensors_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="foreign tensor"):
        check_adapter(write(tmp_path / "a", tensor="base_model.model.lm_head.weight"))


def test_pickles_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")
    with pytest.raises(DataRefused, match="not a whole safetensors file"):
        check_adapter(folder)


def test_an_adapter_of_another_base_is_refused(base: BaseModel, tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    save_file({TENSOR: torch.zeros(4, 999)}, folder / "adapter_model.safetensors")
    with pytest.raises(DataRefused, match="does not fit the base"):
        with_adapter(load_model(base), folder)

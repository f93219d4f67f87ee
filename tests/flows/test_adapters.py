"""Adapters as a user meets them: listed, chosen, removed, damaged, forged, and loaded by others."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from support.flow_command import codetune, learned_in, state_of
from support.flow_repository import COMMITS, copied, plant
from support.flow_training import Trained

from codetune_git.store import checks
from codetune_git.store.manifest import decode_manifest, encode_manifest


def _active(folder: Path) -> Path:
    home = folder / ".git" / "codetune"
    return home / "adapters" / (home / "active").read_text().strip()


def _cut_weights(adapter: Path) -> None:
    path = adapter / "adapter" / "adapter_model.safetensors"
    path.write_bytes(path.read_bytes()[:-64])


def _cut_light(adapter: Path) -> None:
    path = adapter / "light" / "model.bin"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _changed_byte(adapter: Path) -> None:
    path = adapter / "light" / "model.bin"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut_manifest(adapter: Path) -> None:
    path = adapter / "manifest.json"
    path.write_bytes(path.read_bytes()[:40])


def _cut_calibration(adapter: Path) -> None:
    path = adapter / "calibration.json"
    path.write_bytes(path.read_bytes()[:-10])


def _without_light(adapter: Path) -> None:
    (adapter / "light" / "model.bin").unlink()


def _foreign_tensor(adapter: Path) -> None:
    path = adapter / "adapter" / "adapter_model.safetensors"
    save_file({**load_file(path), "base_model.model.lm_head.weight": np.zeros((2, 2), np.float32)}, path)


def _pickle(adapter: Path) -> None:
    (adapter / "adapter" / "adapter_model.bin").write_bytes(b"cos\nsystem\n(S'true'\ntR.")


def _link(adapter: Path) -> None:
    path = adapter / "light" / "model.bin"
    path.rename(adapter.parent.parent / "elsewhere.bin")
    path.symlink_to("../../../elsewhere.bin")


DAMAGES = (
    _cut_weights,
    _cut_light,
    _changed_byte,
    _cut_manifest,
    _cut_calibration,
    _without_light,
    _foreign_tensor,
    _pickle,
    _link,
)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
def test_a_damaged_adapter_is_refused(house: Path, train: tuple[str, ...], damage: Callable[[Path], None]) -> None:
    plant(house)
    adapter = _active(house)
    damage(adapter)
    before, learned = state_of(house), learned_in(house)
    for arguments in (("suggest",), train, ("adapters", "use", adapter.name)):
        done = codetune(house, *arguments)
        assert (done.code, done.out) == (5, ""), arguments
        assert adapter.name in done.complaint
    assert (state_of(house), learned_in(house)) == (before, learned)
    listed = codetune(house, "adapters")
    assert (listed.code, listed.out) == (0, "")
    assert adapter.name in listed.complaint


def _forge(adapter: Path) -> None:
    """Make the manifest agree with whatever lies in the folder now."""
    found_id, manifest, old = decode_manifest((adapter / "manifest.json").read_bytes())
    paths = sorted(
        path.relative_to(adapter).as_posix()
        for path in adapter.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    )
    assert len(paths) >= len(old)
    records = tuple(checks.record_of(adapter, path) for path in paths)
    (adapter / "manifest.json").write_bytes(encode_manifest(found_id, manifest, records))


def _own_modules(adapter: Path) -> None:
    path = adapter / "adapter" / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "modules_to_save": ["lm_head"]}))


@pytest.mark.parametrize("damage", [_foreign_tensor, _pickle, _own_modules], ids=lambda d: d.__name__.strip("_"))
def test_a_forged_manifest_does_not_help(longer: Path, train: tuple[str, ...], damage: Callable[[Path], None]) -> None:
    adapter = _active(longer)
    damage(adapter)
    _forge(adapter)
    before, learned = state_of(longer), learned_in(longer)
    for arguments in (("adapters", "use", adapter.name), train):
        done = codetune(longer, *arguments)
        assert (done.code, done.out) == (5, ""), arguments
        assert done.complaint
    assert (state_of(longer), learned_in(longer)) == (before, learned)


def test_list_use_and_prune(second: Trained, tmp_path: Path, train: tuple[str, ...]) -> None:
    house = copied(second.folder, tmp_path / "house")
    before = state_of(house)
    older, newer = sorted(path.name for path in (house / ".git" / "codetune" / "adapters").iterdir())
    listed = codetune(house, "adapters").out.splitlines()
    assert len(listed) == 3
    assert listed[1].startswith(f"*  {newer}  ")
    assert listed[2].startswith(f"   {older}  ")
    missing = codetune(house, "adapters", "use", "99")
    assert (missing.code, missing.out) == (3, "")
    ambiguous = codetune(house, "adapters", "use", older[:2])
    assert (ambiguous.code, ambiguous.out) == (2, "")
    assert codetune(house, "adapters", "use", older).out.endswith(f"({COMMITS} commits read)\n")
    assert "20 commits" in codetune(house, "status").out
    assert codetune(house, *train, "--dry-run").out.startswith("Would read 20 commits")
    assert codetune(house, "adapters", "prune", "--keep", "0").out == f"removed {newer}\n"
    assert codetune(house, "adapters", "prune", "--keep", "0").out == "nothing to remove\n"
    assert state_of(house) == before
    plant(house)
    assert codetune(house, "suggest", "--check").code == 1


def test_the_adapter_loads_in_plain_peft(first: Trained, checkpoint: Path) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(checkpoint, local_files_only=True, dtype=torch.float32).eval()
    ids = torch.arange(20, 60)[None]
    with torch.no_grad():
        plain = base(ids).logits
        adapted = PeftModel.from_pretrained(base, str(_active(first.folder) / "adapter")).eval()
        tuned = adapted(ids).logits
        assert float((tuned - plain).abs().max()) > 0.01
        merged = adapted.merge_and_unload()(ids).logits
    assert torch.allclose(merged, tuned, atol=1e-3)
    names = {name.rpartition(".")[2] for name in _config(first.folder)["target_modules"]}
    assert names == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


def _config(folder: Path) -> dict[str, list[str]]:
    return dict(json.loads((_active(folder) / "adapter" / "adapter_config.json").read_text()))


def test_the_light_model_thinks_as_the_adapter_does(longer: Path) -> None:
    """A copy moved elsewhere, as a backup is: times differ, bytes do not."""
    moved = copied(longer, longer.parent / "moved")
    for path in (moved / ".git" / "codetune").rglob("*"):
        path.touch()
    plant(longer)
    plant(moved)
    said = [codetune(folder, "suggest", "--format", "json").document for folder in (longer, moved)]
    assert said[0] == said[1]
    assert said[0]["suggestions"]

"""Small but complete adapters for tests: real safetensors, a light model of any bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from codetune_git.store import Cursor, Manifest, Store

LORA = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"


def manifest(**changes: object) -> Manifest:
    known: dict[str, object] = {
        "name": "main",
        "parent": None,
        "base": "codetune-base@1",
        "family": "codetune",
        "created": 1_750_000_000,
        "codetune_version": "0.1.0",
        "catalogue_version": "1",
        "commits": 12,
        "first_commit": "a" * 40,
        "last_commit": "b" * 40,
        "samples": {"restoration": 70},
        "metrics": {"recall": 0.5},
    }
    return Manifest(**{**known, **changes})  # type: ignore[arg-type]


def write_adapter(folder: Path, filling: int = 1, size: int = 64) -> None:
    for name in ("adapter", "light"):
        (folder / name).mkdir(exist_ok=True)
    save_file({LORA: np.full((4, size), filling, np.float32)}, folder / "adapter" / "adapter_model.safetensors")
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA", "r": 4}))
    (folder / "light" / "model.bin").write_bytes(bytes([filling]) * size)
    (folder / "calibration.json").write_text(json.dumps({"filling": filling}))


def published(store: Store, filling: int = 1, *, tips: tuple[str, ...] = (), **changes: object) -> str:
    cursor = Cursor(tips, frozenset({f"print{filling}"}))
    with store.staging() as staged:
        write_adapter(staged, filling)
        return store.publish(staged, manifest(**changes), cursor)


def _setting(**changes: object) -> Callable[[Path], None]:
    def change(peft: Path) -> None:
        path = peft / "adapter_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return change


def _holding(name: str, dtype: type = np.float32) -> Callable[[Path], None]:
    def change(peft: Path) -> None:
        save_file({name: np.ones((4, 64), dtype)}, peft / "adapter_model.safetensors")

    return change


def _cut_off(peft: Path) -> None:
    path = peft / "adapter_model.safetensors"
    path.write_bytes(path.read_bytes()[:-1])


def _longer(peft: Path) -> None:
    with open(peft / "adapter_model.safetensors", "ab") as file:
        file.write(b"more")


def _more_weights(peft: Path) -> None:
    save_file({"base_model.model.lm_head.weight": np.ones((2, 2), np.float32)}, peft / "more.safetensors")


def _header(**entry: object) -> Callable[[Path], None]:
    def change(peft: Path) -> None:
        header = json.dumps({LORA: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4], **entry}}).encode()
        (peft / "adapter_model.safetensors").write_bytes(len(header).to_bytes(8, "little") + header + bytes(4))

    return change


# What no adapter may be, whichever way it comes: how to make the PEFT folder of a sound one so, and what is said then.
FORBIDDEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "another method": (_setting(peft_type="IA3"), "not that of a LoRA adapter"),
    "whole modules": (_setting(modules_to_save=["lm_head"]), "sets modules_to_save"),
    "classes by name": (_setting(auto_mapping={"parent_library": "os"}), "sets auto_mapping"),
    "modules by name": (_setting(megatron_config={"a": 1}, megatron_core="os"), "sets megatron_config"),
    "no rank": (_setting(r="many"), "gives no rank"),
    "a whole weight": (_holding("base_model.model.lm_head.weight"), "foreign tensor"),
    "lora in the middle": (_holding("base_model.model.x.lora_A.weight.more"), "foreign tensor"),
    "numbers of another kind": (_holding(LORA, np.int64), "as I64"),
    "cut off": (_cut_off, "is cut off"),
    "longer than it says": (_longer, "is cut off"),
    "more weights": (_more_weights, "foreign tensor"),
    "no offsets": (_header(data_offsets=None), "malformed"),
    "negative offsets": (_header(data_offsets=[-4, 4]), "malformed"),
    "a shape of words": (_header(shape=["many"]), "malformed"),
    "no configuration": (lambda peft: (peft / "adapter_config.json").unlink(), "adapter_config.json is missing"),
    "no weights": (lambda peft: (peft / "adapter_model.safetensors").unlink(), "adapter_model.safetensors is missing"),
}


def record_again(folder: Path) -> None:
    """Have an adapter's manifest say what its files are now, as somebody who does not check would publish them."""
    document = json.loads((folder / "manifest.json").read_text())
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    document["files"] = [
        {
            "path": path.relative_to(folder).as_posix(),
            "size": path.stat().st_size,
            "sha256": sha256(path.read_bytes()).hexdigest(),
            "mtime_ns": path.stat().st_mtime_ns,
        }
        for path in paths
    ]
    (folder / "manifest.json").write_text(json.dumps(document))

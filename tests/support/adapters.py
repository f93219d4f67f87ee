"""Small but complete adapters for tests: real safetensors, a light model of any bytes."""

from __future__ import annotations

import json
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

"""The checkpoint of a training: one safetensors file, written as a whole or not at all.

Knows the file's format and the fingerprint of a training. Does not know how one trains or when a checkpoint is due.
One file, since of two a crash could leave different steps; tensors and JSON, since a pickle could run code.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from codetune_git import __version__
from codetune_git.durable import replace_durably, sha256_of
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import CurvePoint, TrainingConfig, TrainingProgress
from codetune_git.weight_files import WEIGHTS

StateDict = dict[str, torch.Tensor]

_PROGRESS, _DIGEST = "progress", "sha256"


def flattened(tree: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, torch.Tensor]]:
    """The leaves of nested mappings by their path; whole numbers as tensors."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{above}{name}/")
        else:
            yield f"{above}{name}", torch.as_tensor(value).detach().cpu().contiguous()


def nested(leaves: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    """What was `flattened`, every key as text."""
    tree: dict[str, Any] = {}
    for path, value in leaves.items():
        *above, name = path.split("/")
        place = tree
        for part in above:
            place = place.setdefault(part, {})
        place[name] = int(value) if value.dtype is torch.int64 and not value.dim() else value
    return tree


def _digest_of(text: str, tensors: StateDict) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def fingerprint(
    base: BaseModel,
    samples: Sequence[Example],
    held_out: Sequence[Example],
    *,
    settings: TrainingConfig,
    parent: Path | None,
    devices: int,
    work: str,
) -> str:
    """A digest that is equal only for the same training. The budget is left out: a checkpoint holds what it allowed."""
    about = {
        "version": __version__,
        "base": base.identity,
        "parent": sha256_of(parent / WEIGHTS) if parent else None,
        "settings": {**asdict(settings), "budget_seconds": None},
        "devices": devices,
        "work": work,
        "samples": len(samples),
    }
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for example in (*samples, *held_out):
        digest.update(array("q", (example.length, *example.encoded.ids)).tobytes())
        digest.update(bytes(example.encoded.loss))
        digest.update(array("d", (example.weight,)).tobytes())
    return digest.hexdigest()


def _drafts(file: Path) -> None:
    for draft in file.parent.glob(f"{file.name}.*"):
        draft.unlink(missing_ok=True)


def write_checkpoint(file: Path, mark: str, progress: TrainingProgress, tensors: StateDict) -> bool:
    """Replace the checkpoint durably, marked with the fingerprint `mark`. False where the disk does not take it."""
    text = json.dumps({"mark": mark, **asdict(progress)})
    content = save(tensors, {"format": "pt", _PROGRESS: text, _DIGEST: _digest_of(text, tensors)})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(file, content)
    except OSError:
        with suppress(OSError):
            _drafts(file)  # what is left of a full disk is for the adapter
        return False
    return True


def _read(file: Path, mark: str) -> tuple[TrainingProgress, StateDict]:
    with safe_open(file, "pt") as opened:
        metadata = opened.metadata()
        tensors = {name: opened.get_tensor(name).clone() for name in opened.keys()}  # noqa: SIM118 (not a mapping)
    text = metadata[_PROGRESS]
    if _digest_of(text, tensors) != metadata[_DIGEST]:
        raise ValueError("was changed")
    document = json.loads(text)
    if document.pop("mark") != mark:
        raise ValueError("belongs to other work")
    document["curve"] = [CurvePoint(**point) for point in document["curve"]]
    return TrainingProgress(**document), tensors


def read_checkpoint(file: Path, mark: str) -> tuple[TrainingProgress, StateDict] | None:
    """The checkpoint of the training with this fingerprint. Any other, or a damaged one, is removed."""
    try:
        return _read(file, mark)
    except (SafetensorError, OSError, ValueError, LookupError, TypeError):
        with suppress(OSError):
            file.unlink(missing_ok=True)
            _drafts(file)
        return None

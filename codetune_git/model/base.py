"""The base model as a checkpoint folder: what it is, which prompt format it has, and whether it is whole.

Knows file names, digests and the few fields of config.json that matter here; imports no torch. Does not know adapters,
training or where a base comes from: it never downloads, and it never runs code that lies in a checkpoint.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.families import Budget, Family, family_of
from codetune_git.model.tokenizer import load_tokenizer
from codetune_git.model.weights import shapes_of

EMBEDDED = Path(__file__).resolve().parent.parent / "base"

_CONFIG, _TOKENIZER, _INDEX = "config.json", "tokenizer.json", "model.safetensors.index.json"
_CONTEXT_FIELDS = ("max_position_embeddings", "n_positions", "n_ctx", "seq_length")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A checkpoint that passed its checks. `identity` is the SHA-256 of configuration, tokenizer and weights in hex.

    `context` is in tokens, the longest sequence that the model has positions for; `size` is the weights' in bytes.
    """

    folder: Path
    identity: str
    architecture: str
    family: Family
    context: int
    size: int

    @property
    def budget(self) -> Budget:
        """How much of a file is shown to this model."""
        return budget_for(self.context)


def budget_for(context: int) -> Budget:
    """The prompt's token limits within `context` tokens: the defaults where they fit, else shares of it."""
    usual = Budget()
    if context >= usual.total:
        return usual
    return Budget(context, usual.before * context // usual.total, usual.after * context // usual.total)


def _object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except OSError as error:
        raise DataRefused(f"{path}: cannot be read ({error.strerror}); the base model is incomplete") from error
    except ValueError as error:
        raise DataRefused(f"{path}: not JSON ({error}); the base model is damaged, fetch it again") from error
    if not isinstance(found, dict):
        raise DataRefused(f"{path}: holds no JSON object; the base model is damaged, fetch it again")
    return found


def _weights_in(folder: Path) -> tuple[Path, ...]:
    """The weight files, checked to be whole; raises DataRefused where one is missing or cut off."""
    if (folder / _INDEX).exists():
        names = sorted(set(_object(folder / _INDEX).get("weight_map", {}).values()))
    else:
        names = ["model.safetensors"]
    for name in names:
        if not (folder / name).is_file():
            raise DataRefused(
                f"{folder}: {name} is missing; only whole checkpoints with safetensors weights are loaded"
            )
        shapes_of(folder / name)
    return tuple(folder / name for name in names)


def _stamp(files: tuple[Path, ...]) -> str:
    """Changes whenever a file does, as far as size and time of change tell."""
    states = [(str(path), status.st_size, status.st_mtime_ns) for path in files for status in (path.stat(),)]
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()


def _digest(files: tuple[Path, ...]) -> str:
    """SHA-256 over name, size and content of each file."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                whole.update(chunk)
    return whole.hexdigest()


def _known(cache: Path) -> dict[str, str]:
    try:
        found = json.loads(cache.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _identity(files: tuple[Path, ...], cache: Path | None) -> str:
    if cache is None:
        return _digest(files)
    known, stamp = _known(cache), _stamp(files)
    if stamp not in known:
        known[stamp] = _digest(files)
        unfinished = cache.with_name(f"{cache.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(known, indent=1))
        os.replace(unfinished, cache)
    return known[stamp]


def open_base(folder: Path, *, cache: Path | None = None) -> BaseModel:
    """The base model in `folder`. `cache` is a JSON file that remembers identities by size and time of change.

    Raises Unavailable where there is no such folder, DataRefused where it is not a whole checkpoint with safetensors
    weights and a tokenizer.json, or wants to run code of its own.
    """
    if not (folder / _CONFIG).is_file():
        raise Unavailable(f"{folder}: no base model there; give a checkpoint folder with config.json and safetensors")
    config = _object(folder / _CONFIG)
    if "auto_map" in config:
        raise DataRefused(f"{folder}: wants to run its own code (auto_map in config.json); use a base model without")
    weights = _weights_in(folder)
    tokenizer = load_tokenizer(folder)
    architecture = str((config.get("architectures") or ["unknown"])[0])
    context = next((int(config[name]) for name in _CONTEXT_FIELDS if config.get(name)), 2048)
    return BaseModel(
        folder,
        _identity((folder / _CONFIG, folder / _TOKENIZER, *weights), cache),
        architecture,
        family_of(architecture, tokenizer),
        context,
        sum(path.stat().st_size for path in weights),
    )


def named_base(name: str | None) -> BaseModel:
    """The base in the folder that the user names, or the embedded one. Raises as `open_base` does."""
    return open_base(Path(name).expanduser() if name else EMBEDDED)

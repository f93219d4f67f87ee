"""What the files of weights may hold, read without any library: safetensors' header, and PEFT's two files of LoRA.

Knows formats, and what in them would run code or replace a base's weights. Does not know which model they are for,
where they lie or who made them: loading, publishing and fetching an adapter all ask here, so that nothing passes one
way that is refused another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
# What imports modules by a name in the file, or brings whole weights in the place of the base's.
_FORBIDDEN = ("auto_mapping", "megatron_config", "modules_to_save")
_TENSOR = re.compile(r"base_model\.model\.[\w.]+\.lora_(A|B|embedding_A|embedding_B)(\.weight)?")
_DTYPES = {"F32", "F16", "BF16"}
_HEADER_CEILING = 64 << 20  # bytes; a base of many layers needs a few


@dataclass(frozen=True, slots=True)
class Tensor:
    """What a header says of a tensor. `end`: the offset after its last byte."""

    dtype: str
    shape: tuple[int, ...]
    end: int


def _object(path: Path, text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is cut off or holds no JSON object")
    return found


def _tensor(entry: Mapping[str, Any]) -> Tensor:
    dtype, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or not all(type(number) is int and number >= 0 for number in (*shape, start, end)):
        raise ValueError("its numbers are none")
    if start > end:
        raise ValueError("it ends before it begins")
    return Tensor(dtype, tuple(shape), end)


def tensors_in(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file; raises ValueError where it is cut off or of another format, and OSError."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size - 8, _HEADER_CEILING):
            raise ValueError(f"{path.name} is cut off or not a safetensors file")
        header = _object(path, file.read(length))
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        try:
            found[name] = _tensor(entry)
        except (LookupError, TypeError, ValueError):
            raise ValueError(f"{path.name} is malformed at {name!r}") from None
    if max((tensor.end for tensor in found.values()), default=0) != size - 8 - length:
        raise ValueError(f"{path.name} is cut off")
    return found


def _check_tensors(path: Path) -> None:
    """Raises ValueError unless `path` is a whole safetensors file of LoRA weights, and OSError."""
    for name, tensor in tensors_in(path).items():
        if not _TENSOR.fullmatch(name):
            raise ValueError(f"{path.name} holds a foreign tensor {name!r}")
        if tensor.dtype not in _DTYPES:
            raise ValueError(f"{path.name} holds {name!r} as {tensor.dtype}, which no weights are")


def _rank(path: Path) -> int:
    """Raises ValueError unless plain LoRA is configured, and OSError."""
    config = _object(path, path.read_bytes())
    if config.get("peft_type") != "LORA":
        raise ValueError(f"{path.name} is not that of a LoRA adapter")
    for key in _FORBIDDEN:
        if config.get(key):
            raise ValueError(f"{path.name} sets {key}")
    rank = config.get("r")
    if type(rank) is not int or rank < 1:
        raise ValueError(f"{path.name} gives no rank")
    return rank


def check_lora(folder: Path) -> int:
    """The rank of the LoRA adapter in `folder`.

    Raises ValueError unless its configuration is that of plain LoRA and all safetensors in it are whole and hold LoRA
    weights, and OSError. Both files must be there: without weights in safetensors PEFT would fall back to formats that
    can run code.
    """
    for name in (CONFIG, WEIGHTS):
        if not (folder / name).is_file():
            raise ValueError(f"{name} is missing")
    for path in sorted(folder.glob("*.safetensors")):
        _check_tensors(path)
    return _rank(folder / CONFIG)

"""What a safetensors file says about itself, read without any library. Knows its header; does not know models."""

from __future__ import annotations

import json
from pathlib import Path

from codetune_git.errors import DataRefused

_HEADER_CEILING = 64 << 20


def _header(path: Path) -> dict[str, dict[str, list[int]]]:
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size - 8, _HEADER_CEILING):
            raise ValueError("its header is cut off")
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    if max((entry["data_offsets"][1] for entry in header.values()), default=0) != size - 8 - length:
        raise ValueError("its tensors are cut off")
    return dict(header)


def shapes_of(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor in `path`; raises DataRefused where it is missing, cut off or of another format."""
    try:
        return {name: tuple(entry["shape"]) for name, entry in _header(path).items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataRefused(f"{path}: not a whole safetensors file ({error}); fetch or train it again") from error

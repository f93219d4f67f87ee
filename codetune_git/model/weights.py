"""The shapes in the weights of a base. Knows how a bad file is refused; does not know what shapes are for."""

from __future__ import annotations

from pathlib import Path

from codetune_git.errors import DataRefused
from codetune_git.weight_files import tensors_in


def shapes_of(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor in `path`; raises DataRefused where it is missing, cut off or of another format."""
    try:
        return {name: tensor.shape for name, tensor in tensors_in(path).items()}
    except (OSError, ValueError) as error:
        raise DataRefused(f"{path}: not a whole safetensors file ({error}); fetch or train it again") from error

"""Tensors of which each device holds a part (FSDP): put together, and split like another. Knows torch's DTensor.

All devices have to ask for the same at the same time. Whole tensors are left as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch.distributed.tensor import DTensor, distribute_tensor


def whole(tree: Any) -> Any:
    """The tensor, or the nested mappings with all their tensors, of which no device holds a part only."""
    if isinstance(tree, Mapping):
        return {name: whole(value) for name, value in tree.items()}
    return tree.full_tensor() if isinstance(tree, DTensor) else tree


def split_like(weight: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """`value` as `weight` is held; what has another shape, such as a count of steps, as it is."""
    if not isinstance(weight, DTensor) or value.shape != weight.shape:
        return value
    return distribute_tensor(value.to(weight.device), weight.device_mesh, weight.placements)

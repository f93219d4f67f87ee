"""How large a base is and how it is built, from its config.json and the headers of its weights; loads nothing.

Knows the names that architectures give to their sizes. Does not know what memory a training needs (memory.py does).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codetune_git.errors import DataRefused
from codetune_git.model.base.base_model import shapes_of

# Llama and its kin, then GPT-2 and its kin.
_HIDDEN, _INNER = ("hidden_size", "n_embd", "d_model"), ("intermediate_size", "n_inner", "ffn_dim")
_LAYERS, _HEADS = ("num_hidden_layers", "n_layer"), ("num_attention_heads", "n_head")
# Two-dimensional, but looked up instead of multiplied with: no adapter, and no 4 bits.
_TABLES = ("embed", "wte", "wpe", "lm_head")


@dataclass(frozen=True, slots=True)
class ModelDimensions:
    """`parameters` are all weights, `linear` each adapted layer's inputs and outputs.

    `hidden`, `inner`, `queries` and `keys` are widths: of the stream between the layers, inside the feed-forward part,
    of all heads' queries and of their keys. `gated`: the feed-forward part multiplies two of its inner values.
    `size` is the bytes of the weights' files.
    """

    parameters: int
    linear: tuple[tuple[int, int], ...]
    layers: int
    hidden: int
    inner: int
    gated: bool
    heads: int
    queries: int
    keys: int
    vocabulary: int
    size: int


def _first(config: Mapping[str, Any], names: tuple[str, ...], default: int = 0) -> int:
    return next((int(config[name]) for name in names if config.get(name)), default)


def dimensions_from(config: Mapping[str, Any], tensors: Mapping[str, tuple[int, ...]], size: int) -> ModelDimensions:
    """The dimensions that config.json and the tensors' shapes tell; raises DataRefused where they do not tell them."""
    config = config.get("text_config") or config  # what also sees pictures keeps its language model's sizes in there
    hidden, layers, heads = (_first(config, names) for names in (_HIDDEN, _LAYERS, _HEADS))
    vocabulary = _first(config, ("vocab_size",))
    if not (hidden and layers and heads and vocabulary):
        raise DataRefused("config.json does not say how large the base model is; choose another base model")
    head = _first(config, ("head_dim",), hidden // heads)
    shared = 1 if config.get("multi_query") else heads
    linear = tuple(
        (shape[1], shape[0])
        for name, shape in sorted(tensors.items())
        if len(shape) == 2 and name.endswith(".weight") and not any(table in name for table in _TABLES)
    )
    return ModelDimensions(
        parameters=sum(math.prod(shape) for shape in tensors.values()),
        linear=linear,
        layers=layers,
        hidden=hidden,
        inner=_first(config, _INNER, 4 * hidden),
        gated=any("gate_" in name for name in tensors),
        heads=heads,
        queries=heads * head,
        keys=_first(config, ("num_key_value_heads",), shared) * head,
        vocabulary=vocabulary,
        size=size,
    )


def dimensions_of(folder: Path) -> ModelDimensions:
    """The dimensions of the base in `folder`, which `open_base` found whole."""
    files = sorted(folder.glob("model*.safetensors"))
    tensors = {name: shape for path in files for name, shape in shapes_of(path).items()}
    try:
        return dimensions_from(
            json.loads((folder / "config.json").read_bytes()), tensors, sum(path.stat().st_size for path in files)
        )
    except DataRefused as error:
        raise DataRefused(f"{folder}: {error}") from error

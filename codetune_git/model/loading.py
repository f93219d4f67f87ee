"""Checkpoints and adapters as torch models. Knows how to load them quietly, offline and without foreign code.

Does not know what they are loaded for. torch, transformers and peft take seconds, so only the functions import them.
"""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.adapter import check_adapter
from codetune_git.model.base import BaseModel

if TYPE_CHECKING:
    import torch

_PACKAGES = ("torch", "transformers", "peft", "accelerate", "safetensors")
# Up to here a base is held in full precision: its adapter then learns from exact gradients, and the memory is there.
_FULL_PRECISION_BYTES = 1 << 30


def require_training() -> None:
    """Raises Unavailable where a package that training needs is not installed."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise Unavailable(f"training needs {', '.join(missing)}: run `pip install 'codetune-git[train]'`")


def _dtype_for(base: BaseModel) -> torch.dtype:
    import torch

    return torch.float32 if base.size <= _FULL_PRECISION_BYTES else torch.bfloat16


def load_model(base: BaseModel, *, dtype: torch.dtype | None = None) -> Any:
    """The base as a transformers model, its weights frozen; by default in bf16 where it is larger than 1 GiB.

    Raises Unavailable without torch or memory, DataRefused where the checkpoint cannot be loaded.
    """
    require_training()
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"transformers\.")
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            base.folder,
            dtype=dtype or _dtype_for(base),
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
        )
    except MemoryError as error:
        raise Unavailable(f"{base.folder}: not enough memory for this base model; choose a smaller one") from error
    except Exception as error:  # transformers raises whatever its parts raise
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataRefused(f"{base.folder}: cannot be loaded ({reason[0]}); choose another base model") from error
    if "logits_to_keep" not in signature(model.forward).parameters:
        raise DataRefused(f"{base.folder}: {base.architecture} cannot score chosen tokens; choose another base")
    return model.requires_grad_(False)


def with_adapter(model: Any, folder: Path, *, trainable: bool = False) -> Any:
    """`model` with the LoRA adapter in `folder` on top; raises DataRefused where the two do not belong together."""
    check_adapter(folder)
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(folder), is_trainable=trainable)
    except (RuntimeError, ValueError, TypeError) as error:
        raise DataRefused(f"{folder}: does not fit the base model; train an adapter on this base") from error

"""Checkpoints and adapters as torch models. Knows how to load them quietly, offline and without foreign code.

Does not know what they are loaded for. torch, transformers and peft take seconds, so only the functions import them.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codetune_git.errors import DataRefused, ExtraMissing, Unavailable
from codetune_git.model.base.base_model import BaseModel
from codetune_git.weight_files import check_lora

if TYPE_CHECKING:
    import torch

# Up to here a base is held in full precision: its adapter then learns from exact gradients, and the memory is there.
FULL_PRECISION_BYTES = 1 << 30
_PACKAGES = ("torch", "transformers", "peft", "accelerate", "safetensors")


def out_of_memory(error: BaseException) -> bool:
    """Whether an allocation failed; each allocator says it in its own words."""
    if isinstance(error, MemoryError):
        return True
    said = str(error).lower()
    return isinstance(error, RuntimeError) and any(
        words in said for words in ("out of memory", "can't allocate memory", "not enough memory")
    )


def check_adapter(folder: Path) -> int:
    """The rank of the LoRA adapter in `folder`; raises DataRefused for what is none, or is more than plain LoRA."""
    try:
        return check_lora(folder)
    except (OSError, ValueError) as error:
        raise DataRefused(f"{folder}: only plain LoRA adapters are loaded ({error}); train again") from error


def require_training() -> None:
    """To be called before torch is imported. Raises ExtraMissing where a package that training needs is."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise ExtraMissing.of("train", f"training needs {', '.join(missing)}")
    # Where `kernels` is installed, transformers, peft and bitsandbytes download native code with it and run it; they
    # ask for it when they are imported. None makes it look missing, and each has code of its own to fall back on.
    sys.modules["kernels"] = None  # type: ignore[assignment]
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it recommends that package
    # Large blocks of torch are whole pages then, huge ones where the system has them. What the allocator keeps of freed
    # ones is less than half as much, in the same time.
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")


def can_quantise() -> bool:
    """Whether bitsandbytes is there, which holds weights in 4 and an optimiser's state in 8 bits."""
    return find_spec("bitsandbytes") is not None


def _dtype_for(base: BaseModel) -> torch.dtype:
    import torch

    return torch.float32 if base.size <= FULL_PRECISION_BYTES else torch.bfloat16


def _loaded(base: BaseModel, **options: Any) -> Any:
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"transformers\.")
    try:
        # Attention is torch's fused one wherever the architecture has it: transformers' own choice. flash-attn would
        # have to be built for each version of CUDA, and torch brings the same kernel.
        model = transformers.AutoModelForCausalLM.from_pretrained(
            base.folder, use_safetensors=True, local_files_only=True, trust_remote_code=False, **options
        )
    except Exception as error:  # transformers raises whatever its parts raise
        if out_of_memory(error):
            raise Unavailable(f"{base.folder}: not enough memory for this base model; choose a smaller one") from error
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise DataRefused(f"{base.folder}: cannot be loaded ({reason[0]}); choose another base model") from error
    if "logits_to_keep" not in signature(model.forward).parameters:
        raise DataRefused(f"{base.folder}: {base.architecture} cannot score chosen tokens; choose another base")
    return model.requires_grad_(False)


def load_model(base: BaseModel, *, dtype: torch.dtype | None = None) -> Any:
    """The base as a transformers model, its weights frozen; by default in bf16 where it is larger than 1 GiB.

    Raises Unavailable without torch or memory, DataRefused where the checkpoint cannot be loaded.
    """
    require_training()
    return _loaded(base, dtype=dtype or _dtype_for(base))


def load_quantised(base: BaseModel, device: torch.device) -> Any:
    """The base with its linear layers in 4 bits on `device`, to be trained on top of; all else is held in bf16.

    Raises as load_model does, and Unavailable without bitsandbytes.
    """
    require_training()
    if not can_quantise():
        raise ExtraMissing.of("train,gpu", "4-bit weights need bitsandbytes")
    import torch
    from transformers import BitsAndBytesConfig

    config = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    model = _loaded(base, dtype=torch.bfloat16, quantization_config=config, device_map={"": device})
    from bitsandbytes.nn import Linear4bit

    for layer in model.modules():
        if isinstance(layer, Linear4bit):
            # On some processors the first evaluation would repack the weights for good, into a form that only some
            # shapes have and that no gradient passes.
            layer.support_avx512bf16_for_cpu = False
    return model


def with_adapter(model: Any, folder: Path, *, trainable: bool = False) -> Any:
    """`model` with the LoRA adapter in `folder` on top; raises DataRefused where the two do not belong together."""
    check_adapter(folder)
    from peft import PeftModel

    try:
        return PeftModel.from_pretrained(model, str(folder), is_trainable=trainable)
    except (RuntimeError, ValueError, TypeError) as error:
        raise DataRefused(f"{folder}: does not fit the base model; train an adapter on this base") from error

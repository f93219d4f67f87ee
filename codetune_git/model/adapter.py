"""LoRA adapters as PEFT folders: adapter_config.json and adapter_model.safetensors, which any PEFT loads.

Knows where they are loaded from; imports no torch. Does not know manifests, lineage or training, nor what may stand in
the two files: that is weight_files' business, here as in the store.
"""

from __future__ import annotations

from pathlib import Path

from codetune_git.errors import DataRefused
from codetune_git.weight_files import CONFIG, WEIGHTS, check_lora

__all__ = ["CONFIG", "WEIGHTS", "check_adapter"]


def check_adapter(folder: Path) -> int:
    """The rank of the LoRA adapter in `folder`; raises DataRefused for what is none, or is more than plain LoRA."""
    try:
        return check_lora(folder)
    except (OSError, ValueError) as error:
        raise DataRefused(f"{folder}: only plain LoRA adapters are loaded ({error}); train again") from error

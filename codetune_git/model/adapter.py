"""LoRA adapters as PEFT folders: adapter_config.json and adapter_model.safetensors, which any PEFT loads.

Knows the two files and what may stand in them; imports no torch. Does not know manifests, lineage or training.
"""

from __future__ import annotations

import json
from pathlib import Path

from codetune_git.errors import DataRefused
from codetune_git.model.weights import shapes_of

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"


def check_adapter(folder: Path) -> int:
    """The rank of the LoRA adapter in `folder`.

    Raises DataRefused unless its configuration is that of plain LoRA and its weights are LoRA tensors in a whole
    safetensors file: without one, PEFT would fall back to formats that can run code.
    """
    try:
        config = json.loads((folder / CONFIG).read_bytes())
        rank, kind = int(config["r"]), config["peft_type"]
        replaces = config.get("modules_to_save") or config.get("auto_mapping") or config.get("megatron_config")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataRefused(f"{folder / CONFIG}: not a LoRA configuration ({error}); train again") from error
    if kind != "LORA" or replaces:
        raise DataRefused(f"{folder / CONFIG}: only plain LoRA adapters are loaded; train again")
    foreign = [name for name in shapes_of(folder / WEIGHTS) if ".lora_" not in name]
    if foreign:
        raise DataRefused(f"{folder / WEIGHTS}: holds the foreign tensor {foreign[0]}; train again")
    return rank

"""An adapter as peft and transformers read it, without this package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.training.batching import Example


def mean_loss(base: BaseModel, adapter: Path, examples: Sequence[Example]) -> float:
    """Over the tokens that count, in nats."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base.folder), adapter).eval()
    total = count = 0.0
    with torch.no_grad():
        for example in examples:
            ids = torch.tensor([example.encoded.ids])
            labels = torch.where(torch.tensor([example.encoded.loss]), ids, -100)
            counted = sum(example.encoded.loss[1:])
            total += float(model(input_ids=ids, labels=labels).loss) * counted
            count += counted
    return total / count

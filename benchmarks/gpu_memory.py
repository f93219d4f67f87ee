"""What a training takes of a GPU's memory, by torch's own count; and Llamas of random weights that are in no file.

Knows torch's allocator and the training loop. Does not know what is compared with what.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch

from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.base.dimensions import ModelDimensions, dimensions_from
from codetune_git.model.prompts.family import Encoded
from codetune_git.model.training import lora_trainer as room
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.memory import MemoryPlan

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
SETTINGS = TrainingConfig(budget_seconds=1e9)
_LENGTH, _STEPS = 512, 2  # of a sample; so many, since in the second one the optimiser's averages are there


@dataclass(frozen=True, slots=True)
class Taken:
    """Bytes more than before, at the height of loading and of the training."""

    loading: int
    training: int


def count_anew() -> int:
    """Peaks are those from now on; what is held now."""
    gc.collect()
    if DEVICE.type == "cuda":
        torch.cuda.init()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    return torch.cuda.memory_allocated()


def random_ids(length: int, vocabulary: int, seed: int) -> tuple[int, ...]:
    return tuple(random.Random(seed).choices(range(vocabulary), k=length))


def taken(made: Callable[[], room.LoraTrainer], vocabulary: int) -> Taken:
    """By loading, and by two steps on as many tokens at once as the plan has, all of which count in the loss."""
    before = count_anew()
    trainer = made()
    loading = torch.cuda.max_memory_allocated() - before
    count_anew()
    rows = trainer.plan.batch_tokens // _LENGTH
    ids = [random_ids(_LENGTH, vocabulary, row) for row in range(rows)]
    examples = [Example(Encoded(one, (True,) * _LENGTH)) for one in ids]
    for step in range(_STEPS):
        trainer.step(examples, tuple(range(rows)), 1.0, step)
    return Taken(loading, torch.cuda.max_memory_allocated() - before)


def warm_up() -> None:
    """Has the libraries take what they take once: their working memory is in no estimate."""
    trainer = room.LoraTrainer(open_base(EMBEDDED), SETTINGS, None)
    example = Example(Encoded((5,) * 64, (True,) * 64))
    for trainer.bf16 in (False, True):
        trainer.step([example], (0,), 1.0, 0)


def random_llama(sizes: dict[str, int], plan: MemoryPlan) -> Any:
    """Made where it is trained, in the way that the plan holds it, by transformers' own quantiser."""
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    config = transformers.LlamaConfig(**sizes, tie_word_embeddings=True, pad_token_id=1)
    torch.manual_seed(0)
    with DEVICE:
        dtype = torch.float32 if plan.precision == "fp32" else torch.bfloat16
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=dtype)
    if plan.precision == "nf4":
        quantisation = transformers.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        model = transformers.LlamaForCausalLM.from_pretrained(
            None,
            config=config,
            state_dict=model.state_dict(),
            dtype=torch.bfloat16,
            quantization_config=quantisation,
            device_map={"": DEVICE},
        )
    return model.requires_grad_(False)


def shape_of_llama(sizes: dict[str, int]) -> ModelDimensions:
    """As it is read from a checkpoint's files."""
    import transformers

    config = transformers.LlamaConfig(**sizes, tie_word_embeddings=True)
    with torch.device("meta"):
        model = transformers.AutoModelForCausalLM.from_config(config)
    weights = {name: tuple(weight.shape) for name, weight in model.named_parameters()}
    return dimensions_from(config.to_dict(), weights, 2 * sum(weight.numel() for weight in model.parameters()))


def trainer_on(model: Any, plan: MemoryPlan) -> room.LoraTrainer:
    """The tool's own training loop on a model that is in no file."""
    with patch.object(room, "_held", lambda *_: model), patch.object(room.LoraTrainer, "_planned", lambda *_: plan):
        trainer = room.LoraTrainer(open_base(EMBEDDED), SETTINGS, None)
    trainer.bf16 = DEVICE.type == "cuda" or plan.precision != "fp32"
    return trainer

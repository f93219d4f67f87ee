"""What a training is estimated to take, held against what torch really keeps; and the plan that fits."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tiny_checkpoint import write_checkpoint, write_qwen2, write_starcoder, write_starcoder2

from codetune_git.errors import Unavailable, UsageError
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.base.dimensions import ModelDimensions, dimensions_of
from codetune_git.model.base.loading import out_of_memory
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.memory import MemoryPlan, estimate, plan_memory
from codetune_git.settings import Precision

LAYER = ((4096, 4096),) * 4 + ((4096, 11008), (4096, 11008), (11008, 4096))
# Llama 2 with seven thousand million weights.
LARGE = ModelDimensions(
    parameters=6_738_415_616,
    linear=LAYER * 32,
    layers=32,
    hidden=4096,
    inner=11008,
    gated=True,
    heads=32,
    queries=4096,
    keys=4096,
    vocabulary=32000,
    size=13_476_831_232,
)
SETTINGS = TrainingConfig(300)
GB = 10**9


def planned(
    free: float, *, precision: Precision = "auto", quantising: bool = True, on_cpu: bool = False, split: int = 1
) -> MemoryPlan:
    settings = replace(SETTINGS, precision=precision)
    return plan_memory(LARGE, int(free * GB), settings, longest=1024, quantising=quantising, on_cpu=on_cpu, split=split)


@pytest.mark.parametrize("write", [write_checkpoint, write_qwen2, write_starcoder, write_starcoder2])
def test_weights_and_adapter_are_counted_exactly(write: Callable[[Path], Path], tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model

    from codetune_git.model.base.loading import load_model

    shape = dimensions_of(write(tmp_path / "base"))
    model = load_model(open_base(tmp_path / "base"))
    found = estimate(shape, MemoryPlan("fp32", 4096), rank=16)
    assert found.weights == 4 * sum(weight.numel() for weight in model.parameters())
    adapted = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=16, target_modules="all-linear"))
    assert found.gradients == 4 * sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)


@pytest.mark.parametrize("checkpointing", [False, True])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_activations_are_what_torch_saves(precision: Precision, checkpointing: bool) -> None:
    """On the embedded base, a token more: what is saved for the backward pass before the loss."""
    import torch
    from peft import LoraConfig, get_peft_model

    from codetune_git.model.base.loading import load_model

    narrow = precision == "bf16"
    model = load_model(open_base(EMBEDDED), dtype=torch.bfloat16 if narrow else torch.float32)
    model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=16, target_modules="all-linear")).train()
    if checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})

    def saved(tokens: int) -> int:
        blocks: dict[int, torch.UntypedStorage] = {}

        def pack(tensor: torch.Tensor) -> torch.Tensor:
            blocks[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage()
            return tensor

        with (
            torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor),
            torch.autocast("cpu", torch.bfloat16, enabled=narrow),
        ):
            found = model.base_model.model.model(input_ids=torch.ones((1, tokens), dtype=torch.long), use_cache=False)
        assert found.last_hidden_state.requires_grad
        return sum(block.nbytes() for block in blocks.values())

    real = (saved(256) - saved(128)) / 128
    shape = dimensions_of(EMBEDDED)
    plan = MemoryPlan(precision, 1000, checkpointing)
    whole = estimate(shape, plan, rank=16).activations / 1000
    loss = 12 * shape.vocabulary  # the working set, larger here than that of a layer
    assert whole - loss == pytest.approx(real, rel=0.05)


def test_attention_is_the_fused_one() -> None:
    """Otherwise activations would grow with the square of the length."""
    from codetune_git.model.base.loading import load_model

    assert load_model(open_base(EMBEDDED)).config._attn_implementation == "sdpa"


def test_the_more_memory_the_less_is_given_up() -> None:
    assert planned(80) == MemoryPlan("bf16", 4096)
    assert planned(30) == MemoryPlan("bf16", 1024)
    assert planned(24) == MemoryPlan("bf16", 4096, checkpointing=True)
    assert planned(12) == MemoryPlan("nf4", 4096, checkpointing=True)
    assert planned(5) == MemoryPlan("nf4", 1024, checkpointing=True, eight_bit=True)
    # May be enough: the estimate is not exact, and only weights that cannot fit are refused.
    assert planned(14, quantising=False) == MemoryPlan("bf16", 1024, checkpointing=True)


def test_what_is_asked_for_holds() -> None:
    assert planned(80, precision="nf4").precision == "nf4"
    assert planned(100, precision="fp32") == MemoryPlan("fp32", 4096)


def test_weights_alone_too_large() -> None:
    with pytest.raises(Unavailable, match=r"weights take 4\.0 GB in nf4 and 3\.0 GB are free: take a smaller base$"):
        planned(3)
    with pytest.raises(Unavailable, match=r"take 13\.5 GB in bf16 .* or run `pip install 'codetune-git\[train,gpu\]'`"):
        planned(13, quantising=False)


def test_a_processor_keeps_freed_memory_only_where_there_is_enough() -> None:
    assert planned(80, on_cpu=True).loose
    assert not planned(17, precision="bf16", on_cpu=True).loose


def test_a_small_base_is_held_in_full() -> None:
    plan = plan_memory(dimensions_of(EMBEDDED), 8 * GB, SETTINGS, longest=1024, quantising=True, on_cpu=True)
    assert plan == MemoryPlan("fp32", 4096, loose=True)


@given(free=st.integers(4, 100), more=st.integers(0, 100), quantising=st.booleans(), on_cpu=st.booleans())
def test_a_plan_fits_or_is_the_leanest(free: int, more: int, quantising: bool, on_cpu: bool) -> None:
    if free < 14 and not quantising:
        return
    plan = planned(free, quantising=quantising, on_cpu=on_cpu)
    takes = estimate(LARGE, plan, rank=16).total
    assert takes < free * GB or takes == min(
        estimate(LARGE, replace(plan, precision=held), rank=16).total for held in ("bf16", "nf4")[: 1 + quantising]
    )
    assert takes <= estimate(LARGE, planned(free + more, quantising=quantising, on_cpu=on_cpu), rank=16).total


def test_the_allocators_words_are_known() -> None:
    import torch

    with pytest.raises(RuntimeError) as raised:
        torch.empty(1 << 60)
    assert out_of_memory(raised.value)
    assert out_of_memory(MemoryError())
    assert out_of_memory(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"))
    assert not out_of_memory(RuntimeError("CUDA error: an illegal memory access was encountered"))
    assert not out_of_memory(ValueError("out of memory"))


def test_large_blocks_are_whole_pages() -> None:
    """So they were when the share that the allocator keeps was measured; torch decides it at its first allocation."""
    script = """
from codetune_git.model.base.loading import require_training
require_training()
import torch
import mmap
print([torch.empty(size).data_ptr() % mmap.PAGESIZE for size in (1 << 20, 3 << 20)])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[0, 0]\n"


def test_weights_that_are_split_need_less_memory_each() -> None:
    assert planned(12).precision == "nf4"
    for devices in (2, 4):
        split = planned(12, split=devices)
        assert (split.precision, split.eight_bit, split.split) == ("bf16", False, devices)
        assert f"weights in bf16 split among {devices} devices, " in str(split)
    whole, halves, quarters = (
        estimate(LARGE, MemoryPlan("bf16", 1024, split=devices), rank=16).weights for devices in (1, 2, 4)
    )
    gathered = 2 * (2 * 202_375_168 + 262_410_240)  # two layers, the embeddings and what norms there are
    assert halves == pytest.approx(whole / 2 + gathered)
    assert quarters == pytest.approx(whole / 4 + gathered)
    with pytest.raises(UsageError, match="nf4"):
        planned(80, precision="nf4", split=2)
    with pytest.raises(Unavailable, match=r"smaller base$"):
        planned(3, split=2)

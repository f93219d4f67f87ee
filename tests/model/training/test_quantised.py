"""A base in 4 bits, an optimiser in 8, activations computed again: the adapter is learned, and is as any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.examples import examples_of
from support.plain_peft import mean_loss

from codetune_git.domain import Question
from codetune_git.errors import Unavailable
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.scoring.compile import compile_adapter
from codetune_git.model.training import lora_trainer
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import TrainingConfig, TrainingReport
from codetune_git.model.training.devices import Free
from codetune_git.model.training.fit import fit
from codetune_git.model.training.memory import MemoryPlan

pytest.importorskip("bitsandbytes")
SETTINGS = TrainingConfig(600, precision="nf4", learning_rate=5e-3, epochs=3, evaluations=1)


@pytest.fixture(scope="module")
def quantised(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TrainingReport]:
    out = tmp_path_factory.mktemp("quantised") / "adapter"
    return out, fit(base, examples_of(base, 0, 48), held_out, settings=SETTINGS, out=out)


def test_an_adapter_is_learned_on_4_bits(quantised: tuple[Path, TrainingReport]) -> None:
    report = quantised[1]
    assert report.memory.startswith("weights in nf4, ")
    assert report.bf16
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before - 1.0


def test_plain_peft_loads_it_on_the_unquantised_base(
    quantised: tuple[Path, TrainingReport], base: BaseModel, held_out: tuple[Example, ...]
) -> None:
    before = quantised[1].held_out_loss_before
    assert before is not None
    assert mean_loss(base, quantised[0], held_out) < before - 1.0


def test_the_light_runtime_runs_it(quantised: tuple[Path, TrainingReport], base: BaseModel, tmp_path: Path) -> None:
    from codetune_git.model.scoring.light_runtime import LightModel

    compile_adapter(base, quantised[0], tmp_path / "light")
    model = LightModel.load(tmp_path / "light", threads=1)
    question = Question("p_7.py", 'a = "7"\n', "c = '7'\n", "", ('c = "7"\n',))
    assert model.log_odds([question])[0][0] > 0


def test_layers_are_held_in_4_bits(base: BaseModel) -> None:
    import torch
    from bitsandbytes.nn import Linear4bit

    from codetune_git.model.base.loading import load_quantised

    model = load_quantised(base, torch.device("cpu"))
    layers = [layer for layer in model.modules() if isinstance(layer, Linear4bit)]
    assert len(layers) == 14
    assert all(layer.weight.dtype == torch.uint8 for layer in layers)
    assert all(layer.weight.quant_state.nested for layer in layers)


def test_little_memory_gives_up_much_and_still_learns(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lora_trainer, "free_memory", lambda: Free("a small machine", 700_000, on_cpu=True))
    settings = TrainingConfig(600, learning_rate=5e-3, epochs=3, evaluations=1)
    report = fit(base, examples_of(base, 0, 48), held_out, settings=settings, out=tmp_path / "adapter")
    leanest = MemoryPlan("nf4", base.budget.total, checkpointing=True, eight_bit=True)
    assert report.memory == str(leanest)
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before - 1.0


def test_checkpointing_changes_no_gradient(base: BaseModel, monkeypatch: pytest.MonkeyPatch) -> None:
    samples, states = examples_of(base, 0, 8), []
    for checkpointing in (False, True):
        plan = MemoryPlan("fp32", 4096, checkpointing)
        monkeypatch.setattr(lora_trainer.LoraTrainer, "_planned", lambda *_, plan=plan: plan)
        found = lora_trainer.LoraTrainer(base, TrainingConfig(600), None)
        assert found.step(samples, range(8), 1.0, 0) > 0
        states.append(found.adapter_state())
    assert all(bool((states[0][name] - states[1][name]).abs().max() < 1e-6) for name in states[0])


def test_a_training_with_an_8_bit_optimiser_goes_on(base: BaseModel, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(lora_trainer.LoraTrainer, "_planned", lambda *_: MemoryPlan("fp32", 4096, eight_bit=True))
    samples, settings = examples_of(base, 0, 16), TrainingConfig(600, learning_rate=5e-3, rank=256)

    def learned(of: lora_trainer.LoraTrainer, steps: range) -> lora_trainer.LoraTrainer:
        for step in steps:
            of.step(samples, range(step, 16, 4), 1.0, step)
        return of

    undisturbed = learned(lora_trainer.LoraTrainer(base, settings, None), range(4))
    kept = learned(lora_trainer.LoraTrainer(base, settings, None), range(2)).state_dict()
    resumed = lora_trainer.LoraTrainer(base, settings, None)
    assert {tensor.dtype for tensor in kept.values()} >= {torch.uint8, torch.float32}
    resumed.load_state_dict(kept)
    found, wanted = learned(resumed, range(2, 4)).adapter_state(), undisturbed.adapter_state()
    assert max(float((found[name] - wanted[name]).abs().max()) for name in wanted) == 0.0


def test_without_bitsandbytes_it_says_what_to_install(
    base: BaseModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bitsandbytes", None)  # looks missing to whoever asks
    with pytest.raises(Unavailable, match=r"bitsandbytes: run `pip install 'codetune-git\[train,gpu\]'`"):
        fit(base, examples_of(base, 0, 4), (), settings=SETTINGS, out=tmp_path / "adapter")


def test_no_library_fetches_native_code(tmp_path: Path) -> None:
    """With the package `kernels` there, bitsandbytes would download a library when it is imported, and run it."""
    (tmp_path / "kernels.py").write_text(
        "def get_kernel(*_, **__):\n    open('fetched', 'w').close()\n    raise OSError\n"
    )
    script = "from codetune_git.model.base.loading import require_training as r; r(); import peft, bitsandbytes"
    path = os.pathsep.join([str(tmp_path), *sys.path])
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path}, capture_output=True
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert not (tmp_path / "fetched").exists()

"""A training by two processes that a launcher starts, on a CPU: the same steps as one process, held against each other.

With FSDP, too, which accelerate has on GPUs only: told here that it may, it splits on a processor all the same.
And what a device has freed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from safetensors.torch import load_file

from codetune_git.errors import UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.training.devices import accelerator, give_back_what_was_freed

SCRIPT = """
    import json, sys
    from dataclasses import replace
    from pathlib import Path
    sys.path[:0] = [sys.argv[1]]
    import torch
    torch.set_num_threads(1)
    from accelerate import Accelerator, DistributedType, FullyShardedDataParallelPlugin, PartialState
    from support.examples import examples_of
    from codetune_git.errors import Interrupted
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.training.config import TrainingConfig, CheckpointConfig, Probe
    from codetune_git.model.training.lora_trainer import LoraTrainer
    from codetune_git.model.training.fit import fit

    base, out, split = open_base(Path(sys.argv[2])), Path(sys.argv[3]), sys.argv[4] == "split"
    if split:
        state = Accelerator(mixed_precision="no", cpu=True).state
        state.distributed_type = PartialState().distributed_type = DistributedType.FSDP
        state.fsdp_plugin = FullyShardedDataParallelPlugin()  # as the launcher's variables have it
    # So few tokens at once that devices have different numbers of parts to read.
    settings = TrainingConfig(600, precision="fp32", learning_rate=5e-3, evaluations=3, batch_samples=4,
                           batch_tokens=400)
    losses = []

    def note(seen):
        if not seen.resumed:
            losses.append(seen.loss)

    others = examples_of(base, 100, 116)

    def trained(out, parent, epochs, stops):
        # Thirteen samples, four a step: the last step of each pass has one, and so nothing for a second process.
        return fit(base, examples_of(base, 0, 13), others,
                   probe=Probe(tuple(one.sample for one in others), 60, tokens=4),
                   settings=replace(settings, epochs=epochs), out=out, parent=parent,
                   checkpoint=CheckpointConfig(out.with_suffix(".kept"), seconds=600), report=note,
                   should_stop=lambda: stops and len(losses) == 3)

    stopped = False
    try:
        report = trained(out, None, 2, stops=split)
    except Interrupted:
        stopped = True
        report = trained(out, None, 2, stops=False)
    further = trained(out.with_name(out.name + "-further"), out, 1, stops=False)
    weights = list(LoraTrainer(base, settings, out)._model.parameters())
    held = sum(getattr(weight, "to_local", lambda: weight)().numel() for weight in weights)
    if Accelerator().is_main_process:
        found = {
            "processes": Accelerator().num_processes, "steps": report.steps, "stopped": stopped,
            "losses": [report.held_out_loss_after, further.held_out_loss_after, *losses],
            "share": held / sum(weight.numel() for weight in weights), "plan": report.memory,
            "scale": report.scale, "memorised": report.memorised.metrics(),
        }
        out.with_suffix(".json").write_text(json.dumps(found))
"""
TORCH = ("torch.distributed.run", "--standalone", "--nproc_per_node")
FSDP = Path(__file__).parents[3] / "docs" / "fsdp.yaml"
ACCELERATE = ("accelerate.commands.accelerate_cli", "launch", "--config_file", str(FSDP))


def _trained(base: BaseModel, folder: Path, *launch: str, how: str) -> tuple[dict[str, Any], Path]:
    script, out = folder / "script.py", folder / how
    script.write_text(textwrap.dedent(SCRIPT))
    known = [str(script), str(Path(__file__).parents[2]), str(base.folder), str(out), how]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *launch, *known], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(out.with_suffix(".json").read_text()), out


@pytest.fixture(scope="module")
def alone(base: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    return _trained(base, tmp_path_factory.mktemp("alone"), *TORCH, "1", how="alone")


def _assert_alike(alone: tuple[dict[str, Any], Path], together: tuple[dict[str, Any], Path]) -> None:
    (one, left), (two, right) = alone, together
    assert (one["processes"], two["processes"]) == (1, 2)
    assert one["steps"] == two["steps"] == 8
    assert one["scale"] == two["scale"] != 1.0  # so that they also agree on the strength that the adapter is given
    assert one["memorised"] == two["memorised"]
    assert one["memorised"]["passages"] == 13
    assert all(abs(a - b) < 1e-4 for a, b in zip(one["losses"], two["losses"], strict=True)), (one, two)
    for name in ("{}", "{}-further"):
        first, second = (
            load_file(folder.with_name(name.format(folder.name)) / "adapter_model.safetensors")
            for folder in (left, right)
        )
        # A tenth of a step: where a gradient is next to nothing, Adam makes a step of its rounding.
        assert max(float((first[key] - second[key]).abs().max()) for key in first) < 5e-4
        assert max(float(first[key].abs().max()) for key in first if "lora_B" in key) > 1e-2


def test_two_processes_learn_what_one_learns(
    base: BaseModel, alone: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    together = _trained(base, tmp_path, *TORCH, "2", how="whole")
    _assert_alike(alone, together)
    assert together[0]["share"] == 1


def test_with_split_weights_they_do_so_too_and_go_on_when_stopped(
    base: BaseModel, alone: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    together = _trained(base, tmp_path, *ACCELERATE, how="split")
    _assert_alike(alone, together)
    assert together[0]["stopped"]
    assert together[0]["share"] == pytest.approx(0.5, abs=0.01)
    assert "split among 2 devices" in together[0]["plan"]


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("DEEPSPEED", "2", "deepspeed"),
        ("MEGATRON_LM", "2", "megatron_lm"),
        ("PARALLELISM_CONFIG", "2", "parallelism"),
        ("FSDP", "1", "FSDP 1"),
        pytest.param(
            "FSDP", "2", "GPUs only", marks=pytest.mark.skipif(torch.accelerator.is_available(), reason="a GPU")
        ),
    ],
)
def test_what_was_never_tried_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, version: str, said: str) -> None:
    monkeypatch.setenv(f"ACCELERATE_USE_{name}", "true")
    monkeypatch.setenv("FSDP_VERSION", version)
    with pytest.raises(UsageError, match=said):
        accelerator()


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries give it back by themselves")
def test_freed_memory_is_given_back() -> None:
    process = psutil.Process()
    blocks = [bytearray(100_000) for _ in range(2_000)]
    pin = bytearray(100_000)  # behind them: glibc gives back by itself only what is at the end
    del blocks
    held = process.memory_info().rss
    give_back_what_was_freed()
    assert process.memory_info().rss < held - 150_000_000
    assert pin

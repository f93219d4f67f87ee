"""On a GPU: training in each precision, what it takes of the memory, going on after a kill, splitting, scoring.

The tools are the real ones and the bases true checkpoints, a few hundred kilobytes large but for the memory's. Where
there is no GPU, `pytest -m gpu --rehearse` runs all that is not about a GPU's memory on the processor.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from support.examples import examples_of
from support.plain_peft import mean_loss
from support.tiny_checkpoint import write_code_llama

from codetune_git.domain import Question, Sample, SampleKind
from codetune_git.model.base.base_model import BaseModel, open_base
from codetune_git.model.base.dimensions import dimensions_of
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training import lora_trainer as room
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import CheckpointConfig, StepMetrics, TrainingConfig, TrainingReport
from codetune_git.model.training.devices import free_memory
from codetune_git.model.training.fit import fit
from codetune_git.model.training.memory import MemoryPlan, estimate
from codetune_git.settings import Precision

pytestmark = pytest.mark.gpu
GPU = torch.cuda.is_available()
memory_of_a_gpu = pytest.mark.skipif(not GPU, reason="torch counts no memory but a GPU's")

LEARNING = TrainingConfig(600, learning_rate=5e-3, epochs=3, evaluations=1)
# Dropout, so that random numbers matter; looks on the way, so that there is a curve.
GOING_ON = TrainingConfig(600, learning_rate=5e-3, dropout=0.2, batch_samples=4, epochs=2, evaluations=4, scales=())
KILLED_AT, STEPS = 6, 16
TESTS = Path(__file__).parents[2]


def _peak() -> int:
    """Bytes of a GPU's memory."""
    return torch.cuda.max_memory_allocated()


def _count_anew() -> None:
    if GPU:
        torch.cuda.init()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


@pytest.fixture
def bounded() -> Iterator[None]:
    """A bound of the process's memory that a test has set is lifted again."""
    yield
    torch.cuda.set_per_process_memory_fraction(1.0)


def _planned_as(monkeypatch: pytest.MonkeyPatch, plan: MemoryPlan) -> None:
    """With more memory than any test needs, the leaner plans are never chosen."""
    monkeypatch.setattr(room.LoraTrainer, "_planned", lambda *_: plan)


@memory_of_a_gpu
def test_the_gpu_is_what_a_training_is_planned_for() -> None:
    found = free_memory()
    assert (found.device, found.on_cpu) == (torch.cuda.get_device_name(), False)
    assert 0 < found.bytes <= torch.cuda.get_device_properties(0).total_memory


@pytest.mark.parametrize(("precision", "apart"), [("fp32", 1e-3), ("bf16", 0.05), ("nf4", 1.0)])
def test_an_adapter_is_learned_and_plain_peft_on_the_processor_agrees(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path, precision: Precision, apart: float
) -> None:
    _count_anew()
    settings = replace(LEARNING, precision=precision)
    report = fit(base, examples_of(base, 0, 48), held_out, settings=settings, out=tmp_path / "adapter")
    assert report.memory.startswith(f"weights in {precision}, ")
    assert report.bf16 == (precision != "fp32")
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before - 1.0
    # 4 bits and 16 say different things, and either is far better than what was before.
    assert mean_loss(base, tmp_path / "adapter", held_out) == pytest.approx(report.held_out_loss_after, abs=apart)
    assert not GPU or _peak() > base.size


@memory_of_a_gpu
def test_a_gpu_multiplies_in_bf16_without_trying_what_is_faster(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    report = fit(base, examples_of(base, 0, 48), held_out, settings=LEARNING, out=tmp_path / "adapter")
    assert report.memory == "weights in fp32, 4096 tokens at once"
    assert report.bf16


def test_the_leanest_plan_learns(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = MemoryPlan("nf4", base.budget.total, checkpointing=True, eight_bit=True)
    _planned_as(monkeypatch, plan)
    settings = replace(LEARNING, rank=256)  # or the optimiser would not think 8 bits worth it
    report = fit(base, examples_of(base, 0, 48), held_out, settings=settings, out=tmp_path / "adapter")
    assert report.memory == str(plan)
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before - 1.0


def test_an_8_bit_optimiser_is_kept_to_the_last_bit(base: BaseModel, monkeypatch: pytest.MonkeyPatch) -> None:
    _planned_as(monkeypatch, MemoryPlan("fp32", 4096, eight_bit=True))
    samples, settings = examples_of(base, 0, 16), replace(LEARNING, rank=256)

    def steps(trainer: room.LoraTrainer, numbers: range) -> list[float]:
        return [trainer.step(samples, range(number, 16, 4), 1.0, number) for number in numbers]

    first, second = (room.LoraTrainer(base, settings, None) for _ in range(2))
    steps(first, range(2))
    kept = first.state_dict()
    assert {tensor.dtype for tensor in kept.values()} >= {torch.uint8, torch.float32}
    second.load_state_dict(kept)
    again = second.state_dict()
    assert kept.keys() == again.keys()
    assert all(torch.equal(kept[name], again[name]) for name in kept)
    assert steps(second, range(2, 4)) == pytest.approx(steps(first, range(2, 4)), abs=1e-2)


@pytest.fixture(scope="module")
def middling(tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    """Large enough that the libraries' own memory does not matter."""
    from benchmarks.memory import random_llama

    return open_base(random_llama(tmp_path_factory.mktemp("middling")))


@memory_of_a_gpu
@pytest.mark.parametrize(
    "plan",
    [
        MemoryPlan("fp32", 4096),
        MemoryPlan("bf16", 4096),
        MemoryPlan("bf16", 4096, checkpointing=True),
        MemoryPlan("nf4", 4096),
        MemoryPlan("nf4", 4096, checkpointing=True, eight_bit=True),
    ],
    ids=str,
)
def test_a_training_takes_what_it_was_estimated_to_take(
    middling: BaseModel, monkeypatch: pytest.MonkeyPatch, plan: MemoryPlan
) -> None:
    from benchmarks.gpu_memory import taken, warm_up

    warm_up()
    _planned_as(monkeypatch, plan)

    def made() -> room.LoraTrainer:
        trainer = room.LoraTrainer(middling, LEARNING, None)
        trainer.bf16 = plan.precision != "fp32"
        return trainer

    shape = dimensions_of(middling.folder)
    expected = estimate(shape, plan, rank=LEARNING.rank)
    found = taken(made, shape.vocabulary)
    assert expected.total == pytest.approx(found.training, rel=0.15), (expected, found)


@memory_of_a_gpu
@pytest.mark.usefixtures("bounded")
def test_out_of_memory_it_reads_half_as_much_at_once(tmp_path: Path) -> None:
    """Before the first step it may take 60 MB more than it has: a whole batch needs about 100."""
    base = open_base(write_code_llama(tmp_path / "base"))
    found = [Sample(SampleKind.NEXT_TOKEN, "a.py", "", "", "", "value = 1\n" * (200 + i)) for i in range(32)]
    samples, _ = encode_samples(found, base.family, load_tokenizer(base.folder), base.budget)
    settings = TrainingConfig(600, precision="fp32", epochs=1, batch_tokens=8192)
    bounds = list[float]()

    def tightened() -> bool:
        if not bounds:
            torch.cuda.empty_cache()
            whole = torch.cuda.get_device_properties(0).total_memory
            bounds.append((torch.cuda.memory_reserved() + (60 << 20)) / whole)
            torch.cuda.set_per_process_memory_fraction(bounds[0])
        return False

    free = fit(base, samples, (), settings=settings, out=tmp_path / "free")
    short = fit(base, samples, (), settings=settings, out=tmp_path / "short", should_stop=tightened)
    assert (short.steps, short.tokens) == (free.steps, free.tokens) == (2, free.tokens)
    assert free.memory == "weights in fp32, 8192 tokens at once"
    assert int(short.memory.split()[3]) < 8192
    assert short.curve[-1].training_loss == pytest.approx(free.curve[-1].training_loss, abs=1e-3)


def _script(text: str, *arguments: object, launcher: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *launcher, *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    Path(str(arguments[0])).write_text(textwrap.dedent(text))
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


KILLED = """
    import json, os, signal, sys
    from dataclasses import replace
    from pathlib import Path
    sys.path[:0] = [sys.argv[1]]
    import torch
    torch.set_num_threads(1)
    from model.training.test_gpu import GOING_ON, KILLED_AT, going_on
    from codetune_git.model.base.base_model import open_base

    def say(seen):
        print(json.dumps([seen.step, seen.loss]), flush=True)
        if seen.step == KILLED_AT:
            os.kill(os.getpid(), signal.SIGKILL)

    going_on(open_base(Path(sys.argv[2])), Path(sys.argv[3]), sys.argv[4], "killed", say)
"""


def going_on(base: BaseModel, folder: Path, precision: Precision, name: str, say: Any) -> TrainingReport:
    """A training that keeps how far it is after every step."""
    keep = CheckpointConfig(folder / "kept.safetensors", seconds=0.0, share=float("inf"))
    return fit(
        base,
        examples_of(base, 0, 32),
        examples_of(base, 100, 116),
        settings=replace(GOING_ON, precision=precision),
        out=folder / name,
        checkpoint=keep if name != "whole" else None,
        report=say,
    )


@pytest.mark.parametrize(("precision", "apart"), [("fp32", 1e-3), ("nf4", 2e-2)])
def test_killed_it_goes_on_with_the_same_curve(
    base: BaseModel, tmp_path: Path, precision: Precision, apart: float
) -> None:
    done = _script(KILLED, tmp_path / "killed.py", TESTS, base.folder, tmp_path, precision)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not (tmp_path / "killed").exists()
    killed = [json.loads(line) for line in done.stdout.splitlines()]
    whole, resumed = list[StepMetrics](), list[StepMetrics]()
    expected = going_on(base, tmp_path, precision, "whole", whole.append)
    report = going_on(base, tmp_path, precision, "resumed", resumed.append)
    assert resumed[0].resumed
    assert [seen.step for seen in resumed] == [KILLED_AT - 1, *range(KILLED_AT, STEPS + 1)]
    losses = {seen.step: seen.loss for seen in whole}
    for step, loss in [*killed, *((seen.step, seen.loss) for seen in resumed[1:])]:
        assert loss == pytest.approx(losses[step], abs=apart), (step, killed)
    assert report.held_out_loss_after == pytest.approx(expected.held_out_loss_after, abs=apart)
    assert [point.held_out_loss for point in report.curve] == pytest.approx(
        [point.held_out_loss for point in expected.curve], abs=apart
    )


SPLIT = """
    import json, sys
    from pathlib import Path
    sys.path[:0] = [sys.argv[1]]
    import torch
    torch.set_num_threads(1)
    from accelerate import Accelerator, DistributedType, FullyShardedDataParallelPlugin, PartialState
    from torch.distributed.tensor import DTensor
    from model.training.test_gpu import LEARNING, learned
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.training.lora_trainer import LoraTrainer

    if not torch.cuda.is_available():  # accelerate splits on GPUs only: for a rehearsal told that it may all the same
        state = Accelerator(mixed_precision="no", cpu=True).state
        state.distributed_type = PartialState().distributed_type = DistributedType.FSDP
        state.fsdp_plugin = FullyShardedDataParallelPlugin()
    base, folder = open_base(Path(sys.argv[2])), Path(sys.argv[3])
    split = sum(isinstance(weight, DTensor) for weight in LoraTrainer(base, LEARNING, None)._model.parameters())
    losses = {precision: learned(base, folder / f"split-{precision}", precision) for precision in ("fp32", "bf16")}
    (folder / "found.json").write_text(json.dumps({"split": split, "losses": losses}))
"""


def learned(base: BaseModel, out: Path, precision: Precision) -> list[float]:
    """The losses of a short training, and what it came to."""
    losses = list[float]()
    settings = replace(GOING_ON, precision=precision, epochs=1)
    report = fit(
        base,
        examples_of(base, 0, 13),
        examples_of(base, 100, 116),
        settings=settings,
        out=out,
        report=lambda seen: losses.append(seen.loss),
    )
    return [*losses, report.held_out_loss_after or 0.0]


def test_one_device_with_split_weights_learns_the_same(base: BaseModel, tmp_path: Path) -> None:
    configuration = TESTS.parent / "docs" / "fsdp.yaml"
    launcher = (
        "-m",
        "accelerate.commands.accelerate_cli",
        "launch",
        "--config_file",
        str(configuration),
        "--num_processes",
        "1",
    )
    done = _script(SPLIT, tmp_path / "split.py", TESTS, base.folder, tmp_path, launcher=launcher)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads((tmp_path / "found.json").read_text())
    assert found["split"] > 0
    assert found["losses"]["fp32"] == pytest.approx(learned(base, tmp_path / "fp32", "fp32"), abs=1e-3)
    assert found["losses"]["bf16"] == pytest.approx(learned(base, tmp_path / "bf16", "bf16"), abs=5e-2)


def test_scores_are_those_of_the_processor(base: BaseModel, tmp_path: Path) -> None:
    from codetune_git.model.base.loading import load_model, with_adapter
    from codetune_git.model.scoring.torch_runtime import TorchModel, _TorchEngine

    adapter = tmp_path / "adapter"
    fit(base, examples_of(base, 0, 48), (), settings=replace(LEARNING, precision="fp32"), out=adapter)
    engine = _TorchEngine(with_adapter(load_model(base), adapter), torch.device("cpu"))
    processor = TorchModel(engine, load_tokenizer(base.folder), base.family, base.budget)
    found = TorchModel.load(base, adapter)
    staged, candidates = "third = 'three'\n", ('third = "three"\n', "third='three'\n")
    questions = [Question("part.py", f'first = "{i}"\n' * i, staged, 'last = "end"\n', candidates) for i in (1, 9, 4)]
    for one, other in zip(found.log_odds(questions), processor.log_odds(questions), strict=True):
        assert one == pytest.approx(other, abs=1e-2)
    assert [found.write(one)[0] for one in questions] == [processor.write(one)[0] for one in questions]

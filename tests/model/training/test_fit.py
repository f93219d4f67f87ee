"""Training with the real libraries on a tiny base: it learns, keeps the best, stops when told, writes whole folders."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file
from support.examples import examples_of

from codetune_git.errors import DataRefused, UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.loading import check_adapter
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import StepMetrics, StopReason, TrainingConfig, TrainingReport
from codetune_git.model.training.fit import fit

# Exact and the same on every machine; enough time that the budget never decides.
SETTINGS = TrainingConfig(budget_seconds=600, precision="fp32", learning_rate=5e-3, epochs=2, evaluations=3)


@pytest.fixture(scope="module")
def samples(base: BaseModel) -> tuple[Example, ...]:
    return examples_of(base, 0, 48)


Fit = Callable[..., TrainingReport]


@pytest.fixture(scope="module")
def first(
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, TrainingReport]:
    out = tmp_path_factory.mktemp("first") / "adapter"
    return out, fit(base, samples, held_out, settings=SETTINGS, out=out)


def test_the_held_out_loss_falls(first: tuple[Path, TrainingReport]) -> None:
    report = first[1]
    assert report.stopped_why is StopReason.PLANNED
    assert report.steps == 6
    assert report.unread == ()
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before - 1.0
    assert report.curve[-1].training_loss < report.curve[0].training_loss
    assert not report.bf16


def test_plain_peft_loads_the_adapter_and_agrees(
    first: tuple[Path, TrainingReport], base: BaseModel, held_out: tuple[Example, ...]
) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    assert sorted(path.name for path in first[0].iterdir()) == ["adapter_config.json", "adapter_model.safetensors"]
    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base.folder), first[0]).eval()
    total = count = 0.0
    with torch.no_grad():
        for example in held_out:
            ids = torch.tensor([example.encoded.ids])
            wanted = torch.tensor([example.encoded.loss])
            labels = torch.where(wanted, ids, -100)
            counted = sum(example.encoded.loss[1:])
            total += float(model(input_ids=ids, labels=labels).loss) * counted
            count += counted
    assert total / count == pytest.approx(first[1].held_out_loss_after, abs=1e-4)


def test_the_adapter_names_no_place_on_this_machine(first: tuple[Path, TrainingReport], base: BaseModel) -> None:
    assert str(base.folder) not in (first[0] / "adapter_config.json").read_text()


def test_the_same_seed_gives_the_same_adapter(
    first: tuple[Path, TrainingReport],
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    tmp_path: Path,
) -> None:
    again = fit(base, samples, held_out, settings=SETTINGS, out=tmp_path / "again")
    assert again.curve == first[1].curve
    for path in first[0].iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_training_goes_on_from_the_parent(
    first: tuple[Path, TrainingReport],
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    tmp_path: Path,
) -> None:
    report = fit(base, samples, held_out, settings=SETTINGS, out=tmp_path / "child", parent=first[0])
    assert report.held_out_loss_before == pytest.approx(first[1].held_out_loss_after, abs=1e-4)
    assert check_adapter(tmp_path / "child") == SETTINGS.rank


def test_where_nothing_gets_better_the_start_is_kept(
    first: tuple[Path, TrainingReport],
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    tmp_path: Path,
) -> None:
    harmful = TrainingConfig(600, precision="fp32", learning_rate=5.0, epochs=8, evaluations=24, patience=2)
    report = fit(base, samples, held_out, settings=harmful, out=tmp_path / "worse", parent=first[0])
    assert report.stopped_why in {StopReason.NO_GAIN, StopReason.DIVERGED}
    assert report.held_out_loss_after == report.held_out_loss_before
    kept, parent = (load_file(path / "adapter_model.safetensors") for path in (tmp_path / "worse", first[0]))
    assert kept.keys() == parent.keys()
    assert all(bool((kept[name] == parent[name]).all()) for name in kept)


def test_an_interrupt_ends_at_the_next_step_and_keeps_what_was_learned(
    base: BaseModel, samples: tuple[Example, ...], held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    seen: list[StepMetrics] = []
    report = fit(
        base,
        samples,
        held_out,
        settings=SETTINGS,
        out=tmp_path / "part",
        report=seen.append,
        should_stop=lambda: len(seen) == 2,
    )
    assert (report.steps, report.stopped_why) == (2, StopReason.INTERRUPTED)
    assert [progress.step for progress in seen] == [1, 2]
    assert report.held_out_loss_before is not None
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < report.held_out_loss_before
    assert len(report.unread) == 48 - 2 * SETTINGS.batch_samples
    check_adapter(tmp_path / "part")


def test_the_budget_is_kept_and_what_was_left_out_is_said(
    base: BaseModel, samples: tuple[Example, ...], held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    begun = time.monotonic()
    many = samples * 4000
    report = fit(base, many, held_out, settings=TrainingConfig(12, precision="fp32"), out=tmp_path / "short")
    assert time.monotonic() - begun < 30  # the machine may be busy, but 1500 times the samples must not be read
    assert report.steps >= 1
    assert 0 < len(report.unread) < len(many)
    assert set(range(len(many))) - set(report.unread) != set()


def test_a_killed_run_leaves_nothing(base: BaseModel, tmp_path: Path) -> None:
    script = f"""
        import os
        from pathlib import Path
        from codetune_git.model.base.base_model import open_base
        from codetune_git.model.training.batching import encode_samples
        from codetune_git.model.training.config import TrainingConfig
        from codetune_git.model.tokenizers.loading import load_tokenizer
        from codetune_git.model.training.fit import fit
        from codetune_git.domain import Sample, SampleKind
        import safetensors.torch as weights

        base = open_base(Path({str(base.folder)!r}))
        samples = [Sample(SampleKind.RESTORATION, "a.py", "x = 1\\n", "y = 1\\n", "", "y = 2\\n")] * 8
        examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
        whole = weights.save_file
        def killed(state, path, metadata=None):
            whole(state, path, metadata)
            os._exit(9)
        weights.save_file = killed
        settings = TrainingConfig(60, precision="fp32", epochs=1)
        fit(base, examples, (), settings=settings, out=Path({str(tmp_path / "adapter")!r}))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False)
    assert ended.returncode == 9, ended.stderr.decode()
    assert not (tmp_path / "adapter").exists()


def test_weights_of_samples_count(base: BaseModel, samples: tuple[Example, ...], tmp_path: Path) -> None:
    # A sample of weight 0 teaches nothing: training on it alone leaves the adapter without effect.
    silent = [Example(sample.encoded, 0.0) for sample in samples]
    fit(base, silent, (), settings=SETTINGS, out=tmp_path / "silent")
    state = load_file(tmp_path / "silent" / "adapter_model.safetensors")
    assert all(not tensor.any() for name, tensor in state.items() if "lora_B" in name)


def test_memory_is_bounded_by_parts_with_the_same_result(
    base: BaseModel, samples: tuple[Example, ...], tmp_path: Path
) -> None:
    for tokens, name in ((100_000, "whole"), (200, "parts")):
        settings = TrainingConfig(600, precision="fp32", epochs=1, batch_tokens=tokens)
        fit(base, samples, (), settings=settings, out=tmp_path / name)
    whole, parts = (load_file(tmp_path / name / "adapter_model.safetensors") for name in ("whole", "parts"))
    assert all(bool((whole[name] - parts[name]).abs().max() < 1e-3) for name in whole)


def test_without_samples_there_is_nothing_to_train(base: BaseModel, tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match="no samples"):
        fit(base, (), (), settings=SETTINGS, out=tmp_path / "none")


def test_an_existing_folder_is_not_overwritten(base: BaseModel, samples: tuple[Example, ...], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exists already"):
        fit(base, samples, (), settings=SETTINGS, out=tmp_path)

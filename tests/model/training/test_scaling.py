"""The strength of a trained adapter: chosen only by more than noise, and folded into weights that anybody loads."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file
from support.examples import examples_of
from support.plain_peft import mean_loss

from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.training.batching import Example
from codetune_git.model.training.config import TrainingConfig, TrainingReport
from codetune_git.model.training.fit import fit
from codetune_git.model.training.scaling import chosen_scale, gain, preferred, scaled

# So little that more of it would be better.
SHORT = TrainingConfig(budget_seconds=600, precision="fp32", learning_rate=2e-3, epochs=1, evaluations=3)


@pytest.fixture(scope="module")
def short(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TrainingReport]:
    out = tmp_path_factory.mktemp("short") / "adapter"
    return out, fit(base, examples_of(base, 0, 48), held_out, settings=SHORT, out=out)


def test_a_difference_that_all_samples_share_is_no_noise() -> None:
    """However different the samples are: the error is that of what differs between the two, not of the losses."""
    rng = random.Random(1)
    before = [rng.uniform(10, 1000) for _ in range(40)]
    mean, error = gain(before, [loss - 2.0 for loss in before], [4.0] * 40)
    assert mean == pytest.approx(0.5)
    assert error == pytest.approx(0.0, abs=1e-9)


def test_the_error_is_what_many_draws_show() -> None:
    """Against the spread of the mean over fresh samples, of different lengths."""
    rng = random.Random(2)
    means, errors = [], []
    for _ in range(400):
        weights = [rng.uniform(5, 50) for _ in range(30)]
        after = [rng.gauss(0.1, 1.0) * weight for weight in weights]
        mean, error = gain([0.0] * 30, [-value for value in after], weights)
        means.append(mean)
        errors.append(error)
    middle = sum(means) / len(means)
    spread = (sum((mean - middle) ** 2 for mean in means) / len(means)) ** 0.5
    assert middle == pytest.approx(0.1, abs=0.05)
    assert sum(errors) / len(errors) == pytest.approx(spread, rel=0.15)


def test_one_sample_proves_nothing() -> None:
    for few in (1, 7):
        assert gain([5.0] * few, [1.0] * few, [1.0] * few) == (4.0, float("inf"))


def test_to_be_weaker_takes_less_than_to_be_stronger() -> None:
    """Gains of about half, one and a half and three standard errors."""
    rng, weights = random.Random(3), [1.0] * 64
    noise = [rng.gauss(0.0, 1.0) for _ in weights]
    noise = [one - sum(noise) / len(noise) for one in noise]
    for errors, weaker, stronger in ((0.5, 1.0, 1.0), (1.5, 0.5, 1.0), (3.0, 0.5, 1.5)):
        better = [5.0 - errors / 8 + one for one in noise]
        assert preferred({1.0: [5.0] * 64, 0.5: better}, weights) == weaker
        assert preferred({1.0: [5.0] * 64, 1.5: better}, weights) == stronger
    assert preferred({1.0: [5.0] * 64, 0.5: [5.1] * 64, 1.5: [4.9] * 64}, weights) == 1.5


def test_what_was_trained_too_little_is_made_stronger(short: tuple[Path, TrainingReport]) -> None:
    report = short[1]
    assert report.scale == 1.5
    assert report.held_out_loss_after is not None
    assert report.held_out_loss_after < min(point.held_out_loss or 9.9 for point in report.curve) - 0.05


def test_plain_peft_finds_the_strength_in_the_weights(
    short: tuple[Path, TrainingReport], base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    import torch

    plain = fit(base, examples_of(base, 0, 48), held_out, settings=replace(SHORT, scales=()), out=tmp_path / "plain")
    assert plain.scale == 1.0
    configurations = [
        json.loads((folder / "adapter_config.json").read_text()) for folder in (short[0], tmp_path / "plain")
    ]
    assert configurations[0] == configurations[1]
    strong, weak = (load_file(folder / "adapter_model.safetensors") for folder in (short[0], tmp_path / "plain"))
    for name, tensor in weak.items():
        assert torch.equal(strong[name], tensor * 1.5 if "lora_B" in name else tensor), name
    assert mean_loss(base, short[0], held_out) == pytest.approx(short[1].held_out_loss_after, abs=1e-4)


def test_a_training_goes_on_from_the_strength(
    short: tuple[Path, TrainingReport], base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    report = fit(base, examples_of(base, 0, 48), held_out, settings=SHORT, out=tmp_path / "child", parent=short[0])
    assert report.held_out_loss_before == pytest.approx(short[1].held_out_loss_after, abs=1e-4)


def test_what_was_trained_too_much_is_made_weaker(
    base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path
) -> None:
    """Nothing held out while it is trained, so that it goes too far; what is held out then says so."""
    from codetune_git.model.training.lora_trainer import LoraTrainer

    harmful = replace(SHORT, learning_rate=2e-2, epochs=30, batch_samples=4)
    few = examples_of(base, 0, 4)
    fit(base, few, (), settings=harmful, out=tmp_path / "far")
    trainer = LoraTrainer(base, SHORT, tmp_path / "far")
    as_it_is = trainer.evaluate(held_out)
    scale, loss = chosen_scale(trainer, held_out, SHORT.scales, lambda: True)
    assert scale < 1.0
    assert loss < as_it_is - 0.03
    assert chosen_scale(trainer, held_out, SHORT.scales, lambda: False) == (1.0, pytest.approx(as_it_is, abs=1e-4))
    trainer.load_adapter(scaled(load_file(tmp_path / "far" / "adapter_model.safetensors"), scale))
    assert trainer.evaluate(held_out) == pytest.approx(loss, abs=1e-4)


def test_nothing_held_out_leaves_the_strength(base: BaseModel, tmp_path: Path) -> None:
    assert fit(base, examples_of(base, 0, 16), (), settings=SHORT, out=tmp_path / "adapter").scale == 1.0


def test_weight_decay_holds_the_weights_small(base: BaseModel, held_out: tuple[Example, ...], tmp_path: Path) -> None:
    """As AdamW has it: each step takes rate times decay of every weight, whatever its gradient."""
    norms = []
    for decay in (0.0, 20.0):
        settings = replace(SHORT, weight_decay=decay, scales=(), epochs=4)
        fit(base, examples_of(base, 0, 32), (), settings=settings, out=tmp_path / f"{decay}")
        state = load_file(tmp_path / f"{decay}" / "adapter_model.safetensors")
        norms.append(sum(float(tensor.norm()) for name, tensor in state.items() if "lora_A" in name))
    assert norms[1] < 0.95 * norms[0]

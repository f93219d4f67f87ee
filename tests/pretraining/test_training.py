from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import torch

import codetune_git.base
from codetune_git.domain import Sample, SampleKind
from codetune_git.model.tokenizers.loading import load_tokenizer
from pretraining import shards
from pretraining.accelerator import Accelerator
from pretraining.configuration import Shape, read
from pretraining.export import write_model
from pretraining.network import Network
from pretraining.optimiser import Muon, Optimiser
from pretraining.pool import packed
from pretraining.train import Progress, exported, factor, restore, save, validated

BASE = Path(codetune_git.base.__file__).parent
SMALL = Shape(vocabulary=512, hidden=64, layers=2, heads=1, kv_heads=1, inner=96, positions=128)
SETTINGS = read()
SIZES = SETTINGS.training


def _batch(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    ids = torch.randint(16, 512, (4, 33), generator=torch.Generator().manual_seed(seed))
    return ids[:, :-1], ids[:, 1:].contiguous(), torch.ones(4, 32)


def _learn(network: Network, optimiser: Optimiser, times: int) -> list[float]:
    losses = []
    for _ in range(times):
        loss = network(*_batch(0)) / 128
        loss.backward()
        optimiser.step({n: p.grad for n, p in network.named_parameters() if p.grad is not None}, 1.0)
        network.zero_grad()
        losses.append(float(loss.detach()))
    return losses


def test_broken_text_is_never_learned_and_restored_text_counts_most() -> None:
    tokenizer = load_tokenizer(BASE)
    sample = Sample(SampleKind.RESTORATION, "a.py", "x = 1\n", "y=2\n", "z = 3\n", "y = 2\n")
    encoded = shards.encode(tokenizer, sample, Random(0))
    assert encoded is not None
    by_weight = {w: "".join(tokenizer.text([i]) for i, v in zip(*encoded, strict=True) if v == w) for w in (1, 4)}
    assert by_weight == {1: "x = 1\nz = 3", 4: "\ny = 2<eos>"}


def test_a_saved_run_learns_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Network(SMALL)
    optimiser = Optimiser(network, SIZES)
    losses = _learn(network, optimiser, 30)
    assert losses[-1] < losses[0] - 1
    save(tmp_path, network, optimiser, Progress(3, 4, 5.5))
    again, other, progress = restore(tmp_path, SETTINGS)
    assert progress == Progress(3, 4, 5.5)
    assert _learn(again, other, 3) == pytest.approx(_learn(network, optimiser, 3), rel=1e-3)


def test_the_exported_folder_computes_the_same_in_stock_transformers(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    torch.manual_seed(1)
    network = Network(SMALL)
    write_model(network, BASE, tmp_path)
    model = transformers.AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    ids, labels, weights = _batch(2)
    ours = float(network(ids, labels, weights).detach()) / 128
    logits = model(ids).logits
    theirs = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
    assert ours == pytest.approx(float(theirs.detach()), rel=3e-3)
    tokenizer = transformers.AutoTokenizer.from_pretrained(tmp_path)
    assert tokenizer.decode(tokenizer("def f(x):\n    return 1").input_ids) == "def f(x):\n    return 1"


def test_a_run_goes_on_from_an_exported_base(tmp_path: Path) -> None:
    """A second, longer pretraining starts from the weights that the first one left, to bf16's precision."""
    torch.manual_seed(0)
    network = Network(SMALL)
    write_model(network, BASE, tmp_path / "base")
    again = exported(tmp_path / "base")
    assert again.shape == SMALL
    saved = dict(network.named_parameters())
    for name, parameter in again.named_parameters():
        assert torch.equal(parameter, saved[name].bfloat16().float()), name
    started, optimiser, progress = restore(tmp_path, SETTINGS, start=tmp_path / "base")
    assert torch.equal(started.embedding, again.embedding)
    assert (optimiser.number, progress) == (0, Progress())


def test_the_rate_rises_stays_and_falls_to_zero() -> None:
    assert [factor(step, 0.0, 0.5) for step in (0, 29, 59, 1000)] == [1 / 60, 0.5, 1.0, 1.0]
    assert [factor(1000, share, 0.5) for share in (0.3, 0.5, 0.75, 1.0, 1.1)] == [1.0, 1.0, 0.5, 0.0, 0.0]


def _joined(number: int, rows: int, columns: int) -> torch.Tensor:
    return torch.randn(number * rows, columns, generator=torch.Generator().manual_seed(rows))


def test_an_update_of_muon_is_nearly_orthogonal_part_by_part() -> None:
    """Joined projections move as if each had been a matrix of its own."""
    sizes = {"wide": (3, 16, 48), "tall": (2, 96, 32), "square": (1, 32, 32)}
    weights = {name: torch.zeros(number * rows, columns) for name, (number, rows, columns) in sizes.items()}
    muon = Muon(weights, {name: (rows,) * number for name, (number, rows, _) in sizes.items()})
    gradients = {name: _joined(*size) for name, size in sizes.items()}
    muon.step(gradients, 1.0)
    for name, (number, rows, columns) in sizes.items():
        for part in range(number):
            place = slice(part * rows, (part + 1) * rows)
            moved = -weights[name][place] / max(1.0, rows / columns) ** 0.5
            values = torch.linalg.svdvals(moved)
            assert values.min() > 0.4
            assert values.max() < 1.4
            alone = {"own": torch.zeros(rows, columns)}
            Muon(alone, {"own": (rows,)}).step({"own": gradients[name][place]}, 1.0)
            assert torch.allclose(alone["own"], weights[name][place], atol=0.02)


def test_validation_is_the_loss_of_each_shard(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Network(SMALL)
    sequences = [([16 + i * 7 + j for j in range(50)], [0] * 20 + [1] * 30) for i in range(4)]
    shards.write(tmp_path / "validation-python-text.npz", sequences)
    shards.write(tmp_path / "text-00000.npz", sequences)
    sizes = replace(SIZES, rows=2, row_tokens=128)
    rows = packed(sequences, 2, 128)
    found = validated(Accelerator(network, "cpu", rows), tmp_path, sizes)
    ids = torch.tensor([ids for ids, _ in sequences])
    weights = torch.tensor([loss[1:] for _, loss in sequences]).float()
    expected = float(network(ids[:, :-1], ids[:, 1:].contiguous(), weights).detach()) / (4 * 30)
    assert found == {"python-text": pytest.approx(expected, rel=2e-3)}

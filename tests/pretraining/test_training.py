from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
import torch

import codetune_git.base
from codetune_git.domain import Sample, SampleKind
from codetune_git.model.tokenizer import load_tokenizer
from pretraining import shards
from pretraining.accelerator import Accelerator, packed
from pretraining.card import card, course
from pretraining.configuration import USUAL, Shape, parse, read
from pretraining.export import write_model
from pretraining.network import Network, document_mask
from pretraining.optimiser import Optimiser
from pretraining.train import Progress, exported, micro_batches, restore, save, steps

BASE = Path(codetune_git.base.__file__).parent
SMALL = Shape(hidden=64, layers=2, heads=1, kv_heads=1, inner=96, positions=128)
SETTINGS = read()
SIZES = replace(SETTINGS.training, micro_batches=1)


def _batch(seed: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    ids = torch.randint(16, 4096, (4, 33), generator=torch.Generator().manual_seed(seed))
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


def _shard(path: Path, lengths: list[int]) -> None:
    shards.write(path, [([i % 4000 + 16] * n, [1] * n) for i, n in enumerate(lengths)])


def test_broken_text_is_never_learned_and_restored_text_counts_most() -> None:
    tokenizer = load_tokenizer(BASE)
    sample = Sample(SampleKind.RESTORATION, "a.py", "x = 1\n", "y=2\n", "z = 3\n", "y = 2\n")
    encoded = shards.encode(tokenizer, sample, Random(0))
    assert encoded is not None
    by_weight = {w: "".join(tokenizer.text([i]) for i, v in zip(*encoded, strict=True) if v == w) for w in (1, 4)}
    assert by_weight == {1: "x = 1\nz = 3", 4: "\ny = 2<eos>"}


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    written = [([1, 2, 3], [0, 1, 4]), ([4095], [1])]
    assert shards.write(tmp_path / "s.npz", written) == 4
    assert [(i.tolist(), w.tolist()) for i, w in shards.read(tmp_path / "s.npz")] == written


def test_every_token_of_a_shard_is_seen_once(tmp_path: Path) -> None:
    lengths = [5, 700, 64, 65, 900, 3, 128, 511]
    _shard(tmp_path / "b-00000.npz", lengths)
    batches = micro_batches(tmp_path / "b-00000.npz", 0, SIZES.micro_tokens)
    assert sum(int((ids > 0).sum()) for ids, _, _ in batches) == sum(lengths)
    assert sum(float(weights.sum()) for _, _, weights in batches) == sum(lengths) - len(lengths)
    for ids, labels, weights in batches:
        assert ids.shape[1] % 64 == 0
        assert torch.equal((labels * weights.bool())[:, :-1], ids[:, 1:] * weights.bool()[:, :-1])


def test_a_resumed_run_goes_on_with_the_next_batches(tmp_path: Path) -> None:
    for number in range(2):
        _shard(tmp_path / f"b-{number:05d}.npz", [1000 + number] * 12)
    whole = steps(tmp_path, Progress("b"), SIZES)
    expected = [next(whole)[0][0] for _ in range(5)]
    progress = Progress("b")
    first = steps(tmp_path, progress, SIZES)
    seen = [next(first)[0][0] for _ in range(3)]
    resumed = steps(tmp_path, Progress("b", progress.shard, progress.batch), SIZES)
    seen += [next(resumed)[0][0] for _ in range(2)]
    assert all(torch.equal(a, b) for a, b in zip(seen, expected, strict=True))


def test_a_saved_run_learns_on_as_if_it_had_not_stopped(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Network(SMALL)
    optimiser = Optimiser(network, SIZES)
    losses = _learn(network, optimiser, 30)
    assert losses[-1] < losses[0] - 1
    save(tmp_path, network, optimiser, Progress("b", 3, 4, 5))
    again, other, progress = restore(tmp_path, "b", SETTINGS)
    assert progress == Progress("b", 3, 4, 5)
    assert _learn(again, other, 3) == pytest.approx(_learn(network, optimiser, 3), rel=1e-3)


def test_a_new_phase_starts_at_its_first_shard(tmp_path: Path) -> None:
    network = Network(SMALL)
    save(tmp_path, network, Optimiser(network, SIZES), Progress("a", 3, 4, 5))
    assert restore(tmp_path, "b", SETTINGS)[2] == Progress("b", 0, 0, 5)


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


def test_the_card_says_what_the_model_is_made_of() -> None:
    manifest = {
        "packages": [
            {"name": "one", "version": "1", "licence": "MIT", "files": 2, "bytes": 3_000_000},
            {"name": "two", "version": "1", "licence": "ISC", "files": 5, "bytes": 9_000_000},
        ],
        "held_out": ["two"],
        "excluded": ["three"],
    }
    log = [
        {"step": i + 1, "tokens": 1000 * i, "phase": "b", "loss": 5 - i, "tokens_per_second": 9, "seconds": i}
        for i in range(3)
    ]
    found = {"files": 3, "median": 4, "p95": 9, "longest": 12, "longest_text": "x = 1\n    y"}
    spans = {"corpus": found, "held_out": {**found, "longest": 11}}
    text = card(manifest, course([], log), results=[], parameters=5_000_000, spans=spans)
    assert "2 Python files, 3 MB, of 1 packages" in text
    assert "| 0.00 | b | 3.00 | 9 |" in text
    assert "three" in text
    assert "| of the training corpus | 3 | 4 | 9 | 12 | `x = 1 y` |" in text
    longer = course(course([], log), log)
    assert [point["tokens"] for point in longer] == [0, 1000, 2000, 2000, 3000, 4000]
    assert longer[-1]["step"] == 6


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
    started, optimiser, progress = restore(tmp_path, "b", SETTINGS, start=tmp_path / "base", first=7)
    assert torch.equal(started.embedding, again.embedding)
    assert (optimiser.number, progress.shard) == (0, 7)


def _sequences(lengths: list[int]) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """One padded batch of one sequence each."""
    rng = torch.Generator().manual_seed(3)
    found = []
    for length in lengths:
        ids = torch.randint(16, 4096, (1, length + 1), generator=rng)
        weights = torch.randint(0, 5, (1, length), generator=rng).float()
        found.append((ids[:, :-1], ids[:, 1:].contiguous(), weights))
    return found


def test_packed_documents_do_not_see_each_other() -> None:
    """The loss and the gradients of rows that hold many documents are those of the documents one by one."""
    torch.manual_seed(0)
    network = Network(SMALL)
    batches = _sequences([40, 17, 64, 9, 30])
    ids, _, weights, documents = packed(batches, 64)
    assert sorted(int((row > 0).sum()) for row in ids) == [30 + 9, 40 + 17, 64]
    assert float(weights.sum()) == sum(float(w.sum()) for _, _, w in batches)
    assert documents.max() == 5
    alone = sum(network(*batch) for batch in batches)
    alone.backward()
    expected = {name: p.grad.clone() for name, p in network.named_parameters() if p.grad is not None}
    counted = sum(float(w.sum()) for _, _, w in batches)
    accelerator = Accelerator(network, "cpu", 64)
    joined = tuple(
        torch.cat([torch.nn.functional.pad(b[i], (0, 64 - b[i].shape[1])) for b in batches]) for i in (0, 1, 2)
    )
    gradients, loss, weight = accelerator.gradients([joined])
    assert weight == counted
    assert loss == pytest.approx(float(alone.detach()), rel=2e-3)
    for name, gradient in gradients.items():
        close = torch.nn.functional.cosine_similarity(gradient.flatten(), expected[name].flatten(), dim=0)
        assert close > 0.995, name


def test_a_document_mask_is_causal_within_a_document() -> None:
    mask = document_mask(torch.tensor([[1, 1, 2, 2]]))
    assert isinstance(mask, torch.Tensor)
    assert mask[0, 0].int().tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]


def test_both_configurations_are_complete() -> None:
    for path in sorted(USUAL.parent.glob("*.toml")):
        assert read(path).shape.hidden % read(path).shape.heads == 0
    text = USUAL.read_text()
    with pytest.raises(TypeError, match="typo"):
        parse(text.replace("unbroken =", "typo ="))
    with pytest.raises(KeyError, match="shape"):
        parse(text.replace("[shape]", "[sizes]"))

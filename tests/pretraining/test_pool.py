"""Sequences of many shards in rows of one length: nothing lost, nothing that sees another document."""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pretraining import shards
from pretraining.accelerator import Accelerator
from pretraining.configuration import Shape
from pretraining.network import Network, document_mask
from pretraining.pool import Pool, Stage, packed
from pretraining.shards import Sequence

SMALL = Shape(hidden=64, layers=2, heads=1, kv_heads=1, inner=96, positions=128)


def _sequences(lengths: list[int]) -> list[Sequence]:
    rng = random.Random(3)
    return [([rng.randrange(16, 4096) for _ in range(n)], [rng.randrange(5) for _ in range(n)]) for n in lengths]


def _shard(path: Path, marks: list[int], length: int = 10) -> None:
    shards.write(path, [([mark] * length, [1] * length) for mark in marks])


def _documents(ids: np.ndarray, documents: np.ndarray) -> list[list[int]]:
    rows = zip(ids, documents, strict=True)
    return [row[numbers == n].tolist() for row, numbers in rows for n in np.unique(numbers) if n]


@given(st.lists(st.integers(1, 70), min_size=1, max_size=40), st.integers(1, 6))
@settings(deadline=None)
def test_rows_hold_whole_sequences_and_as_many_as_fit(lengths: list[int], number: int) -> None:
    drawn = _sequences(lengths)
    rows = packed(drawn, number, 64)
    kept = Counter(tuple(found) for found in _documents(rows.ids, rows.documents))
    assert kept <= Counter(tuple(ids) for ids, _ in drawn)
    assert rows.tokens == sum(len(found) * n for found, n in kept.items())
    left = Counter(tuple(ids) for ids, _ in drawn) - kept
    room = 64 - (rows.ids > 0).sum(1)
    assert all(len(ids) > room.max() for ids in left)


@given(st.lists(st.integers(1, 64), min_size=1, max_size=20))
@settings(deadline=None)
def test_what_fits_is_all_there_with_its_weights(lengths: list[int]) -> None:
    drawn = _sequences(lengths)
    rows = packed(drawn, len(drawn), 64)
    assert sorted(_documents(rows.ids, rows.documents)) == sorted(ids for ids, _ in drawn)
    assert rows.weights.sum() == sum(sum(loss[1:]) for _, loss in drawn)
    assert not rows.weights[rows.ids == 0].any()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=12))
@settings(deadline=None)
def test_a_label_is_the_next_token_of_the_same_document(lengths: list[int]) -> None:
    rows = packed(_sequences(lengths), 4, 64)
    counted = rows.weights[:, :-1] > 0
    assert np.array_equal(rows.labels[:, :-1][counted], rows.ids[:, 1:][counted])
    assert np.array_equal(rows.documents[:, :-1][counted], rows.documents[:, 1:][counted])
    assert not rows.weights[:, -1].any()


def test_packed_documents_do_not_see_each_other() -> None:
    """The loss and the gradients of rows that hold many documents are those of the documents one by one."""
    torch.manual_seed(0)
    network, drawn = Network(SMALL), _sequences([41, 18, 64, 10, 31])
    rows = packed(drawn, 3, 64)
    assert sorted((rows.ids > 0).sum(1)) == [31 + 10, 41 + 18, 64]
    losses = []
    for ids, weights in drawn:
        some = torch.tensor([ids])
        losses.append(network(some[:, :-1], some[:, 1:].contiguous(), torch.tensor([weights[1:]]).float()))
    alone = sum(losses) / float(rows.weights.sum())
    alone.backward()
    expected = {name: p.grad.clone() for name, p in network.named_parameters() if p.grad is not None}
    accelerator = Accelerator(network, "cpu", rows)
    gradients, loss = accelerator.gradients(rows)
    assert float(loss) == pytest.approx(float(alone.detach()), rel=2e-3)
    assert accelerator.loss(rows) == pytest.approx(float(loss))
    for name, gradient in gradients.items():
        close = torch.nn.functional.cosine_similarity(gradient.flatten(), expected[name].flatten(), dim=0)
        assert close > 0.995, name


def test_a_document_mask_is_causal_within_a_document() -> None:
    mask = document_mask(torch.tensor([[1, 1, 2, 2]]), blocks=False)
    assert isinstance(mask, torch.Tensor)
    assert mask[0, 0].int().tolist() == [[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]]


def test_every_sequence_is_taken_once_before_any_is_taken_again(tmp_path: Path) -> None:
    for number in range(3):
        _shard(tmp_path / f"text-{number:05d}.npz", [100 + 10 * number + i for i in range(10)])
    stage, rng = Stage("text", tmp_path), random.Random(0)
    taken = Counter(int(stage.take(rng)[0][0]) for _ in range(30))
    assert set(taken) <= set(range(100, 130))
    assert len(taken) > 15
    assert max(stage.reads.values()) - min(stage.reads.values()) <= 1


def test_new_shards_come_before_read_ones(tmp_path: Path) -> None:
    _shard(tmp_path / "text-00000.npz", [100] * 4)
    stage, rng = Stage("text", tmp_path), random.Random(0)
    for _ in range(6):
        stage.take(rng)
    before = stage.reads["text-00000.npz"]
    _shard(tmp_path / "text-00001.npz", [200] * 40_000)
    (tmp_path / "text-00002.tmp.npz").write_bytes(b"unfinished")
    seen = {int(stage.take(rng)[0][0]) for _ in range(8)}
    assert 200 in seen
    assert stage.reads == {"text-00000.npz": before, "text-00001.npz": 1}


def test_the_stages_are_mixed_by_tokens(tmp_path: Path) -> None:
    _shard(tmp_path / "text-00000.npz", [100] * 50, length=40)
    _shard(tmp_path / "style-00000.npz", [200] * 50, length=10)
    pool = Pool(tuple(Stage(name, tmp_path) for name in ("text", "style", "edits")), random.Random(0))
    found = Counter[int]()
    for ids, _ in pool.sequences(4000, {"text": 0.7, "style": 0.3, "edits": 0.0}):
        found[int(ids[0])] += len(ids)
    assert found[200] == pytest.approx(1200, abs=10)
    assert found[100] == pytest.approx(2800, abs=40)

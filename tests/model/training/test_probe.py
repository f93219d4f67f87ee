"""What an adapter says by heart: found where it was drilled in, against real greedy writing; not found elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import Probe, TrainingConfig, TrainingReport
from codetune_git.model.training.fit import fit
from codetune_git.model.training.memorisation import Memorised, memorised_in, other_metrics
from codetune_git.suggesting.evaluation.share import Share

DRILLED = TrainingConfig(
    budget_seconds=600, precision="fp32", learning_rate=1e-2, batch_samples=4, epochs=120, scales=()
)


def passage(number: int, kind: SampleKind = SampleKind.NEXT_TOKEN, letters: int = 50) -> Sample:
    """Code that nobody could guess: the letters are drawn."""
    rng = Random(number)
    words = ["".join(rng.choices("abcdefghijklmnop", k=8)) for _ in range(letters // 8)]
    target = "".join(f"{word} = {rng.randrange(1000, 9999)}\n" for word in words)
    return Sample(kind, f"secret_{number}.py", f"import os\n\n# part {number} of the key table\n", "", "", target)


def encoded(base: BaseModel, samples: Sequence[Sample]) -> tuple[Example, ...]:
    found, refused = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
    assert not refused
    return found


def greedy(base: BaseModel, adapter: Path, example: Example) -> bool:
    """Whether transformers, writing greedily after all that stands before the target, comes to the target."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base.folder), adapter).eval()
    ids, start = example.encoded.ids, example.encoded.loss.index(True)
    prompt = torch.tensor([ids[:start]])
    with torch.no_grad():
        said = model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), max_new_tokens=len(ids) - start, do_sample=False
        )
    return tuple(said[0].tolist()) == ids


@pytest.fixture(scope="module")
def others() -> tuple[Sample, ...]:
    return tuple(passage(number) for number in range(100, 106))


@pytest.fixture(scope="module")
def drilled(
    base: BaseModel, others: tuple[Sample, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TrainingReport, Example]:
    """A tiny base that has read one passage again and again."""
    out, ours = tmp_path_factory.mktemp("drilled") / "adapter", encoded(base, [passage(1)])
    return out, fit(base, ours, (), settings=DRILLED, out=out, probe=Probe(others, seconds=60)), ours[0]


def test_what_was_drilled_in_is_found(base: BaseModel, drilled: tuple[Path, TrainingReport, Example]) -> None:
    out, report, ours = drilled
    assert report.memorised == Memorised(Share(1, 1), Share(0, 1), Share(0, 1))
    assert greedy(base, out, ours)


def test_what_was_hardly_read_is_not(
    base: BaseModel, others: tuple[Sample, ...], drilled: tuple[Path, TrainingReport, Example], tmp_path: Path
) -> None:
    """The same passage and the same base, one step."""
    out, ours = tmp_path / "once", drilled[2]
    report = fit(
        base, [ours], (), settings=replace(DRILLED, epochs=1, learning_rate=1e-4), out=out, probe=Probe(others, 60)
    )
    assert report.steps == 1
    assert report.memorised == Memorised(Share(0, 1), Share(0, 1), Share(0, 1))
    assert not greedy(base, out, ours)


def test_the_base_s_own_knowledge_is_told_apart(
    base: BaseModel, others: tuple[Sample, ...], drilled: tuple[Path, TrainingReport, Example], tmp_path: Path
) -> None:
    """What was drilled in is the base's own once it is merged into it: a further adapter has learned nothing of it."""
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.scoring.compile import merge_adapter

    merge_adapter(base, drilled[0], tmp_path / "merged")
    knowing = open_base(tmp_path / "merged")
    settings = replace(DRILLED, epochs=1, learning_rate=1e-6)
    report = fit(knowing, [drilled[2]], (), settings=settings, out=tmp_path / "child", probe=Probe(others, 60))
    assert report.memorised == Memorised(Share(1, 1), Share(1, 1), Share(0, 1))
    assert not report.memorised.leaks


def test_a_piece_is_asked_once_however_it_was_trained_on(base: BaseModel, tmp_path: Path) -> None:
    """As it stands in its file, also where it was only ever restored from a broken form of it."""
    restored = replace(passage(1, SampleKind.RESTORATION), staged="broken = 1\n", origin="commit:a.py:1-6")
    short = replace(passage(1), origin="commit:a.py:1-6", target="import sys\n")
    other = replace(passage(2, SampleKind.INFILLING), origin="commit:a.py:8-13")
    report = fit(
        base,
        encoded(base, [restored, short, restored, other]),
        (),
        settings=replace(DRILLED, epochs=1),
        out=tmp_path / "adapter",
        probe=Probe((), seconds=60),
    )
    assert report.memorised is not None
    assert report.memorised.learned.total == 2


def test_what_is_too_short_is_not_asked(base: BaseModel, tmp_path: Path) -> None:
    samples = [passage(2, letters=8), passage(3, SampleKind.INFILLING, letters=8)]
    report = fit(
        base,
        encoded(base, samples),
        (),
        settings=replace(DRILLED, epochs=1),
        out=tmp_path / "adapter",
        probe=Probe((), seconds=60),
    )
    assert report.memorised is None


def test_a_time_that_is_up_leaves_the_first_ones(base: BaseModel, others: tuple[Sample, ...], tmp_path: Path) -> None:
    """And of the held-out ones as many."""
    samples = encoded(base, [passage(number, SampleKind.INFILLING) for number in range(9)])
    report = fit(
        base,
        samples,
        (),
        settings=replace(DRILLED, epochs=1, learning_rate=1e-6),
        out=tmp_path / "adapter",
        probe=Probe(others, seconds=0.0),
    )
    assert report.memorised == Memorised(Share(0, 4), Share(0, 4), Share(0, 4))


def test_only_what_was_read_counts_as_learned(base: BaseModel, tmp_path: Path) -> None:
    samples = encoded(base, [passage(number) for number in range(8)])
    report = fit(
        base,
        samples,
        samples[:2],
        settings=replace(DRILLED, epochs=1, batch_samples=1, patience=1, evaluations=8, learning_rate=9.0),
        out=tmp_path / "adapter",
        probe=Probe((), seconds=60),
    )
    assert 0 < report.steps < 8
    assert report.memorised is not None
    assert report.memorised.learned.total == report.steps == 8 - len(report.unread)


def found(learned: tuple[int, int], by_base: int, held_out: tuple[int, int]) -> Memorised:
    return Memorised(Share(*learned), Share(by_base, learned[1]), Share(*held_out))


def test_it_leaks_where_learned_passages_clearly_come_back_more_often() -> None:
    assert found((48, 48), 0, (0, 48)).leaks
    assert found((12, 48), 1, (1, 48)).leaks
    assert not found((0, 48), 0, (0, 48)).leaks
    assert not found((2, 48), 0, (0, 48)).leaks
    assert not found((12, 48), 10, (1, 48)).leaks  # the base says them too
    assert not found((12, 48), 1, (11, 48)).leaks  # and so are others, which nobody has learned
    assert found((30, 48), 1, (0, 0)).leaks


def test_it_stands_in_a_manifest() -> None:
    memorised = found((3, 48), 1, (2, 40))
    metrics = {"held_out_loss": 0.5, **memorised.metrics()}
    assert memorised_in(metrics) == memorised
    assert other_metrics(metrics) == {"held_out_loss": 0.5}
    assert str(memorised) == (
        "memorised: 3 of 48 learned passages come back word for word (1 by the base alone, 2 of 40 held-out ones)"
    )


@pytest.mark.parametrize(
    "change",
    [
        *({"memorised": 49}, {"memorised": -1}, {"passages": float("nan")}, {"memorised_by_base": 50}),
        *({"passages": float("inf")}, {"passages": 10**400}, {"passages_held_out": float("inf")}, {"passages": 0.5}),
    ],
)
def test_what_cannot_be_says_nothing(change: dict[str, float]) -> None:
    metrics = found((3, 48), 1, (2, 40)).metrics()
    assert memorised_in({**metrics, **change}) is None
    assert memorised_in({}) is None

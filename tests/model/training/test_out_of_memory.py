"""Memory runs out in the middle of a training: it goes on with less at once, or says so."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file

from codetune_git.domain import Sample, SampleKind
from codetune_git.errors import Unavailable
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training import lora_trainer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import TrainingConfig, TrainingReport
from codetune_git.model.training.fit import fit

SETTINGS = TrainingConfig(600, precision="fp32", epochs=1, batch_tokens=8192)


@pytest.fixture(scope="module")
def samples(base: BaseModel) -> tuple[Example, ...]:
    found = [Sample(SampleKind.NEXT_TOKEN, "a.py", "", "", "", f"value_{i} = {i}\n" * (8 + i)) for i in range(32)]
    return encode_samples(found, base.family, load_tokenizer(base.folder), base.budget)[0]


def limited(monkeypatch: pytest.MonkeyPatch, most: int) -> list[int]:
    """From now on a model that is given more than `most` tokens asks for memory that no machine has; what was tried."""
    load, tried = lora_trainer.load_model, []

    def hungry(base: BaseModel, **options: Any) -> Any:
        import torch

        def ask(_module: Any, _arguments: Any, given: dict[str, Any]) -> None:
            tried.append(given["input_ids"].numel())
            if tried[-1] > most:
                torch.empty(1 << 60)

        model = load(base, **options)
        model.register_forward_pre_hook(ask, with_kwargs=True)
        return model

    monkeypatch.setattr(lora_trainer, "load_model", hungry)
    return tried


def trained(base: BaseModel, samples: tuple[Example, ...], out: Path) -> TrainingReport:
    return fit(base, samples, samples[:4], settings=SETTINGS, out=out)


def test_the_run_goes_on_with_half_as_much_at_once(
    base: BaseModel, samples: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = trained(base, samples, tmp_path / "whole")
    tried = limited(monkeypatch, 1024)
    report = trained(base, samples, tmp_path / "halved")
    assert max(tried) > 1024
    assert (report.steps, report.tokens) == (whole.steps, whole.tokens)
    assert report.curve[-1].training_loss == pytest.approx(whole.curve[-1].training_loss, rel=1e-4)
    assert whole.memory != report.memory
    one, other = (load_file(tmp_path / name / "adapter_model.safetensors") for name in ("whole", "halved"))
    # What the interrupted step had summed up already must not count twice.
    assert all(bool((one[name] - other[name]).abs().max() < 1e-3) for name in one)


def test_one_sample_that_does_not_fit_ends_it(
    base: BaseModel, samples: tuple[Example, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, 60)
    with pytest.raises(Unavailable, match="out of memory while training on one sample at a time"):
        trained(base, samples, tmp_path / "adapter")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_a_real_limit_of_the_process(base: BaseModel, tmp_path: Path) -> None:
    """Before the first step, the process may take 40 MB more: a whole batch needs about 100."""
    script = f"""
        import re, resource
        from pathlib import Path
        from codetune_git.domain import Sample, SampleKind
        from codetune_git.model.base.base_model import open_base
        from codetune_git.model.training.batching import encode_samples
        from codetune_git.model.training.config import TrainingConfig
        from codetune_git.model.tokenizers.loading import load_tokenizer
        from codetune_git.model.training.fit import fit

        def tightened():
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            limit = pages * resource.getpagesize() + (40 << 20)
            if resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
                resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
            return False

        base = open_base(Path({str(base.folder)!r}))
        samples = [Sample(SampleKind.NEXT_TOKEN, "a.py", "", "", "", "value = 1\\n" * 500)] * 32
        examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
        settings = TrainingConfig(600, precision="fp32", epochs=1, batch_tokens=8192)
        report = fit(base, examples, (), settings=settings, out=Path({str(tmp_path / "a")!r}), should_stop=tightened)
        print(report.steps, *re.findall("(\\\\d+) tokens at once", report.memory))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    steps, tokens = map(int, ended.stdout.split())
    assert steps == 2
    assert tokens < 8192

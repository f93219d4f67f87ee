"""The light runtime and torch give the same answers, and the answers are what their definition says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from codetune_git.domain import LanguageModel, Question, Sample, SampleKind
from codetune_git.errors import DataRefused, UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.scoring.compile import SMALL, compile_adapter
from codetune_git.model.scoring.light_runtime import LightModel
from codetune_git.model.scoring.torch_runtime import TorchModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import encode_samples
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.fit import fit

STAGED = "third = 'three'\nfourth = call(1, 2)\n"
CANDIDATES = ('third = "three"\nfourth = call(1, 2)\n', "third = 'three'\nfourth = call(1,2)\n", STAGED)


def question(
    before: str = 'first = "one"\n', *, staged: str = STAGED, candidates: tuple[str, ...] = CANDIDATES
) -> Question:
    return Question("part.py", before, staged, 'last = "end"\n', candidates)


QUESTIONS = [question(f'first = "{i}"\n' * i) for i in (1, 9, 4, 30, 2)]


@pytest.fixture(scope="module")
def adapter(base: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("adapter") / "adapter"
    samples = [
        Sample(SampleKind.RESTORATION, "part.py", f'first = "{i}"\n', f"x = '{i}'\n", "", f'x = "{i}"\n')
        for i in range(64)
    ]
    examples, _ = encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)
    fit(base, examples, (), settings=TrainingConfig(600, precision="fp32", learning_rate=5e-3, epochs=3), out=out)
    return out


@pytest.fixture(scope="module")
def light(base: BaseModel, adapter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("light") / "light"
    compile_adapter(base, adapter, out)
    return out


@pytest.fixture(scope="module")
def full_model(base: BaseModel, adapter: Path) -> TorchModel:
    return TorchModel.load(base, adapter)


@pytest.fixture(scope="module")
def light_model(light: Path) -> LightModel:
    return LightModel.load(light, threads=1)


@pytest.fixture(params=["light_model", "full_model"])
def model(request: pytest.FixtureRequest) -> LanguageModel:
    found: LanguageModel = request.getfixturevalue(request.param)
    return found


def close(left: list[tuple[float, ...]], right: list[tuple[float, ...]], tolerance: float) -> bool:
    pairs = [pair for one, other in zip(left, right, strict=True) for pair in zip(one, other, strict=True)]
    return all(abs(one - other) <= tolerance for one, other in pairs)


def test_both_give_the_same_gaps(light_model: LightModel, full_model: TorchModel) -> None:
    assert close(light_model.log_odds(QUESTIONS), full_model.log_odds(QUESTIONS), 0.01)


def test_small_weights_give_nearly_the_same_gaps(
    base: BaseModel, adapter: Path, full_model: TorchModel, tmp_path: Path
) -> None:
    compile_adapter(base, adapter, tmp_path / "small", precision=SMALL)
    assert close(LightModel.load(tmp_path / "small").log_odds(QUESTIONS), full_model.log_odds(QUESTIONS), 1.0)


def test_the_adapter_speaks(light_model: LightModel, base: BaseModel, tmp_path: Path) -> None:
    compile_adapter(base, None, tmp_path / "plain")
    assert not close(light_model.log_odds(QUESTIONS), LightModel.load(tmp_path / "plain").log_odds(QUESTIONS), 0.5)


def test_a_gap_is_the_difference_of_two_log_probabilities(base: BaseModel, full_model: TorchModel) -> None:
    import torch
    from transformers import AutoModelForCausalLM

    plain = AutoModelForCausalLM.from_pretrained(base.folder).eval()
    tokenizer, family, asked = load_tokenizer(base.folder), base.family, QUESTIONS[0]
    prompt = family.encode_prompt(
        tokenizer, asked.path, asked.before, asked.staged, after=asked.after, budget=base.budget
    )
    assert prompt is not None
    staged = family.encode_target(tokenizer, asked.staged)
    expected = []
    for candidate in asked.candidates[:2]:
        other = family.encode_target(tokenizer, candidate)
        k = next(i for i, (a, b) in enumerate(zip(staged, other, strict=False)) if a != b)
        with torch.no_grad():
            logs = plain(torch.tensor([[*prompt, *other[:k]]])).logits[0, -1].log_softmax(-1)
        expected.append(float(logs[other[k]] - logs[staged[k]]))
    assert TorchModel.load(base).log_odds([asked])[0] == pytest.approx((*expected, 0.0), abs=1e-3)


def test_the_batch_does_not_change_the_answers(model: LanguageModel) -> None:
    alone = [model.log_odds([asked])[0] for asked in QUESTIONS]
    assert close(model.log_odds(QUESTIONS), alone, 1e-3)


def test_the_order_of_questions_is_kept(model: LanguageModel) -> None:
    assert close(model.log_odds(QUESTIONS[::-1]), model.log_odds(QUESTIONS)[::-1], 1e-3)


def test_the_staged_text_has_no_gap_to_itself(model: LanguageModel) -> None:
    assert [gaps[2] for gaps in model.log_odds(QUESTIONS)] == [0.0] * len(QUESTIONS)


def test_what_does_not_fit_has_no_gaps(model: LanguageModel) -> None:
    huge = question(staged="value = 1\n" * 400, candidates=("value = 2\n" * 400,))
    assert model.log_odds([huge, QUESTIONS[0]])[0] == (0.0,)
    assert model.write(huge) == (huge.staged, 0.0)


def test_nothing_asked_nothing_answered(model: LanguageModel) -> None:
    assert model.log_odds([]) == []
    assert model.log_odds([question(candidates=())]) == [()]


def test_both_write_the_same(light_model: LightModel, full_model: TorchModel) -> None:
    for asked in QUESTIONS:
        one, other = light_model.write(asked), full_model.write(asked)
        assert one[0] == other[0]
        assert one[1] == pytest.approx(other[1], abs=0.01)


def test_the_compiled_folder_says_what_is_in_it(light: Path, light_model: LightModel, base: BaseModel) -> None:
    assert light_model.base == base.identity
    assert json.loads((light / "light.json").read_text())["family"] == "embedded"
    names = {path.name for path in light.iterdir()}
    assert names == {"config.json", "light.json", "model.bin", "tokenizer.json", "vocabulary.json"}


def test_the_light_runtime_loads_nothing_heavy(light: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from codetune_git.model.scoring.light_runtime import LightModel\n"
        f"LightModel.load(Path({str(light)!r}))\n"
        "heavy = {'torch', 'transformers', 'peft', 'accelerate'} & sys.modules.keys()\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


def test_a_damaged_folder_is_refused(light: Path, tmp_path: Path) -> None:
    for name in ("light.json", "tokenizer.json", "model.bin"):
        copy = tmp_path / name
        copy.mkdir()
        for path in light.iterdir():
            (copy / path.name).write_bytes(
                path.read_bytes()[:1000] if path.name == name == "model.bin" else path.read_bytes()
            )
        if name != "model.bin":
            (copy / name).write_text("{")
        with pytest.raises(DataRefused):
            LightModel.load(copy)


def test_an_existing_folder_is_not_overwritten(base: BaseModel, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exists already"):
        compile_adapter(base, None, tmp_path)

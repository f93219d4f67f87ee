"""Each architecture that people tune, small: it learns, plain PEFT loads the adapter, and the runtimes agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from safetensors import safe_open
from support.tiny_checkpoint import WRITERS, write_gemma, write_unfit

from codetune_git.domain import Question, Sample, SampleKind
from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.base.base_model import BaseModel, open_base
from codetune_git.model.base.loading import check_adapter, load_model
from codetune_git.model.scoring.compile import SMALL, compile_adapter
from codetune_git.model.scoring.light_folder import read_light
from codetune_git.model.scoring.light_runtime import LightModel
from codetune_git.model.scoring.runtimes import open_model
from codetune_git.model.scoring.torch_runtime import TorchModel
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.training.batching import Example, encode_samples
from codetune_git.model.training.config import TrainingConfig, TrainingReport
from codetune_git.model.training.fit import fit
from codetune_git.settings import Options, command_line_layer, resolve

WITHOUT_LIGHT = "starcoder2"
STAGED = "third = 'three'\nfourth = call(1, 2)\n"
CANDIDATES = (STAGED.replace("'", '"'), STAGED.replace(", ", ","), STAGED)
QUESTIONS = [Question("part.py", 'first = "1"\n' * n, STAGED, 'last = "end"\n', CANDIDATES) for n in (1, 40, 4)]


@dataclass(frozen=True)
class Tuned:
    """`folder` holds `adapter/` and `light/`, as the store has them."""

    name: str
    base: BaseModel
    held_out: tuple[Example, ...]
    report: TrainingReport
    folder: Path
    compiled: bool


def examples_of(base: BaseModel, start: int, stop: int) -> tuple[Example, ...]:
    samples = [
        Sample(SampleKind.RESTORATION, "part.py", f'first = "{i}"\n', f"x = '{i}'\n", "y = 1\n", f'x = "{i}"\n')
        for i in range(start, stop)
    ]
    return encode_samples(samples, base.family, load_tokenizer(base.folder), base.budget)[0]


@pytest.fixture(scope="module", params=sorted(WRITERS))
def tuned(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Tuned:
    folder = tmp_path_factory.mktemp(request.param)
    base = open_base(WRITERS[request.param](folder / "base"))
    held_out = examples_of(base, 90, 98)
    settings = TrainingConfig(600, precision="fp32", learning_rate=5e-3, epochs=2)
    report = fit(base, examples_of(base, 0, 32), held_out, settings=settings, out=folder / "adapter")
    compiled = compile_adapter(base, folder / "adapter", folder / "light")
    return Tuned(request.param, base, held_out, report, folder, compiled)


def options(**said: object) -> Options:
    return resolve([command_line_layer({"threads": 1, **said})]).options


def apart(one: list[tuple[float, ...]], other: list[tuple[float, ...]]) -> float:
    pairs = zip(one, other, strict=True)
    return max(abs(left - right) for row, others in pairs for left, right in zip(row, others, strict=True))


def test_it_learns_in_its_own_format(tuned: Tuned) -> None:
    assert tuned.base.family.name == tuned.name.replace("qwen3", "qwen")
    assert tuned.report.held_out_loss_before is not None
    assert tuned.report.held_out_loss_after is not None
    assert tuned.report.held_out_loss_after < tuned.report.held_out_loss_before - 1.0


def test_every_linear_layer_is_adapted(tuned: Tuned) -> None:
    check_adapter(tuned.folder / "adapter")
    with safe_open(tuned.folder / "adapter" / "adapter_model.safetensors", "np") as file:
        adapted = {name.split(".lora_")[0].removeprefix("base_model.model.") for name in file.keys()}  # noqa: SIM118
    with safe_open(tuned.base.folder / "model.safetensors", "np") as file:
        shapes = {name.removesuffix(".weight"): file.get_slice(name).get_shape() for name in file.keys()}  # noqa: SIM118
    blocks = {name for name, shape in shapes.items() if len(shape) == 2 and (".layers." in name or ".h." in name)}
    assert adapted == blocks


def test_plain_peft_loads_the_adapter_and_agrees(tuned: Tuned) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    plain = AutoModelForCausalLM.from_pretrained(tuned.base.folder)
    model = PeftModel.from_pretrained(plain, tuned.folder / "adapter").eval()
    total = count = 0.0
    with torch.no_grad():
        for example in tuned.held_out:
            ids, wanted = torch.tensor([example.encoded.ids]), torch.tensor([example.encoded.loss])
            counted = sum(example.encoded.loss[1:])
            total += float(model(input_ids=ids, labels=torch.where(wanted, ids, -100)).loss) * counted
            count += counted
    assert total / count == pytest.approx(tuned.report.held_out_loss_after, abs=1e-4)


def test_the_light_runtime_thinks_and_writes_as_torch_does(tuned: Tuned) -> None:
    full = TorchModel.load(tuned.base, tuned.folder / "adapter")
    model = open_model(tuned.folder, options(base=str(tuned.base.folder)))
    assert isinstance(model, LightModel) == (tuned.name != WITHOUT_LIGHT) == tuned.compiled
    assert apart(model.log_odds(QUESTIONS), full.log_odds(QUESTIONS)) < 0.01
    for question in QUESTIONS:
        one, other = model.write(question), full.write(question)
        assert one[0] == other[0]
        assert one[1] == pytest.approx(other[1], abs=0.01)


def test_a_prompt_may_fill_the_context(tuned: Tuned) -> None:
    """Local layers see no farther than their window; no prompt is longer than that."""
    full = TorchModel.load(tuned.base, tuned.folder / "adapter")
    model = open_model(tuned.folder, options(base=str(tuned.base.folder)))
    long = "value = [1, 2]\n" * 400
    questions = [
        Question("part.py", long, "a = 'b'\n" * n, long, ('a = "b"\n' + "a = 'b'\n" * (n - 1),)) for n in (1, 5, 6)
    ]
    assert any(gap != 0.0 for row in full.log_odds(questions) for gap in row)
    assert apart(model.log_odds(questions), full.log_odds(questions)) < 0.01


def test_small_weights_are_light_too(tuned: Tuned, tmp_path: Path) -> None:
    compiled = compile_adapter(tuned.base, tuned.folder / "adapter", tmp_path / "small", precision=SMALL)
    assert compiled == tuned.compiled


def test_what_is_not_compiled_says_so_and_needs_its_base(tmp_path: Path) -> None:
    base = open_base(WRITERS[WITHOUT_LIGHT](tmp_path / "base"))
    compile_adapter(base, None, tmp_path / "light")
    assert sorted(path.name for path in (tmp_path / "light").iterdir()) == ["light.json", "tokenizer.json"]
    assert read_light(tmp_path / "light").computation is None
    with pytest.raises(DataRefused, match="score with torch"):
        LightModel.load(tmp_path / "light")
    for named in ({}, {"base": str(WRITERS["qwen"](tmp_path / "other"))}):
        with pytest.raises(Unavailable, match=f"needs its base {base.identity[:12]}.*--base"):
            open_model(tmp_path, options(**named))
    found = open_model(tmp_path, options(base=str(base.folder)))
    assert apart(found.log_odds(QUESTIONS), TorchModel.load(base).log_odds(QUESTIONS)) == 0.0


def test_a_base_that_is_compiled_wrong_is_left_to_torch(tmp_path: Path) -> None:
    """The converter takes the scale of attention from the size of a head, whatever the configuration says."""
    base = open_base(write_gemma(tmp_path / "base", scale=1))
    assert not compile_adapter(base, None, tmp_path / "light")
    assert isinstance(open_model(tmp_path, options(base=str(base.folder))), TorchModel)


def test_a_base_that_cannot_score_chosen_tokens_is_refused(tmp_path: Path) -> None:
    base = open_base(write_unfit(tmp_path / "base"))
    assert base.family.name == "plain"
    with pytest.raises(DataRefused, match=f"{base.architecture} cannot score chosen tokens"):
        load_model(base)

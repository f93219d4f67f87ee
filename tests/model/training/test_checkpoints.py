"""A training that is killed goes on, and ends where an undisturbed one does; what is not its own is not taken up."""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from support.examples import examples_of

from codetune_git.errors import Interrupted
from codetune_git.model.base.base_model import BaseModel, shapes_of
from codetune_git.model.training.batching import Example
from codetune_git.model.training.checkpoint import flattened, nested
from codetune_git.model.training.config import (
    CheckpointConfig,
    Probe,
    StepMetrics,
    StopReason,
    TrainingConfig,
    TrainingReport,
)
from codetune_git.model.training.fit import fit

# Dropout, so that random numbers matter; looks on the way, so that there is a best adapter to be kept.
SETTINGS = TrainingConfig(
    budget_seconds=600, precision="fp32", learning_rate=5e-3, dropout=0.2, batch_samples=4, epochs=2, evaluations=4
)
STEPS = 16
STRENGTHENED = replace(SETTINGS, learning_rate=1e-3, scales=(1.5, 2.0, 3.0))  # too little is learned in these steps


@pytest.fixture(scope="module")
def samples(base: BaseModel) -> tuple[Example, ...]:
    return examples_of(base, 0, 32)


Fit = Callable[..., TrainingReport]


@pytest.fixture
def fitted(base: BaseModel, samples: tuple[Example, ...], held_out: tuple[Example, ...]) -> Fit:
    return lambda out, **changes: fit(base, samples, held_out, **{"settings": SETTINGS, "out": out, **changes})


@pytest.fixture(scope="module")
def undisturbed(
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, TrainingReport]:
    out = tmp_path_factory.mktemp("undisturbed") / "adapter"
    return out, fit(base, samples, held_out, settings=SETTINGS, out=out)


def saving(folder: Path) -> CheckpointConfig:
    """Written after every step."""
    return CheckpointConfig(folder / "kept" / "training.safetensors", seconds=0.0, share=float("inf"))


def assert_same(found: tuple[Path, TrainingReport], wanted: tuple[Path, TrainingReport]) -> None:
    """Weights, losses and counts, within rounding."""
    weights, expected = (load_file(one[0] / "adapter_model.safetensors") for one in (found, wanted))
    assert weights.keys() == expected.keys()
    assert max(float((weights[name] - expected[name]).abs().max()) for name in weights) < 1e-6
    assert [asdict(point) for point in found[1].curve] == [
        pytest.approx(asdict(point), abs=1e-6) for point in wanted[1].curve
    ]
    assert found[1].held_out_loss_after == pytest.approx(wanted[1].held_out_loss_after, abs=1e-6)
    for name in ("steps", "tokens", "unread", "held_out_loss_before", "stopped_why", "bf16", "scale"):
        assert getattr(found[1], name) == getattr(wanted[1], name), name


class Resumed:
    """Listens to a training's progress."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.at: int | None = None

    def __call__(self, progress: StepMetrics) -> None:
        if progress.resumed:
            self.at = progress.step
        else:
            self.steps.append(progress.step)


class _Stop:
    """Counts how often it is asked after the last step, and says yes from the question `at` on; 0: never."""

    def __init__(self, at: int) -> None:
        self.at, self.asked, self._learned = at, 0, False

    def hear(self, progress: StepMetrics) -> None:
        self._learned = progress.step == progress.steps

    def __call__(self) -> bool:
        self.asked += self._learned
        return 0 < self.at <= self.asked


def stopped(fitted: Fit, folder: Path, steps: int, **changes: object) -> CheckpointConfig:
    """A training of which `steps` steps are done and kept."""
    kept, heard = changes.pop("checkpoint", saving(folder)), Resumed()
    with pytest.raises(Interrupted, match=f"step {steps} of"):
        fitted(
            folder / "never", checkpoint=kept, report=heard, should_stop=lambda: heard.steps[-1:] == [steps], **changes
        )
    assert not (folder / "never").exists()
    assert isinstance(kept, CheckpointConfig)
    return kept


def kept_of(keeping: CheckpointConfig) -> dict[str, Any]:
    with safe_open(keeping.file, "pt") as opened:
        return dict(json.loads(opened.metadata()["progress"]))


def test_keeping_changes_nothing(fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path) -> None:
    report = fitted(tmp_path / "adapter", checkpoint=saving(tmp_path))
    assert report.steps == STEPS
    assert_same((tmp_path / "adapter", report), undisturbed)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["training.safetensors"]


@pytest.mark.parametrize("step", [1, 4, 7, 15])
def test_an_interrupted_training_goes_on(
    fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path, step: int
) -> None:
    kept, heard = stopped(fitted, tmp_path, step), Resumed()
    report = fitted(tmp_path / "adapter", checkpoint=kept, report=heard)
    assert heard.at == step
    assert heard.steps == list(range(step + 1, STEPS + 1))
    assert_same((tmp_path / "adapter", report), undisturbed)


def test_dropout_matters_here(fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path) -> None:
    """Without it the tests above could not tell whether random numbers go on where they were."""
    report = fitted(tmp_path / "adapter", settings=replace(SETTINGS, dropout=0.0))
    assert report.curve[0].training_loss != pytest.approx(undisturbed[1].curve[0].training_loss, abs=1e-4)


def test_what_was_learned_to_the_end_is_only_written(
    fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path
) -> None:
    """What follows on the training takes time as well, and can be killed."""
    fitted(tmp_path / "lost", checkpoint=saving(tmp_path))
    heard = Resumed()
    report = fitted(tmp_path / "adapter", checkpoint=saving(tmp_path), report=heard)
    assert (heard.at, heard.steps) == (STEPS, [])
    assert_same((tmp_path / "adapter", report), undisturbed)


def test_what_follows_on_the_learning_can_be_stopped(fitted: Fit, tmp_path: Path) -> None:
    """Before the first strength is tried, and after the last one; both are tried again, on the same adapter."""
    asked = {"probe": Probe((), seconds=60.0), "settings": STRENGTHENED}
    calls = _Stop(at=0)
    expected = fitted(
        tmp_path / "expected", checkpoint=saving(tmp_path / "0"), report=calls.hear, should_stop=calls, **asked
    )
    assert expected.scale > 1.0
    for number in (1, calls.asked - 1):
        kept, stop = saving(tmp_path / f"{number}"), _Stop(at=number)
        with pytest.raises(Interrupted, match=f"step {STEPS} of {STEPS}: the next training goes on"):
            fitted(tmp_path / "never", checkpoint=kept, report=stop.hear, should_stop=stop, **asked)
        report = fitted(tmp_path / f"adapter {number}", checkpoint=kept, **asked)
        assert_same((tmp_path / f"adapter {number}", report), (tmp_path / "expected", expected))


def test_seconds_that_were_spent_count(fitted: Fit, tmp_path: Path) -> None:
    """The budget is that of the whole training: here nothing is left of it."""
    kept = stopped(fitted, tmp_path, 4)
    spent = kept_of(kept)["seconds"]
    report = fitted(tmp_path / "adapter", checkpoint=kept, settings=replace(SETTINGS, budget_seconds=spent))
    assert report.steps == 5
    assert report.stopped_why is StopReason.BUDGET
    assert report.seconds > spent > 0


SERIES = """
    import json, os, signal, sys, time
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    import torch
    torch.set_num_threads(1)
    from model.training.test_checkpoints import SETTINGS, saving
    from support.examples import examples_of
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.training.fit import fit

    base = open_base(Path(sys.argv[2]))

    def killed_at(folder, events):
        left = [events]
        def hook(event, arguments):
            if event in ("open", "os.rename", "os.mkdir", "os.remove") and str(folder) in repr(arguments):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)

    def train(folder, events, say):
        killed_at(folder, events)
        out = folder / str(os.getpid())
        fit(
            base, examples_of(base, 0, 32), examples_of(base, 100, 116), settings=SETTINGS, out=out,
            checkpoint=saving(folder), report=lambda p: os.write(say, b"%d\\n" % p.step),
        )

    for folder, events, delay in json.loads(sys.argv[3]):
        heard, say = os.pipe()
        child = os.fork()
        if child == 0:
            code = 9
            try:
                train(Path(folder), events, say)
                code = 0
            finally:
                os._exit(code)
        os.close(say)
        with open(heard, "rb") as lines:
            said = []
            if delay is not None:
                said += [lines.readline() for _ in range(3)]
                time.sleep(delay)
                os.kill(child, signal.SIGKILL)
            said += lines
        print(json.dumps([os.waitpid(child, 0)[1], [int(line) for line in said if line]]))
"""


def killed(base: BaseModel, runs: Sequence[tuple[Path, int, float | None]]) -> list[tuple[int, list[int]]]:
    """Trainings, each in a process of its own that is killed: their exit statuses, and the steps that they said.

    A process kills itself at the given change of a file in its folder (0: never), or is killed so many seconds after
    its third step.
    """
    tests = Path(__file__).parents[2]
    orders = json.dumps([(str(folder), *rest) for folder, *rest in runs])
    command = [sys.executable, "-c", textwrap.dedent(SERIES), str(tests), str(base.folder), orders]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return [(status, said) for status, said in map(json.loads, done.stdout.splitlines())]


def test_killed_again_and_again(
    base: BaseModel, fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path
) -> None:
    """At some moment of a step or of writing; each process goes on from what the one before has kept."""
    rng = random.Random(11)
    reached = 0
    for status, said in killed(base, [(tmp_path, 0, rng.uniform(0.0, 0.01)) for _ in range(4)]):
        assert status == signal.SIGKILL or said[-1] == STEPS
        assert said[0] in {max(1, reached - 1), max(1, reached)}  # a step is said just before it is kept
        reached = said[-1]
    heard = Resumed()
    report = fitted(tmp_path / "after", checkpoint=saving(tmp_path), report=heard)
    assert heard.at in {reached - 1, reached}
    assert_same((tmp_path / "after", report), undisturbed)


def test_killed_while_it_writes(
    base: BaseModel, fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path
) -> None:
    folders = {events: tmp_path / str(events) for events in (1, 2, 3, 4, 5, 8)}
    for folder in folders.values():
        folder.mkdir()
    for status, _ in killed(base, [(folder, events, None) for events, folder in folders.items()]):
        assert status == signal.SIGKILL
    for folder in folders.values():
        report = fitted(folder / "after", checkpoint=saving(folder))
        assert_same((folder / "after", report), undisturbed)
        assert [path.name for path in (folder / "kept").iterdir()] == ["training.safetensors"]


def test_it_is_written_rarely(fitted: Fit, tmp_path: Path) -> None:
    """After the first step, and then only when enough time has gone by; at the end again."""
    kept, at = replace(saving(tmp_path), seconds=600.0), []

    def noted(metrics: StepMetrics) -> None:
        at.append(kept_of(kept)["step"] if metrics.step > 1 else 0)

    fitted(tmp_path / "adapter", checkpoint=kept, report=noted)
    assert at == [0, *[1] * (STEPS - 1)]
    assert kept_of(kept)["step"] == STEPS


def test_writing_costs_little_of_the_time(fitted: Fit, tmp_path: Path) -> None:
    """Of a share that is next to nothing, no second writing fits into a training."""
    kept, at = replace(saving(tmp_path), share=1e-6), []

    def noted(metrics: StepMetrics) -> None:
        at.append(kept_of(kept)["step"] if metrics.step > 1 else 0)

    fitted(tmp_path / "adapter", checkpoint=kept, report=noted)
    assert at == [0, *[1] * (STEPS - 1)]


def test_the_file_holds_tensors_and_json(fitted: Fit, tmp_path: Path) -> None:
    kept = stopped(fitted, tmp_path, 2)
    assert [path.name for path in kept.file.parent.iterdir()] == ["training.safetensors"]
    assert shapes_of(kept.file)
    assert kept_of(kept)["step"] == 2
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(kept.file.read_bytes())


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-100]),
    "a bit in the tensors": lambda path: _flip(path, path.stat().st_size - 1000),
    "a digit in the progress": lambda path: _flip(path, path.read_bytes().index(b"learning_seconds") + 22),
    "no checkpoint at all": lambda path: save_file({"a": torch.zeros(1)}, path),
    "pickle": lambda path: torch.save({"a": torch.zeros(1)}, path),
    "a link to nowhere": lambda path: (path.unlink(), path.symlink_to("nowhere")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_removed(
    fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path, damage: str
) -> None:
    kept, heard = stopped(fitted, tmp_path, 3), Resumed()
    DAMAGES[damage](kept.file)
    there = []
    report = fitted(
        tmp_path / "adapter",
        checkpoint=kept,
        report=lambda p: (heard(p), there.append(kept.file.exists())),
    )
    assert heard.at is None
    assert not there[0]
    assert heard.steps == list(range(1, STEPS + 1))
    assert_same((tmp_path / "adapter", report), undisturbed)


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "learning rate": lambda _: {"settings": replace(SETTINGS, learning_rate=4e-3)},
    "seed": lambda _: {"settings": replace(SETTINGS, seed=1)},
    "what the caller wants": lambda given: {"checkpoint": replace(given["checkpoint"], work="other")},
    "parent": lambda given: {"parent": given["parent"]},
    "samples": lambda given: {"samples": given["samples"][:-1]},
    "order of samples": lambda given: {"samples": given["samples"][::-1]},
    "weight of a sample": lambda given: {"samples": (replace(given["samples"][0], weight=2.0), *given["samples"][1:])},
    "a sample held out": lambda given: {
        "samples": given["samples"][:-1],
        "held_out": (given["samples"][-1], *given["held_out"]),
    },
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_work_starts_clean(
    base: BaseModel,
    samples: tuple[Example, ...],
    held_out: tuple[Example, ...],
    fitted: Fit,
    undisturbed: tuple[Path, TrainingReport],
    tmp_path: Path,
    change: str,
) -> None:
    kept, heard = stopped(fitted, tmp_path, 3), Resumed()
    known = {
        "settings": SETTINGS,
        "checkpoint": kept,
        "samples": samples,
        "held_out": held_out,
        "parent": undisturbed[0],
    }
    given: dict[str, Any] = {**known, "parent": None, **CHANGES[change](known)}
    with pytest.raises(Interrupted):
        fit(
            base,
            given.pop("samples"),
            given.pop("held_out"),
            **given,
            out=tmp_path / "never",
            report=heard,
            should_stop=lambda: bool(heard.steps),
        )
    assert heard.at is None
    assert heard.steps == [1]


def test_a_disk_that_takes_nothing_ends_no_training(
    fitted: Fit, undisturbed: tuple[Path, TrainingReport], tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text("no folder")
    report = fitted(tmp_path / "adapter", checkpoint=saving(tmp_path))
    assert_same((tmp_path / "adapter", report), undisturbed)
    heard = Resumed()
    with pytest.raises(Interrupted, match=r"^interrupted$"):
        fitted(tmp_path / "never", checkpoint=saving(tmp_path), report=heard, should_stop=lambda: bool(heard.steps))


def test_an_optimiser_with_numbers_and_folders_in_its_state() -> None:
    """As those of other libraries have."""
    state = {"0": {"step": 3, "state": {"sum": torch.ones(2), "scale": torch.tensor(2.0)}}}
    found = nested(dict(flattened(state)))
    assert found["0"]["step"] == 3
    assert isinstance(found["0"]["step"], int)
    assert found["0"]["state"]["sum"].tolist() == [1.0, 1.0]
    assert isinstance(found["0"]["state"]["scale"], torch.Tensor)


DEVICES = """
    import sys
    from dataclasses import asdict
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    import torch
    torch.set_num_threads(1)
    from accelerate import Accelerator
    print(f"{Accelerator().process_index}/{Accelerator().num_processes}")
    from model.training.test_checkpoints import SETTINGS, Resumed, saving
    from support.examples import examples_of
    from codetune_git.errors import Interrupted
    from codetune_git.model.base.base_model import open_base
    from codetune_git.model.training.fit import fit

    base, folder, heard = open_base(Path(sys.argv[2])), Path(sys.argv[3]), Resumed()

    def train(name, **given):
        return fit(
            base, examples_of(base, 0, 32), examples_of(base, 100, 116), settings=SETTINGS, out=folder / name, **given
        )

    whole = train("whole")
    try:
        train("never", checkpoint=saving(folder), report=heard, should_stop=lambda: heard.steps[-1:] == [6])
    except Interrupted as error:
        assert "step 6 of 16" in str(error), error
    resumed = Resumed()
    again = train("again", checkpoint=saving(folder), report=resumed)
    assert (resumed.at, heard.at) == (6, None)
    assert resumed.steps == list(range(7, 17))
    for one, other in zip(whole.curve, again.curve, strict=True):
        for name, value in asdict(one).items():
            assert abs(value - getattr(other, name)) < 1e-5, (one, other)
"""


def test_two_devices_go_on_together(base: BaseModel, tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(textwrap.dedent(DEVICES))
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    arguments = [str(tmp_path / "script.py"), str(Path(__file__).parents[2]), str(base.folder), str(tmp_path)]
    environment = {**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *launch, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert all(process in done.stdout for process in ("0/2", "1/2"))
    whole, again = (load_file(tmp_path / name / "adapter_model.safetensors") for name in ("whole", "again"))
    assert max(float((whole[name] - again[name]).abs().max()) for name in whole) < 1e-5
    assert not (tmp_path / "never").exists()

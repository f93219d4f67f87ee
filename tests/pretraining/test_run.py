"""The steps of a whole run: pieces of a corpus joined, a training stopped and killed that goes on, weights in parts."""

import json
import lzma
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch

from pretraining import run, shards
from pretraining.ablations import VARIANTS, changed
from pretraining.configuration import USUAL, parse

ROOT = Path(__file__).parents[2]
LINES = [f'{{"text": "{i} é"}}\n' for i in range(50)]


def _pieces(folder: Path) -> Path:
    folder.mkdir()
    for number in range(3):
        text = "".join(LINES[number::3]).encode()
        (folder / f"corpus.jsonl.xz.{number}").write_bytes(lzma.compress(text))
    return folder


def test_pieces_of_a_corpus_are_joined_once_in_a_fixed_order(tmp_path: Path) -> None:
    pieces, work, other = _pieces(tmp_path / "pieces"), tmp_path / "work", tmp_path / "other"
    work.mkdir()
    other.mkdir()
    assert run.unpacked(pieces, work) == work
    found = (work / "corpus.jsonl").read_text().splitlines(keepends=True)
    assert sorted(found) == sorted(LINES)
    assert found not in (LINES, sorted(LINES, key=lambda line: int(line.split('"')[3].split()[0]) % 3))
    run.unpacked(pieces, other)
    assert (other / "corpus.jsonl").read_text() == "".join(found)
    (work / "corpus.jsonl").write_text("kept")
    assert run.unpacked(pieces, work) == work
    assert [path.name for path in work.iterdir()] == ["corpus.jsonl"]
    assert (work / "corpus.jsonl").read_text() == "kept"


def test_a_whole_corpus_is_read_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text("".join(LINES))
    assert run.unpacked(tmp_path, tmp_path / "work") == tmp_path


@pytest.mark.parametrize(("size", "number"), [(1, 1), (15 * 2**20, 1), (15 * 2**20 + 1, 2)])
def test_the_parts_of_a_file_are_the_file(size: int, number: int, tmp_path: Path) -> None:
    whole = bytes(range(256)) * (size // 256 + 1)
    (tmp_path / "weights").write_bytes(whole[:size])
    (tmp_path / "out").mkdir()
    run.split(tmp_path / "weights", tmp_path / "out")
    parts = [tmp_path / "out" / f"weights.{i}" for i in range(number)]
    assert sorted((tmp_path / "out").iterdir()) == parts
    assert b"".join(part.read_bytes() for part in parts) == whole[:size]


def _log(folder: Path) -> list[dict[str, float]]:
    path = folder / "log.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def _trained(command: list[str], folder: Path, rows: int, number: int) -> int:
    """Trains until the log has so many rows, ends it with the signal `number`; its exit status."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while len(_log(folder)) < rows and process.poll() is None:
        time.sleep(0.05)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    status = process.wait()
    assert psutil.wait_procs(children, timeout=60)[1] == []  # none is left behind
    return status


def _shards(folder: Path) -> None:
    folder.mkdir()
    for name in ("text-00000", "style-00000", "validation-python-text"):
        sequences = [([16 + (i * 7 + j) % 300 for j in range(60)], [1] * 60) for i in range(40)]
        shards.write(folder / f"{name}.npz", sequences)


def test_a_training_goes_on_after_it_was_stopped_and_after_it_was_killed(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    _shards(tmp_path / "shards")
    command = [
        *(sys.executable, "-m", "pretraining.train", "--run", str(folder), "--shards", str(tmp_path / "shards")),
        *("--minutes", "30", "--workers", "1", "--config", str(small)),
    ]
    assert _trained(command, folder, 3, signal.SIGTERM) == 0
    stopped = _log(folder)
    saved = torch.load(folder / "checkpoint.pt", weights_only=True)
    assert [row["step"] for row in stopped] == list(range(1, len(stopped) + 1))
    assert saved["progress"] == {name: stopped[-1][name] for name in ("step", "tokens", "seconds")}
    assert _trained(command, folder, len(stopped) + 2, signal.SIGKILL) == -signal.SIGKILL
    longer = _log(folder)[len(stopped) :]
    assert [row["step"] for row in longer] == [len(stopped) + i for i in range(1, len(longer) + 1)]
    assert longer[0]["tokens"] > stopped[-1]["tokens"]
    assert longer[0]["seconds"] > stopped[-1]["seconds"]
    again = torch.load(folder / "checkpoint.pt", weights_only=True)
    assert again["progress"] == saved["progress"]
    assert all(torch.equal(weight, again["weights"][name]) for name, weight in saved["weights"].items())


def test_every_variant_changes_the_configuration() -> None:
    usual = USUAL.read_text(encoding="utf-8")
    seen = [parse(changed(usual, changes)) for changes in VARIANTS.values()]
    assert len({(found.mixture, found.shape, found.training) for found in seen}) == len(VARIANTS)
    assert all(found.shape.hidden % found.shape.heads == 0 for found in seen)
    assert all(found.shape.heads % found.shape.kv_heads == 0 for found in seen)
    with pytest.raises(ValueError, match="typo stands 0 times"):
        changed(usual, {"typo": "1"})


def test_a_configuration_is_complete() -> None:
    text = USUAL.read_text()
    with pytest.raises(TypeError, match="typo"):
        parse(text.replace("unbroken =", "typo ="))
    with pytest.raises(KeyError, match="shape"):
        parse(text.replace("[shape]", "[sizes]"))

"""The steps of a whole run: pieces of a corpus joined, a training stopped and killed that goes on, weights in parts."""

import json
import lzma
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
import torch

from pretraining import run, shards
from pretraining.ablations import VARIANTS, changed
from pretraining.configuration import USUAL, parse, read
from pretraining.network import Network
from pretraining.optimiser import Optimiser
from pretraining.train import Progress, restore, save

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


def test_edits_lie_in_pieces_of_their_own(tmp_path: Path) -> None:
    pieces, work = _pieces(tmp_path / "pieces"), tmp_path / "work"
    work.mkdir()
    (pieces / "edits.jsonl.xz.0").write_bytes(lzma.compress(b"one\ntwo\n"))
    run.unpacked(pieces, work)
    assert sorted((work / "edits.jsonl").read_text().splitlines()) == ["one", "two"]
    assert sorted((work / "corpus.jsonl").read_text().splitlines(keepends=True)) == sorted(LINES)


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


def _shards(folder: Path) -> None:
    folder.mkdir()
    for name in ("text-00000", "style-00000", "edits-00000", "validation-python-text"):
        sequences = [([16 + (i * 7 + j) % 300 for j in range(60)], [1] * 60) for i in range(40)]
        shards.write(folder / f"{name}.npz", sequences)


def test_a_killed_training_goes_on_from_its_checkpoint_and_stops_when_asked(small: Path, tmp_path: Path) -> None:
    """The steps since the last checkpoint are lost, nothing else; what is asked to stop saves first."""
    folder, settings = tmp_path / "run", read(small)
    folder.mkdir()
    network = Network(settings.shape)
    optimiser = Optimiser(network, settings.training)
    optimiser.number = 7
    save(folder, network, optimiser, Progress(7, 7000, 3.5))
    (folder / "log.jsonl").write_text("".join(json.dumps({"step": step}) + "\n" for step in range(1, 10)))
    _shards(tmp_path / "shards")
    command = [
        *(sys.executable, "-m", "pretraining.train", "--run", str(folder), "--shards", str(tmp_path / "shards")),
        *("--minutes", "30", "--workers", "1", "--config", str(small)),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while len(_log(folder)) < 11 and process.poll() is None:
        time.sleep(0.05)
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    assert process.wait() == 0
    assert psutil.wait_procs(children, timeout=60)[1] == []  # none is left behind
    rows = _log(folder)[9:]
    assert [row["step"] for row in rows] == [8 + i for i in range(len(rows))]
    assert rows[0]["tokens"] > 7000
    assert rows[0]["seconds"] > 3.5
    again, loaded, progress = restore(folder, settings)
    assert asdict(progress) == {name: rows[-1][name] for name in ("step", "tokens", "seconds")}
    assert loaded.number == progress.step
    assert not torch.equal(again.embedding, network.embedding)


def test_every_variant_changes_the_configuration() -> None:
    usual = USUAL.read_text(encoding="utf-8")
    seen = [parse(changed(usual, changes)) for changes in VARIANTS.values()]
    assert len({(found.mixture, found.shape, found.training) for found in seen}) == len(VARIANTS)
    assert all(found.shape.hidden % found.shape.heads == 0 for found in seen)
    assert all(found.shape.heads % found.shape.kv_heads == 0 for found in seen)
    with pytest.raises(ValueError, match="typo does not stand"):
        changed(usual, {"typo": "1"})


def test_a_configuration_is_complete() -> None:
    text = USUAL.read_text()
    with pytest.raises(TypeError, match="typo"):
        parse(text.replace("unbroken =", "typo ="))
    with pytest.raises(KeyError, match="shape"):
        parse(text.replace("[shape]", "[sizes]"))

"""Shards on disk: the same each time, whole or not there, and gone on with where a drawing was killed."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import codetune_git.base
from codetune_git.model.tokenizers.loading import load_tokenizer
from pretraining import shards, validation
from pretraining.configuration import read
from pretraining.draw import Job, draw

BASE = Path(codetune_git.base.__file__).parent
ROOT = Path(__file__).parents[2]


def _content(path: Path) -> list[tuple[list[int], list[int]]]:
    return [(ids.tolist(), loss.tolist()) for ids, loss in shards.read(path)]


def _job(stage: str, corpus: Path, out: Path, config: Path) -> Job:
    out.mkdir(exist_ok=True)
    return Job(stage, corpus, BASE, out, read(config).mixture)


def test_a_shard_depends_on_its_stage_and_number_only(corpus: Path, small: Path, tmp_path: Path) -> None:
    """Drawn alone or after others, by one job or by several."""
    for stage in ("text", "style"):
        draw([(_job(stage, corpus, tmp_path / "all", small), range(3))])
        draw([(_job(stage, corpus, tmp_path / "one", small), range(2, 3))])
        third = _content(tmp_path / "all" / f"{stage}-00002.npz")
        assert third == _content(tmp_path / "one" / f"{stage}-00002.npz")
        assert third != _content(tmp_path / "all" / f"{stage}-00000.npz")


def test_the_text_stage_ends_with_the_corpus_and_the_style_stage_goes_around(
    corpus: Path, small: Path, tmp_path: Path
) -> None:
    """Twelve files are three shards of four."""
    out = tmp_path / "out"
    draw([(_job("text", corpus, out, small), range(9)), (_job("style", corpus, out, small), range(4))])
    assert sorted(path.name for path in out.iterdir()) == [
        *(f"style-{n:05d}.npz" for n in range(4)),
        *(f"text-{n:05d}.npz" for n in range(3)),
    ]
    assert _content(out / "style-00003.npz") != _content(out / "style-00000.npz")


def test_a_killed_drawing_is_gone_on_with(corpus: Path, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [
        *(sys.executable, "-m", "pretraining.draw", "--corpus", corpus, "--tokenizer", BASE, "--out", out),
        *("--config", small, "--most", "2", "--processes", "1"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not list(out.glob("*-?????.npz")) and process.poll() is None:
        time.sleep(0.02)
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    assert psutil.wait_procs(children, timeout=60)[1] == []
    kept = {path: path.stat().st_mtime_ns for path in out.glob("*-?????.npz")}
    assert kept
    for folder in (out, tmp_path / "whole"):
        draw([(_job("text", corpus, folder, small), range(9)), (_job("style", corpus, folder, small), range(2))])
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(names) == 5
    assert [_content(out / name) for name in names] == [_content(tmp_path / "whole" / name) for name in names]
    assert all(path.stat().st_mtime_ns == before for path, before in kept.items())


def test_a_shard_comes_back_as_it_was(tmp_path: Path) -> None:
    written = [([1, 2, 3], [0, 1, 4]), ([8191], [1])]
    assert shards.write(tmp_path / "s.npz", written) == 4
    assert _content(tmp_path / "s.npz") == written


def test_validation_counts_what_is_to_be_written_only(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    command = ["validation", "--corpus", corpus, "--tokenizer", BASE, "--out", out, "--tokens", "1500"]
    monkeypatch.setattr(sys, "argv", list(map(str, command)))
    validation.main()
    kinds = ["holes", "layout", "neighbours", "text"]
    expected = [f"validation-{name}-{kind}.npz" for name in ("javascript", "typescript") for kind in kinds]
    expected += [f"validation-python-{kind}.npz" for kind in ("catalogue", *kinds)]
    assert sorted(path.name for path in out.iterdir()) == sorted(expected)
    tokenizer = load_tokenizer(BASE)
    for path in out.iterdir():
        found = shards.read(path)
        assert sum(len(ids) for ids, _ in found) > 1500
        for ids, loss in found:
            assert set(loss.tolist()) == {0, 1}
            text, counted = tokenizer.text(ids.tolist()), tokenizer.text(ids[loss > 0].tolist())
            assert text.endswith(counted)
            if path.stem.endswith("text"):
                assert text.removesuffix(counted).endswith("<before>")
            elif path.stem.endswith("holes"):
                assert text.removesuffix(counted).endswith("<middle>")
            else:
                staged, _, target = text.partition("<staged>")[2].partition("<target>")
                assert (target, staged != target.removesuffix("<eos>")) == (counted, True)
                assert text.startswith("<near>") or not path.stem.endswith("neighbours")

"""The recipe is not installed with the package: its folder is found from the top of the checkout."""

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ["TORCHDYNAMO_DISABLE"] = "1"  # compiling takes longer than all that these tests compute


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`name` is that of a small text as people write it, one of each language."""
    if "name" in metafunc.fixturenames and "texts" in metafunc.fixturenames:
        names = [path.name.removesuffix(".txt") for path in sorted((Path(__file__).parent / "texts").iterdir())]
        metafunc.parametrize("name", names)


@pytest.fixture(scope="session")
def texts() -> dict[str, str]:
    folder = Path(__file__).parent / "texts"
    return {path.name.removesuffix(".txt"): path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture
def corpus(tmp_path: Path, texts: dict[str, str]) -> Path:
    """A corpus of a few files, the held-out ones the same."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [{"package": "p", "path": f"{i}/{name}", "text": text} for i in range(3) for name, text in texts.items()]
    for file in ("corpus.jsonl", "held_out.jsonl"):
        (folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A configuration whose model and shards take seconds."""
    from pretraining.ablations import changed
    from pretraining.configuration import USUAL

    sizes = {"hidden": "64", "layers": "1", "heads": "1", "kv_heads": "1", "inner": "96"}
    steps = {"files": "4", "row_tokens": "512", "rows": "2"}
    path = tmp_path / "small.toml"
    path.write_text(changed(USUAL.read_text(encoding="utf-8"), {**sizes, **steps}), encoding="utf-8")
    return path

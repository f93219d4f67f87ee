"""The light installation, which a hook has: without all that the extras bring, it says the same of staged lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.flow_command import SCRIPT, codetune, command_environment
from support.flow_repository import copied, plant
from support.terminal import terminal

EXTRAS = (
    *("accelerate", "bitsandbytes", "detect_secrets", "huggingface_hub", "peft", "psutil", "safetensors", "textual"),
    *("tokenizers", "torch", "transformers"),
)
CUSTOM = f"""
import sys
from importlib import metadata

sys.modules.update(dict.fromkeys({EXTRAS}))
known = metadata.version


def version(name):
    if name.replace("-", "_") in {EXTRAS}:
        raise metadata.PackageNotFoundError(name)
    return known(name)


metadata.version = version
"""


@pytest.fixture
def without_extras(tmp_path: Path) -> dict[str, str]:
    """Variables under which Python finds none of the packages."""
    folder = tmp_path / "customized"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CUSTOM)
    return {"PYTHONPATH": os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", "")))}


def test_it_suggests_the_same(house: Path, tmp_path: Path, without_extras: dict[str, str]) -> None:
    plant(house)
    other = copied(house, tmp_path / "other")  # where no verdict is remembered
    light = codetune(house, "suggest", "--format", "json", **without_extras)
    assert light.document["suggestions"]
    assert light.document == codetune(other, "suggest", "--format", "json").document
    assert codetune(house, "hook", "--check", **without_extras).code == 1


def test_what_it_cannot_do_is_said_with_the_command_that_helps(
    house: Path, checkpoint: Path, tmp_path: Path, without_extras: dict[str, str]
) -> None:
    done = codetune(house, "train", **without_extras)
    assert (done.code, "pip install 'codetune-git[train]'" in done.complaint) == (4, True)
    launched = {"WORLD_SIZE": "2", "TORCHELASTIC_USE_AGENT_STORE": "True"}
    for rank in "01":
        done = codetune(house, "train", RANK=rank, **launched, **without_extras)
        assert (done.code, "pip install 'codetune-git[train]'" in done.complaint) == (4, True)
    merged = ("adapters", "export", str(tmp_path / "merged"), "--format", "merged", "--base", str(checkpoint))
    for arguments in (("train", "--estimate"), ("evaluate",), merged):
        done = codetune(house, *arguments, **without_extras)
        assert (done.code, "pip install 'codetune-git[train]'" in done.complaint) == (4, True)
    assert not (tmp_path / "merged").exists()
    done = codetune(house, "train", "--base", "owner/name", **without_extras)
    assert (done.code, "pip install 'codetune-git[bases]'" in done.complaint) == (4, True)
    with terminal([str(SCRIPT), "review"], command_environment(**without_extras), house) as one:
        one.shows("pip install 'codetune-git[review]'")
        assert one.process.wait(60) == 4


def test_what_is_not_there_is_nothing_to_be_mended(house: Path, without_extras: dict[str, str]) -> None:
    assert codetune(house, "hook", "install").code == 0
    done = codetune(house, "doctor", **without_extras)
    assert done.code == 0, done.err
    lines = {line[4:14].strip(): line for line in done.out.splitlines()}
    assert lines["review"].startswith("--  review")
    assert "pip install 'codetune-git[review]'" in lines["review"]
    assert lines["training"].startswith("--  training")
    assert lines["program"].startswith("ok")

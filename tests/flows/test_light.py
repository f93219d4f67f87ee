"""The smaller installations: what they say of staged lines, and how they say what they cannot do.

The light one, which a hook has, lacks torch and all that training takes; the one that only counts lacks the light
runtime, too.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.flow_command import SCRIPT, codetune, command_environment
from support.flow_repository import copied, plant
from support.terminal import terminal

HEAVY = (
    *("accelerate", "bitsandbytes", "detect_secrets", "huggingface_hub", "peft", "psutil", "safetensors", "textual"),
    *("tokenizers", "torch", "transformers"),
)
LIGHT = ("ctranslate2", "tiktoken")
CUSTOM = """
import sys
from importlib import metadata

sys.modules.update(dict.fromkeys({missing}))
known = metadata.version


def version(name):
    if name.replace("-", "_") in {missing}:
        raise metadata.PackageNotFoundError(name)
    return known(name)


metadata.version = version
"""


def _without(folder: Path, *missing: str) -> dict[str, str]:
    """Variables under which Python finds none of the packages."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(CUSTOM.format(missing=missing))
    return {"PYTHONPATH": os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", "")))}


@pytest.fixture
def without_extras(tmp_path: Path) -> dict[str, str]:
    """The light installation."""
    return _without(tmp_path / "light", *HEAVY)


@pytest.fixture
def without_runtime(tmp_path: Path) -> dict[str, str]:
    """The installation that only counts."""
    return _without(tmp_path / "counts", *HEAVY, *LIGHT)


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
    assert (done.code, "pip install 'codetune-git[train]'" in done.complaint) == (4, True)  # bases is a part of it
    with terminal([str(SCRIPT), "review"], command_environment(**without_extras), house) as one:
        one.shows("pip install 'codetune-git[review]'")
        assert one.process.wait(60) == 4


def _doctor(house: Path, environment: dict[str, str]) -> dict[str, str]:
    """The lines by their names; nothing is to be mended."""
    assert codetune(house, "hook", "install").code == 0
    done = codetune(house, "doctor", **environment)
    assert done.code == 0, done.err
    return {line[4:14].strip(): line for line in done.out.splitlines()}


def test_what_is_not_there_is_nothing_to_be_mended(house: Path, without_extras: dict[str, str]) -> None:
    lines = _doctor(house, without_extras)
    assert lines["review"].startswith("--  review")
    assert "pip install 'codetune-git[review]'" in lines["review"]
    assert lines["training"].startswith("--  training")
    assert lines["program"].startswith("ok")
    assert lines["light"].startswith("ok")


def test_without_the_light_runtime_all_that_needs_it_says_so(house: Path, without_runtime: dict[str, str]) -> None:
    lines = _doctor(house, without_runtime)
    for name in ("light", "base"):
        assert lines[name].startswith("--")
        assert "pip install 'codetune-git[light]'" in lines[name]
    assert lines["program"].startswith("ok")
    done = codetune(house, "train", **without_runtime)
    assert (done.code, "pip install 'codetune-git[train]'" in done.complaint) == (4, True)
    for verb in ("status", "conventions", "adapters", "decisions", "config"):
        assert codetune(house, verb, **without_runtime).code == 0


def test_without_the_light_runtime_an_adapter_speaks_by_counts_or_says_what_it_lacks(
    house: Path, without_runtime: dict[str, str]
) -> None:
    plant(house)
    done = codetune(house, "hook", **without_runtime)
    assert done.code == 0
    if not done.out:
        assert done.complaint.startswith("not looked at: ")
        assert "pip install 'codetune-git[light]'" in done.complaint
        assert codetune(house, "suggest", **without_runtime).code == 4

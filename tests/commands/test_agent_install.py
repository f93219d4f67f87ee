"""Agents' settings are changed where they are the user's own, and nothing of the user's is lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.real_git import git

from codetune_git.commands.agent_install import run
from codetune_git.errors import DataRefused
from codetune_git.exports.block import BEGIN, END
from codetune_git.requests import AgentRequest

SETTINGS = ".claude/settings.json"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    house = tmp_path / "house"
    house.mkdir()
    git(house, "init", "-q")
    return house


def asked(house: Path, agent: str, *, uninstall: bool = False) -> None:
    run(AgentRequest(house, agent, uninstall))


def test_a_file_or_a_link_of_the_name_of_a_draft_stays(house: Path) -> None:
    (house / ".claude").mkdir()
    (house / "precious").write_text("mine")
    (house / f"{SETTINGS}.new").symlink_to(house / "precious")
    asked(house, "claude")
    assert (house / "precious").read_text() == "mine"
    assert sorted(os.listdir(house / ".claude")) == ["settings.json", "settings.json.new"]


@pytest.mark.parametrize("kind", ["link", "dangling", "file", "folder", "pipe"])
def test_what_is_no_file_of_the_house_is_refused_in_a_line(house: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out"
    if kind == "link":
        out.mkdir()
    if kind in ("link", "dangling"):
        (house / ".claude").symlink_to(out)
    elif kind == "file":
        (house / ".claude").write_text("")
    elif kind == "folder":
        (house / SETTINGS).mkdir(parents=True)
    else:
        (house / ".claude").mkdir()
        os.mkfifo(house / SETTINGS)
    for uninstall in (False, True):
        with pytest.raises(DataRefused, match="nothing was changed"):
            asked(house, "claude", uninstall=uninstall)
    assert not out.exists() or not os.listdir(out)


def test_installing_again_after_an_edit_leaves_nothing_of_this_tool(house: Path) -> None:
    asked(house, "claude")
    settings = json.loads((house / SETTINGS).read_text())
    del settings["hooks"]["Stop"]
    (house / SETTINGS).write_text(json.dumps({**settings, "model": "a"}))
    asked(house, "claude")
    asked(house, "claude", uninstall=True)
    assert json.loads((house / SETTINGS).read_text()) == {"model": "a"}


def test_what_an_installation_made_goes_where_the_file_is_gone(house: Path) -> None:
    asked(house, "claude")
    (house / SETTINGS).unlink()
    asked(house, "claude", uninstall=True)
    assert not (house / ".claude").exists()
    assert not list((house / ".git/codetune/agents").iterdir())


def test_nothing_is_taken_out_between_broken_markers(house: Path) -> None:
    (house / ".github").mkdir()
    place = house / ".github/copilot-instructions.md"
    for text in (f"a\n{BEGIN}\nmy text\n{BEGIN}\ny\n{END}\nend\n", f"{BEGIN}\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"):
        place.write_text(text)
        with pytest.raises(DataRefused, match="markers"):
            asked(house, "copilot", uninstall=True)
        assert place.read_text() == text


@pytest.mark.parametrize("text", ["", " \n", '{"model": "a"}'])
def test_settings_without_hooks_have_none_to_remove(house: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (house / ".claude").mkdir()
    (house / SETTINGS).write_text(text)
    asked(house, "claude", uninstall=True)
    assert "has no hooks" in capsys.readouterr().out
    assert (house / SETTINGS).read_text() == text


def test_the_mode_of_settings_stays(house: Path) -> None:
    (house / ".claude").mkdir()
    (house / SETTINGS).write_text("{}")
    (house / SETTINGS).chmod(0o755)
    asked(house, "claude")
    assert (house / SETTINGS).stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("depth", [1_500, 100_000])
def test_settings_that_are_nested_too_deep_stay(house: Path, depth: int) -> None:
    (house / ".claude").mkdir()
    text = '{"hooks": {"Stop": ' + "[" * depth + "]" * depth + "}}"
    (house / SETTINGS).write_text(text)
    for uninstall in (False, True):
        with pytest.raises(DataRefused, match="nested too deep"):
            asked(house, "claude", uninstall=uninstall)
    assert (house / SETTINGS).read_text() == text

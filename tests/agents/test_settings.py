"""Hooks come into any settings and out of them again; everything else stays, in its order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.agents.agent import Agent, command
from codetune_git.agents.known import AGENTS
from codetune_git.agents.names import HOOKED, NAMES
from codetune_git.domain import Refusal

IN_JSON = ("claude", "cursor", "codex")
every_agent = pytest.mark.parametrize("agent", [AGENTS[name] for name in IN_JSON], ids=IN_JSON)
OTHERS = {"matcher": "Bash", "hooks": [{"type": "command", "command": "true"}]}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def installed(text: str | None, agent: Agent) -> str:
    found = agent.add(text, "")
    assert not isinstance(found, Refusal)
    return found


def test_the_names_are_those_of_the_agents() -> None:
    assert tuple(AGENTS) == NAMES
    assert tuple(name for name, agent in AGENTS.items() if agent.answer is not None) == HOOKED


@every_agent
def test_no_settings_yet(agent: Agent) -> None:
    text = installed(None, agent)
    assert json.loads(text)["hooks"] == json.loads(agent.by_hand)["hooks"]
    assert agent.remove(text) is None


@every_agent
def test_what_is_there_stays_and_twice_is_once(agent: Agent) -> None:
    hooks = json.loads(agent.by_hand)["hooks"]
    event = next(iter(hooks))
    before = {"model": "a", "hooks": {event: [OTHERS], "Else": []}, "permissions": {"allow": []}}
    text = installed(json.dumps(before, indent="\t"), agent)
    assert json.loads(text)["hooks"][event] == [OTHERS, *hooks[event]]
    assert list(json.loads(text)) == ["model", "hooks", "permissions"]
    assert '\n\t"model"' in text
    assert installed(text, agent) == text
    assert agent.remove(text) == json.dumps(before, indent="\t")


def test_a_hook_that_somebody_put_beside_ours_stays() -> None:
    claude = AGENTS["claude"]
    settings = json.loads(installed(None, claude))
    settings["hooks"]["Stop"][0]["hooks"].append({"type": "command", "command": "true"})
    left = claude.remove(json.dumps(settings))
    assert isinstance(left, str)
    assert not isinstance(left, Refusal)
    assert json.loads(left) == {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}}


@every_agent
@pytest.mark.parametrize("text", ["{", "[]", "// why\n{}", '{"hooks": []}', '{"hooks": {"Stop": {}, "stop": 1}}'])
def test_what_cannot_be_read_is_refused(agent: Agent, text: str) -> None:
    assert isinstance(agent.add(text, ""), Refusal)


@given(st.sampled_from([AGENTS[name] for name in IN_JSON]), st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_any_settings_are_the_same_again(agent: Agent, settings: dict[str, Any]) -> None:
    settings = {key: value for key, value in settings.items() if key != "hooks"} | {"kept": None}
    text = installed(json.dumps(settings), agent)
    assert command(agent.name) in text
    left = agent.remove(text)
    assert isinstance(left, str)
    assert json.loads(left) == settings


YAML = st.lists(
    st.sampled_from(["model: a", "read: [x]", "# lint-cmd: no", "auto-commits: false", "", "file:"]), max_size=6
)


@given(YAML, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_aiders_lint_command_is_a_line_of_its_own(lines: list[str], end: str, ended: bool) -> None:
    aider, before = AGENTS["aider"], end.join(lines) + (end if ended else "")
    text = installed(before, aider)
    assert text.startswith(before)
    assert text.splitlines()[-1] == "lint-cmd: git codetune agent hook aider"
    assert installed(text, aider) == text
    assert (aider.remove(text) or "").rstrip("\r\n") == before.rstrip("\r\n")


@pytest.mark.parametrize(
    "text", ["lint-cmd: ruff\n", "model: a\nlint-cmd:\n- 'python: ruff'\n", '"lint-cmd": x', "{model: a}"]
)
def test_what_aider_runs_already_is_left_to_people(text: str) -> None:
    assert isinstance(AGENTS["aider"].add(text, ""), Refusal)


@pytest.mark.parametrize(
    "value",
    ["1e999", "1.0000000000000000001", "NaN", '{"a": 1, "a": 2}', r'"\ud800"', "[" * 100_000 + "]" * 100_000],
    ids=["great", "fine", "none", "twice", "half", "deep"],
)
def test_settings_that_writing_would_change_are_refused(value: str) -> None:
    claude = AGENTS["claude"]
    assert isinstance(claude.add(f'{{"v": {value}}}', ""), Refusal)
    assert isinstance(claude.remove(f'{{"v": {value}}}'), Refusal)


def test_ends_of_lines_stay() -> None:
    made = installed('{\r\n  "a": 1.50\r\n}\r\n', AGENTS["claude"])
    assert made.count("\n") == made.count("\r\n") > 3


def test_the_same_command_elsewhere_than_in_hooks_stays() -> None:
    claude = AGENTS["claude"]
    elsewhere = {"tools": [{"command": command("claude")}]}
    made = installed(json.dumps(elsewhere), claude)
    removed = claude.remove(made)
    assert isinstance(removed, str)
    assert json.loads(removed) == elsewhere
    assert claude.remove(json.dumps(elsewhere)) == json.dumps(elsewhere)


@every_agent
def test_what_is_said_to_add_by_hand_is_what_is_written(agent: Agent) -> None:
    assert json.loads(agent.by_hand) == json.loads(installed(None, agent))

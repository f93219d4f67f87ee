"""Hooks come into any settings and out of them again; everything else stays, in its order."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.agents.agent import Agent, command
from codetune_git.agents.known import AGENTS
from codetune_git.agents.settings import with_hooks, without_hooks
from codetune_git.domain import Refusal

every_agent = pytest.mark.parametrize("agent", AGENTS.values(), ids=list(AGENTS))
OTHERS = {"matcher": "Bash", "hooks": [{"type": "command", "command": "true"}]}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def installed(text: str | None, agent: Agent) -> str:
    found = with_hooks(text, agent)
    assert not isinstance(found, Refusal)
    return found


@every_agent
def test_no_settings_yet(agent: Agent) -> None:
    text = installed(None, agent)
    assert json.loads(text) == {**agent.blank, "hooks": {event: [hook] for event, hook in agent.hooks.items()}}
    assert without_hooks(text, agent) is None


@every_agent
def test_what_is_there_stays_and_twice_is_once(agent: Agent) -> None:
    event = next(iter(agent.hooks))
    before = {"model": "a", "hooks": {event: [OTHERS], "Else": []}, "permissions": {"allow": []}}
    text = installed(json.dumps(before, indent="\t"), agent)
    assert json.loads(text)["hooks"][event] == [OTHERS, agent.hooks[event]]
    assert list(json.loads(text)) == ["model", "hooks", "permissions"]
    assert '\n\t"model"' in text
    assert installed(text, agent) == text
    assert without_hooks(text, agent) == json.dumps(before, indent="\t")


def test_a_hook_that_somebody_put_beside_ours_stays() -> None:
    claude = AGENTS["claude"]
    settings = json.loads(installed(None, claude))
    settings["hooks"]["Stop"][0]["hooks"].append({"type": "command", "command": "true"})
    left = without_hooks(json.dumps(settings), claude)
    assert isinstance(left, str)
    assert not isinstance(left, Refusal)
    assert json.loads(left) == {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}}


@every_agent
@pytest.mark.parametrize("text", ["{", "[]", "// why\n{}", '{"hooks": []}', '{"hooks": {"Stop": {}, "stop": 1}}'])
def test_what_cannot_be_read_is_refused(agent: Agent, text: str) -> None:
    assert isinstance(with_hooks(text, agent), Refusal)


@given(st.sampled_from(list(AGENTS.values())), st.dictionaries(st.text(max_size=5), values, max_size=4))
def test_any_settings_are_the_same_again(agent: Agent, settings: dict[str, Any]) -> None:
    settings = {key: value for key, value in settings.items() if key != "hooks"} | {"kept": None}
    text = installed(json.dumps(settings), agent)
    assert command(agent.name) in text
    left = without_hooks(text, agent)
    assert isinstance(left, str)
    assert json.loads(left) == settings

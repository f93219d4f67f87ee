"""Codex: hooks in .codex/hooks.json, told by JSON on standard input; Codex asks once whether the project's are trusted.

Its patches name no file, so only the end of a turn (Stop) is looked at: a decision to block, with its reason, goes to
the agent as its next task.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codetune_git.agents.agent import Agent, Answer, Event, command, path_of
from codetune_git.agents.settings import JsonHooks

_HOOKS = JsonHooks(
    line=command("codex"),
    blank={},
    hooks={"Stop": {"hooks": [{"type": "command", "command": command("codex"), "timeout": 30}]}},
)


def _read(sent: Mapping[str, Any]) -> Event:
    return Event(None, path_of(sent.get("cwd")), sent.get("stop_hook_active") is True)


def _answer(instructions: str) -> Answer:
    return Answer(out=json.dumps({"decision": "block", "reason": instructions} if instructions else {}) + "\n")


CODEX = Agent(
    name="codex",
    title="Codex",
    settings=".codex/hooks.json",
    add=_HOOKS.added,
    remove=_HOOKS.removed,
    by_hand=_HOOKS.by_hand,
    read=_read,
    answer=_answer,
)

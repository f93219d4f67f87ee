"""Cursor: hooks in .cursor/hooks.json, told by JSON on standard input.

Only the hook of the end (stop) can send the agent back, by a message that stands as the user's next one; `loop_count`
says how often that was done. The hook that follows an edit cannot answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from codetune_git.agents.agent import Agent, Answer, Event, command, path_of
from codetune_git.agents.settings import JsonHooks

_HOOKS = JsonHooks(line=command("cursor"), blank={"version": 1}, hooks={"stop": {"command": command("cursor")}})


def _read(sent: Mapping[str, Any]) -> Event:
    roots = sent.get("workspace_roots")
    folder = path_of(roots[0]) if isinstance(roots, list) and roots else None
    aborted = sent.get("status", "completed") != "completed"
    return Event(None, folder, aborted or sent.get("loop_count", 0) != 0)


def _answer(instructions: str) -> Answer:
    return Answer(out=json.dumps({"followup_message": instructions} if instructions else {}) + "\n")


CURSOR = Agent(
    name="cursor",
    title="Cursor",
    settings=".cursor/hooks.json",
    add=_HOOKS.added,
    remove=_HOOKS.removed,
    by_hand=_HOOKS.by_hand,
    read=_read,
    answer=_answer,
)

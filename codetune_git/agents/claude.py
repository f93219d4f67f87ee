"""Claude Code: hooks in .claude/settings.json, told by JSON on standard input.

After a file was written (PostToolUse) and before the turn ends (Stop), exit code 2 hands the error stream to the agent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codetune_git.agents.agent import Agent, Answer, Event, command, path_of
from codetune_git.agents.settings import JsonHooks

_SENT_BACK = 2
_HOOK = {"type": "command", "command": command("claude")}
_HOOKS = JsonHooks(
    line=command("claude"),
    blank={},
    hooks={"PostToolUse": {"matcher": "Edit|MultiEdit|Write", "hooks": [_HOOK]}, "Stop": {"hooks": [_HOOK]}},
)


def _read(sent: Mapping[str, Any]) -> Event:
    tool_input = sent.get("tool_input")
    file = path_of(tool_input.get("file_path")) if isinstance(tool_input, Mapping) else None
    return Event(file, path_of(sent.get("cwd")), sent.get("stop_hook_active") is True)


def _answer(instructions: str) -> Answer:
    return Answer(err=instructions, code=_SENT_BACK) if instructions else Answer()


CLAUDE = Agent(
    name="claude",
    title="Claude Code",
    settings=".claude/settings.json",
    add=_HOOKS.added,
    remove=_HOOKS.removed,
    by_hand=_HOOKS.by_hand,
    read=_read,
    answer=_answer,
)

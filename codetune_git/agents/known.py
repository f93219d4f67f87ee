"""Which coding agents there are, by name. A new one is a module of this room, a line here and its name in names.py."""

from __future__ import annotations

from codetune_git.agents.agent import Agent
from codetune_git.agents.aider import AIDER
from codetune_git.agents.claude import CLAUDE
from codetune_git.agents.codex import CODEX
from codetune_git.agents.copilot import COPILOT
from codetune_git.agents.cursor import CURSOR

AGENTS: dict[str, Agent] = {agent.name: agent for agent in (CLAUDE, CURSOR, CODEX, AIDER, COPILOT)}

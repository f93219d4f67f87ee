"""Which coding agents there are, by name. A new one is a module of this room and a line here."""

from __future__ import annotations

from codetune_git.agents.agent import Agent
from codetune_git.agents.claude import CLAUDE
from codetune_git.agents.cursor import CURSOR

AGENTS: dict[str, Agent] = {agent.name: agent for agent in (CLAUDE, CURSOR)}

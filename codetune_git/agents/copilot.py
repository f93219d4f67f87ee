"""Copilot: it reads .github/copilot-instructions.md, into which the house's rules come between markers; no hook."""

from __future__ import annotations

from codetune_git.agents.agent import Agent
from codetune_git.domain import Refusal
from codetune_git.exports.block import with_block, without_block


def _add(text: str | None, instructions: str) -> str | Refusal:
    return with_block(text, instructions)


def _remove(text: str) -> str | Refusal | None:
    without = without_block(text)
    return text if without == text else without or None


COPILOT = Agent(
    name="copilot",
    title="Copilot",
    settings=".github/copilot-instructions.md",
    add=_add,
    remove=_remove,
    by_hand="what git codetune conventions --as agents prints",
    instructed=True,
)

"""The names of the coding agents: all that a command line needs that is not about one of them."""

from __future__ import annotations

HOOKED = ("claude", "cursor", "codex", "aider")
NAMES = (*HOOKED, "copilot")  # which has no hook

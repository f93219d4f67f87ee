"""Aider: its lint command in .aider.conf.yml, called with the names of the files that it has edited.

It goes on where that prints something and fails. By default it has committed its edits before it calls.
"""

from __future__ import annotations

import re

from codetune_git.agents.agent import Agent, Answer, command
from codetune_git.domain import Refusal

_FAILED = 1
_LINE = f"lint-cmd: {command('aider')}"
_LINT = re.compile(r"^[ \t]*['\"]?lint-cmd['\"]?[ \t]*:", re.MULTILINE)
_OURS = re.compile(rf"^{re.escape(_LINE)}(?:\r?\n|\Z)", re.MULTILINE)


def _add(text: str | None, instructions: str) -> str | Refusal:
    text = text or ""
    if _OURS.search(text):
        return text
    if _LINT.search(text):
        return Refusal("it has a lint-cmd, and Aider runs one")
    if text.lstrip().startswith("{"):
        return Refusal("it is no YAML with a setting a line")
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text}{end if text and not text.endswith(chr(10)) else ''}{_LINE}{end}"


def _remove(text: str) -> str | None:
    return _OURS.sub("", text) or None


AIDER = Agent(
    name="aider",
    title="Aider",
    settings=".aider.conf.yml",
    add=_add,
    remove=_remove,
    by_hand=_LINE,
    answer=lambda instructions: Answer(out=instructions, code=_FAILED if instructions else 0),
)

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
# A value that one line holds; everything else that YAML can write is left alone.
_VALUE = (
    r"(?:\"[^\"\\]*\"|'[^']*'|\[[^][{}\"'#:&*!|>%@`]*\]"
    r"|(?:[^][\s\"'{},&*!|>%@`#?:-]|[?:-](?=\S))(?:[^\s:#]|:(?=\S)|(?<=\S)\#|\ (?!\#))*)(?:\ +\#.*)?\ *"
)
_KEY = re.compile(rf"[A-Za-z][\w-]*:(?:\ *(?:\ \#.*)?|\ +(?P<value>{_VALUE}))")
_COMMENT = re.compile(r" *(?:#.*)?")
_NO_LINE_OF_YAML = re.compile(r"\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")


def _plain(text: str) -> bool:
    """Whether the text is settings at the beginning of lines, so that one more can stand below them."""
    if _NO_LINE_OF_YAML.search(text):
        return False
    indentation: str | None = None  # of the items that may follow; None where none may
    for line in re.sub(r"\A---\r?\n", "", text).replace("\r\n", "\n").split("\n"):
        if _COMMENT.fullmatch(line):
            continue
        if key := _KEY.fullmatch(line):
            indentation = None if key["value"] else " *"
        elif indentation is not None and (item := re.fullmatch(rf"({indentation})- +{_VALUE}", line)):
            indentation = item[1]
        else:
            return False
    return True


def _add(text: str | None, instructions: str) -> str | Refusal:
    text = text or ""
    if _OURS.search(text):
        return text
    if _LINT.search(text):
        return Refusal("it has a lint-cmd, and Aider runs one")
    if not _plain(text):
        return Refusal("it is not only plain YAML settings that begin their lines")
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text}{end if text and not text.endswith(chr(10)) else ''}{_LINE}{end}"


def _remove(text: str) -> str | None:
    return _OURS.sub("", text) or None if _OURS.search(text) else text


AIDER = Agent(
    name="aider",
    title="Aider",
    settings=".aider.conf.yml",
    add=_add,
    remove=_remove,
    by_hand=_LINE,
    answer=lambda instructions: Answer(out=instructions, code=_FAILED if instructions else 0),
)

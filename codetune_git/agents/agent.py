"""What a coding agent is to this tool: where its hooks are configured, what it tells them, how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """What an agent's hook is told. `file`: what it has just written; None where it is about to end its turn.

    `again`: it goes on only because this hook has sent it back before; then it has to be let go.
    """

    file: Path | None = None
    folder: Path | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hook prints on both streams, and its exit code."""

    out: str = ""
    err: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Agent:
    """`settings` is the file below the top of the work tree, `blank` what it holds at least.

    `hooks` has, by the name of an event, what is added to the list of that event. `read` makes an event of what the
    agent sends, `answer` hands back what there is to mend ("" for nothing).
    """

    name: str
    title: str
    settings: str
    blank: Mapping[str, Any]
    hooks: Mapping[str, Mapping[str, Any]]
    read: Callable[[Mapping[str, Any]], Event]
    answer: Callable[[str], Answer]


def command(name: str) -> str:
    """The command line that an agent calls as its hook."""
    return f"git codetune agent hook {name}"


def path_of(value: object) -> Path | None:
    """A path that an agent has sent; None for anything else."""
    return Path(value) if isinstance(value, str) and value and "\0" not in value else None

"""What a coding agent is to this tool: where it is configured, what it tells a hook, how it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codetune_git.domain import Refusal

_IN_NO_PATH = re.compile("[\0\ud800-\udfff]")


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
    """`settings` is the file below the top of the work tree.

    `add` puts this tool into its text (None: there is no file yet), and is given what instructions say; `remove` takes
    it out again: None where nothing is left, the same text where it is not in it. `by_hand` says what `add` would.
    `read` makes an event of what the agent sends, None where it sends nothing and names files; `answer` hands back
    what there is to mend ("" for nothing), None where the agent has no hook. `instructed`: it is told the house's
    rules instead.
    """

    name: str
    title: str
    settings: str
    add: Callable[[str | None, str], str | Refusal]
    remove: Callable[[str], str | Refusal | None]
    by_hand: str
    read: Callable[[Mapping[str, Any]], Event] | None = None
    answer: Callable[[str], Answer] | None = None
    instructed: bool = False


def command(name: str) -> str:
    """The command line that an agent calls as its hook."""
    return f"git codetune agent hook {name}"


def path_of(value: object) -> Path | None:
    """A path that an agent has sent; None for anything else."""
    return Path(value) if isinstance(value, str) and value and not _IN_NO_PATH.search(value) else None

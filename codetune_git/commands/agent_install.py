"""`git codetune agent install` and `uninstall`: this tool in the settings of a coding agent.

1 the settings as they are; what cannot be read is left alone, and the lines to add are said
2 with hooks or instructions, or without them: as they were before, to the byte, unless somebody has edited them since
3 written in one step; what was there before is kept in the git folder until it is put back
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from codetune_git.agents.agent import Agent
from codetune_git.agents.known import AGENTS
from codetune_git.commands.user_file import replace_text, text_of
from codetune_git.domain import Refusal
from codetune_git.durable import replace_durably
from codetune_git.errors import DataRefused, Unavailable
from codetune_git.git.repository import Repository
from codetune_git.requests import AgentRequest


@dataclass(frozen=True, slots=True)
class _Installed:
    """What was written: the text before (None: no file), the SHA-256 of the text after, whether the folder is ours."""

    before: str | None
    after: str
    made_folder: bool


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _load(record: Path) -> _Installed | None:
    try:
        return _Installed(**json.loads(record.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _removed(agent: Agent, place: Path, text: str) -> str | None:
    """The text without this tool. Raises DataRefused."""
    try:
        without = agent.remove(text)
    except RecursionError:
        without = Refusal("it is nested too deep")
    if isinstance(without, Refusal):
        raise DataRefused(f"{place} stays as it is, {without}: edit it by hand")
    return without


def _what(agent: Agent) -> str:
    return "instructions" if agent.instructed else "hooks"


def _install(agent: Agent, place: Path, record: Path, instructions: str) -> str:
    before = text_of(place)
    try:
        after = agent.add(before, instructions)
    except RecursionError:
        after = Refusal("it is nested too deep")
    if isinstance(after, Refusal):
        raise DataRefused(f"{place} stays as it is, {after}: add to it {agent.by_hand}")
    if after == before:
        return f"{place} has the {_what(agent)} already."
    made_folder = not place.parent.exists()
    known = _load(record)
    if before is not None and known is not None and known.after == _digest(before):
        before, made_folder = known.before, known.made_folder  # ours already, with other instructions
    elif before is not None and (theirs := _removed(agent, place, before)) != before:
        before, made_folder = theirs, known is not None and known.made_folder  # somebody has edited what is ours
    record.parent.mkdir(parents=True, exist_ok=True)
    replace_durably(record, json.dumps(asdict(_Installed(before, _digest(after), made_folder))).encode())
    replace_text(place, after)
    return f"Installed {_what(agent)} in {place}: git codetune agent uninstall {agent.name} removes them."


def _forget(place: Path, record: Path, installed: _Installed | None) -> None:
    """Remove what an installation has left beside the file, which is gone."""
    if installed is not None and installed.made_folder:
        with suppress(OSError):  # somebody else has put something into it
            place.parent.rmdir()
    record.unlink(missing_ok=True)


def _uninstall(agent: Agent, place: Path, record: Path) -> str:
    now, installed = text_of(place), _load(record)
    if now is None:
        _forget(place, record, installed)
        return f"{place} is not there."
    untouched = installed is not None and installed.after == _digest(now)
    after = installed.before if installed is not None and untouched else _removed(agent, place, now)
    if after == now:
        return f"{place} has no {_what(agent)} of git codetune."
    if after is None:
        place.unlink()
        _forget(place, record, installed)
    else:
        replace_text(place, after)
        record.unlink(missing_ok=True)
    return f"Removed the {_what(agent)} from {place}."


def _instructions(repository: Repository, request: AgentRequest) -> str:
    """What an agent without a hook is told; "" for one with a hook."""
    if not AGENTS[request.agent].instructed or request.uninstall:
        return ""
    from codetune_git.commands.conventions_export import agents_body, house_of

    return agents_body(house_of(repository))


def run(request: AgentRequest) -> int:
    """Install or uninstall. Raises DataRefused where the settings cannot be read; nothing is changed then."""
    repository = Repository.open(request.start)
    if repository.worktree is None:
        raise Unavailable("there is no work tree here: go into one")
    agent = AGENTS[request.agent]
    place = repository.worktree / agent.settings
    record = repository.git_dir / "codetune" / "agents" / f"{agent.name}.json"
    if request.uninstall:
        print(_uninstall(agent, place, record))
    else:
        print(_install(agent, place, record, _instructions(repository, request)))
    return 0

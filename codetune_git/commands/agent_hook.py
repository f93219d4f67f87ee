"""`git codetune agent hook`: the hook that a coding agent calls, with JSON on standard input or with files. Reads only.

1 what the agent says; where it goes on only because of this hook, nothing is said again
2 what is checked: the files that it has written, or at the end of its turn all that changed; where an agent names
  files that are committed already, what the last commit wrote in them
3 what there is to mend, in the form that the agent reads
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from codetune_git.agents.agent import Agent, Event
from codetune_git.agents.known import AGENTS
from codetune_git.errors import DataRefused, UsageError
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.requests import AgentHookRequest, CheckRequest


def _event(agent: Agent, read: Callable[[Mapping[str, Any]], Event], sent: bytes) -> Event:
    """Step 1. Raises DataRefused."""
    try:
        said = json.loads(sent)
    except (ValueError, RecursionError) as error:
        raise DataRefused(f"what {agent.title} has sent is no JSON ({error})") from None
    if not isinstance(said, dict):
        raise DataRefused(f"what {agent.title} has sent is no JSON object")
    return read(said)


def _instructions(start: Path, files: Sequence[Path], *, committed: bool = False) -> str:
    """Steps 2 and 3: what there is to mend in the work tree around `start`; "" for nothing.

    `committed`: where none of the files has changed since the last commit, in that.
    """
    from codetune_git.git.repository import Repository
    from codetune_git.pipelines.checked_files import check
    from codetune_git.pipelines.configuration import resolve_configuration
    from codetune_git.report.agent import instructions

    options = resolve_configuration(start, {}).options
    repository = Repository.open(start)
    top = repository.worktree
    inside = [file for file in files if top is not None and file.resolve().is_relative_to(top.resolve())]
    if repository.takes_over() or (files and not inside):
        return ""
    request = CheckRequest(start, options, tuple(map(str, inside)), agent=True)
    until = time.monotonic() + options.hook_budget
    checked = check(repository, request, until=until)
    if committed and not checked.selected.files and repository.resolve("HEAD~1"):
        checked = check(repository, request._replace(range="HEAD~1..HEAD"), until=until)
    return instructions(checked.findings)


def _readable(start: Path, file: Path) -> bool:
    return file.name.endswith(SUFFIXES) and os.path.isfile(start / file)  # False for a name that is too long, too


def _said(agent: Agent, request: AgentHookRequest) -> str:
    """All steps."""
    if agent.read is None:
        files = [request.start / file for file in request.files if _readable(request.start, file)]
        return _instructions(request.start, files, committed=True) if files else ""
    event = _event(agent, agent.read, sys.stdin.buffer.read())
    if event.again or (event.file is not None and not _readable(request.start, event.file)):
        return ""
    file = None if event.file is None else request.start / event.file
    start = file.parent if file else event.folder or request.start
    return _instructions(start, (file,) if file else ())


def run(request: AgentHookRequest) -> int:
    """The exit code that the agent takes for an answer. Raises CodetuneError."""
    agent = AGENTS[request.agent]
    if agent.answer is None:
        raise UsageError(f"{agent.title} calls no hook")
    answer = agent.answer(_said(agent, request))
    sys.stdout.write(answer.out)
    sys.stderr.write(answer.err)
    return answer.code

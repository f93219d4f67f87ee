"""`git codetune agent hook`: the hook that a coding agent calls, with JSON on standard input. Changes nothing.

1 what the agent says; where it goes on only because of this hook, nothing is said again
2 what is checked: the file that it has written, or at the end of its turn all that changed
3 what there is to mend, in the form that the agent reads
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from codetune_git.agents.agent import Agent, Event
from codetune_git.agents.known import AGENTS
from codetune_git.errors import DataRefused
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.requests import AgentHookRequest, CheckRequest


def _event(agent: Agent, sent: bytes) -> Event:
    """Step 1. Raises DataRefused."""
    try:
        read = json.loads(sent)
    except ValueError as error:
        raise DataRefused(f"what {agent.title} has sent is no JSON ({error})") from None
    if not isinstance(read, dict):
        raise DataRefused(f"what {agent.title} has sent is no JSON object")
    return agent.read(read)


def _instructions(start: Path, file: Path | None) -> str:
    """Steps 2 and 3: what there is to mend in the work tree around `start`; "" for nothing."""
    from codetune_git.git.repository import Repository
    from codetune_git.pipelines.checked_files import check
    from codetune_git.pipelines.configuration import resolve_configuration
    from codetune_git.report.agent import instructions

    options = resolve_configuration(start, {}).options
    repository = Repository.open(start)
    if repository.takes_over():
        return ""
    request = CheckRequest(start, options, (str(file),) if file else (), agent=True)
    return instructions(check(repository, request, until=time.monotonic() + options.hook_budget).findings)


def run(request: AgentHookRequest) -> int:
    """The exit code that the agent takes for an answer. Raises CodetuneError."""
    agent = AGENTS[request.agent]
    event = _event(agent, sys.stdin.buffer.read())
    there = event.file is None or (event.file.name.endswith(SUFFIXES) and (request.start / event.file).is_file())
    said = ""
    if there and not event.again:
        file = None if event.file is None else request.start / event.file
        said = _instructions(file.parent if file else event.folder or request.start, file)
    answer = agent.answer(said)
    sys.stdout.write(answer.out)
    sys.stderr.write(answer.err)
    return answer.code

"""The verbs `check`, `agent`, `mcp` and `lsp`: options become frozen values, and those one command's exit code.

Knows click, and that a coding agent takes exit code 2 for its own fault. Does not know git, models or agents' events.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from codetune_git.agents.names import HOOKED, NAMES
from codetune_git.cli.options import chosen, colored, resolved
from codetune_git.errors import CodetuneError
from codetune_git.report.formats import FORMATS
from codetune_git.requests import AgentHookRequest, AgentRequest, CheckRequest, ServerRequest

_AGENT = click.argument("name", type=click.Choice(NAMES), metavar="|".join(NAMES))


def _excused(action: Callable[[], int]) -> int:
    """The exit code of `action`; 0 where it fails: what keeps it from looking is nothing that an agent can mend."""
    try:
        return action()
    except CodetuneError as error:
        print(f"codetune: not looked at: {' '.join(str(error).split())}", file=sys.stderr)
        return 0


@click.command()
@click.argument("names", nargs=-1, metavar="[PATH]...")
@click.option("--staged", is_flag=True, help="Look at the index instead of the work tree.")
@click.option("--range", "range_", metavar="A..B", help="Look at the lines that a range of commits added.")
@click.option("--stdin-filename", metavar="PATH", help="Look at standard input, as if it were the file PATH.")
@click.option("--whole", is_flag=True, help="Look at all lines; the files at PATH need not have changed.")
@click.option("--fix", is_flag=True, help="Write what is proven to mean the same; of standard input, print it.")
@click.option("--agent", is_flag=True, help="For a coding agent: up to ten lines on standard error, exit code 2.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@chosen
def check(
    names: Sequence[str],
    range_: str | None,
    format_: str,
    *,
    stdin_filename: str | None,
    staged: bool,
    whole: bool,
    fix: bool,
    agent: bool,
    **given: object,
) -> int:
    """Hold what changed in the work tree against how this repository writes; exit with 1 where it differs."""

    def checked() -> int:
        options = resolved(**given)
        from codetune_git.commands import check as command

        request = CheckRequest(
            Path.cwd(),
            options,
            paths=tuple(names),
            staged=staged,
            range=range_,
            stdin_filename=stdin_filename,
            whole=whole,
            fix=fix,
            agent=agent,
            format=format_,
            color=colored(options),
        )
        return command.run(request)

    return _excused(checked) if agent else checked()


@click.group()
def agent() -> None:
    """Tell a coding agent what to mend while it writes: install hooks or instructions, remove them."""


@agent.command("install")
@_AGENT
def agent_install(name: str) -> int:
    """Add this tool to the agent's settings in this work tree; what stands there stays."""
    from codetune_git.commands import agent_install as command

    return command.run(AgentRequest(Path.cwd(), name))


@agent.command("uninstall")
@_AGENT
def agent_uninstall(name: str) -> int:
    """Take it out of the settings again, which are then as they were before, to the byte."""
    from codetune_git.commands import agent_install as command

    return command.run(AgentRequest(Path.cwd(), name, uninstall=True))


@agent.command("hook")
@click.argument("name", type=click.Choice(HOOKED), metavar="|".join(HOOKED))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def agent_hook(name: str, files: Sequence[Path]) -> int:
    """What the agent calls, with JSON on standard input or with files; one turn is sent back once at most."""
    from codetune_git.commands import agent_hook as command

    return _excused(lambda: command.run(AgentHookRequest(Path.cwd(), name, tuple(files))))


@click.command()
def mcp() -> int:
    """Answer coding agents over the Model Context Protocol, on standard input and output."""
    from codetune_git.commands import mcp as command

    return command.run(ServerRequest(Path.cwd()))


@click.command()
def lsp() -> int:
    """Serve an editor over the Language Server Protocol, on standard input and output."""
    from codetune_git.commands import lsp as command

    return command.run()

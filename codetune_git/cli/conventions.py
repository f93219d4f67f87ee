"""The verb `conventions`: options become frozen values, and those one command's exit code. Knows click."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from codetune_git.cli.options import colored, resolved
from codetune_git.errors import UsageError
from codetune_git.requests import ConventionsRequest, ExportRequest

_TARGETS = ("agents", "ruff", "black", "editorconfig", "prettier", "eslint")


@click.command()
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this convention; may be repeated.")
@click.option("--drift", is_flag=True, help="Show how habits changed over time.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--as", "target", type=click.Choice(_TARGETS), help="For coding agents, or as a tool's settings.")
@click.option("--write", type=click.Path(path_type=Path), metavar="FILE", help="With --as agents: put it there.")
@click.option("--check", is_flag=True, help="With --write: change nothing, exit with 1 if the file is stale.")
def conventions(
    kinds: Sequence[str], drift: bool, format_: str, *, target: str | None, write: Path | None, check: bool
) -> int:
    """Show how this repository writes code, by counting."""
    options = resolved(kinds=kinds)
    if target is not None:
        if drift or format_ != "text":
            raise UsageError("--drift and --format are about the report: leave them out with --as")
        if write and kinds:
            raise UsageError("--write replaces all of what it has written: leave --kind out")
        from codetune_git.commands import conventions_export

        return conventions_export.run(ExportRequest(Path.cwd(), options, target, write, check))
    if write or check:
        raise UsageError("--write and --check go with --as agents")
    from codetune_git.commands import conventions as command

    return command.run(ConventionsRequest(Path.cwd(), options, drift, colored(options), format_))

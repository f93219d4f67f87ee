"""The verbs of the command line: options become frozen values, and those one command's exit code.

Knows click. Does not know git, models or what a command does; commands are imported when they run, so that a hook
with nothing to do has loaded nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import click

from codetune_git import __version__
from codetune_git.cli.checking import agent, check, lsp, mcp
from codetune_git.cli.conventions import conventions
from codetune_git.cli.options import based, chosen, colored, resolved, served
from codetune_git.report.formats import FORMATS
from codetune_git.requests import (
    AdaptersRequest,
    ApplyRequest,
    ConfigRequest,
    DecisionsRequest,
    DoctorRequest,
    EvaluateRequest,
    HookRequest,
    HooksRequest,
    LanguagesRequest,
    ReviewRequest,
    SharingRequest,
    StatusRequest,
    SuggestRequest,
    TrainRequest,
)
from codetune_git.settings import Precision

NAME = "git codetune"
PROGRAM, COMPLETING = "git-codetune", "_GIT_CODETUNE_COMPLETE"  # the script, and what shells ask it with


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, prog_name=NAME)
@click.pass_context
def codetune(context: click.Context) -> None:
    """Learn how this repository writes code from its history, and hold staged changes against it."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@codetune.command()
@click.option("--budget", metavar="TIME", help="Time to spend, such as 90s or 5m.")
@based
@click.option("--precision", type=click.Choice(get_args(Precision)), help="How to hold its weights; nf4 is 4 bits.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and trained on; change nothing.")
@click.option("--estimate", is_flag=True, help="Say how much memory and time it takes; load nothing.")
@click.option("--at-least", type=click.IntRange(min=1), default=1, metavar="N", help="Only if there are N new commits.")
@click.option("--background", is_flag=True, help="Go on in the background, at low priority.")
def train(dry_run: bool, estimate: bool, *, at_least: int, background: bool, **given: object) -> int:
    """Learn from the commits since the last training."""
    from codetune_git.commands import train_distributed

    if train_distributed.is_worker():
        return 0 if dry_run or estimate or background else train_distributed.run_as_worker()
    request = TrainRequest(Path.cwd(), resolved(**given), dry_run, at_least, background, estimate)
    if estimate:
        from codetune_git.commands import train_estimate

        return train_estimate.run(request)
    if background:
        from codetune_git.commands import train_background

        return train_background.run(request)
    return train_distributed.run(request)


@codetune.command()
@click.option("--range", "range_", metavar="A..B", help="Look at the lines that a range of commits added.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--check", is_flag=True, help="Exit with 1 if there are suggestions.")
@chosen
@based
@served
@click.option("--fix", is_flag=True, help="Write what is proven to mean the same to the work tree.")
@click.option("--index", is_flag=True, help="With --fix: write it to the index, too.")
def suggest(
    range_: str | None, format_: str, check: bool, *, fix: bool, index: bool, kinds: Sequence[str], **given: object
) -> int:
    """Suggest how this repository would have written the staged lines."""
    options = resolved(kinds=kinds, **given)
    from codetune_git.commands import suggest as command

    return command.run(SuggestRequest(Path.cwd(), options, range_, format_, check, colored(options), fix, index))


codetune.add_command(check)


@codetune.command()
@click.option("--range", "range_", metavar="A..B", help="Review the lines that a range of commits added.")
@click.option("--index-only", is_flag=True, help="Leave the work tree alone.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; change nothing.")
@chosen
@based
@served
def review(range_: str | None, index_only: bool, dry_run: bool, *, kinds: Sequence[str], **given: object) -> int:
    """Go through the suggestions, accept, reject, edit; then write what was accepted."""
    options = resolved(kinds=kinds, **given)
    from codetune_git.commands import review as command

    return command.run(ReviewRequest(Path.cwd(), options, range_, index_only, dry_run))


class _HookGroup(click.Group):
    """Without a subcommand the hook itself: what follows are the files that pre-commit names."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        if not arguments or arguments[0] not in {*self.commands, "-h", "--help"}:
            arguments = ["run", *arguments]
        return super().parse_args(context, arguments)


@codetune.group(cls=_HookGroup)
def hook() -> None:
    """Say in a hook what suggest says: quickly, never in the way. Install it, remove it."""


@hook.command("run")
@click.argument("files", nargs=-1)
@click.option("--from-ref", envvar="PRE_COMMIT_FROM_REF", metavar="A", help="Look at a range of commits instead.")
@click.option("--to-ref", envvar="PRE_COMMIT_TO_REF", metavar="B", help="Its end; HEAD by default.")
@click.option("--check", is_flag=True, help="Exit with 1 if there are suggestions: the commit is stopped.")
@click.option("--required", is_flag=True, help="Fail where something keeps it from looking.")
def hook_run(files: Sequence[str], from_ref: str | None, to_ref: str | None, *, check: bool, required: bool) -> int:
    """Look at the staged lines, or at those of a range of commits."""
    options = resolved()
    from codetune_git.commands import hook as command

    range_ = f"{from_ref}..{to_ref or 'HEAD'}" if from_ref else None
    return command.run(HookRequest(Path.cwd(), options, tuple(files), range_, check, required, colored(options)))


@hook.command("install")
@click.option("--training", is_flag=True, help="Also train in the background after commits and merges.")
def hook_install(training: bool) -> int:
    """Put a pre-commit hook where git looks for it."""
    from codetune_git.commands import hook_install as command

    return command.run(HooksRequest(Path.cwd(), training=training))


@hook.command("uninstall")
def hook_uninstall() -> int:
    """Remove the hooks that were installed."""
    from codetune_git.commands import hook_install as command

    return command.run(HooksRequest(Path.cwd(), uninstall=True))


codetune.add_command(agent)
codetune.add_command(mcp)
codetune.add_command(lsp)


@codetune.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "all_", is_flag=True, help="All suggestions for what is staged.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="All of this convention; may be repeated.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="From what suggest --format json printed.")
@click.option("--assuming", is_flag=True, help="Also those that rest on an assumption that the file supports.")
@click.option("--undo", is_flag=True, help="Take the last write back, to the byte.")
@click.option("--index-only", is_flag=True, help="Leave the work tree alone.")
@click.option("--dry-run", is_flag=True, help="Say what would be written; change nothing.")
def apply(ids: Sequence[str], all_: bool, *, kinds: Sequence[str], file: Path | None, **flags: bool) -> int:
    """Write suggestions to the index and to the work tree."""
    options = resolved(kinds=kinds)
    from codetune_git.commands import apply as command

    return command.run(ApplyRequest(Path.cwd(), options, tuple(ids), all_, file, **flags))


@codetune.group(invoke_without_command=True)
@click.pass_context
def decisions(context: click.Context) -> int | None:
    """List what was accepted and rejected here."""
    return _decisions() if context.invoked_subcommand is None else None


def _decisions(*forget: int) -> int:
    from codetune_git.commands import decisions as command

    return command.run(DecisionsRequest(Path.cwd(), forget))


@decisions.command("list")
def decisions_list() -> int:
    """List the decisions."""
    return _decisions()


@decisions.command("forget")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(min=1), metavar="NUMBER...")
def decisions_forget(numbers: Sequence[int]) -> int:
    """Forget decisions: what was rejected may be suggested again."""
    return _decisions(*numbers)


codetune.add_command(conventions)


@codetune.command()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most this many commits.")
@click.option("--adapters", metavar="ID,...", help="Adapters to compare; the active one by default.")
@based
def evaluate(limit: int | None, adapters: str | None, **given: object) -> int:
    """Measure the suggestions on commits that the adapter has not seen."""
    options = resolved(**given)
    from codetune_git.commands import evaluate as command

    wanted = tuple(name for name in (adapters or "").split(",") if name)
    return command.run(EvaluateRequest(Path.cwd(), options, limit, wanted))


@codetune.group(invoke_without_command=True)
@click.pass_context
def adapters(context: click.Context) -> int | None:
    """List the trained adapters, go back to one, remove old ones."""
    return _adapters() if context.invoked_subcommand is None else None


def _adapters(*, use: str | None = None, keep: int | None = None) -> int:
    from codetune_git.commands import adapters as command

    return command.run(AdaptersRequest(Path.cwd(), use, keep))


@adapters.command("list")
def adapters_list() -> int:
    """List the adapters; the active one is marked."""
    return _adapters()


@adapters.command("use")
@click.argument("adapter", metavar="ID")
def adapters_use(adapter: str) -> int:
    """Make ID (or the one that begins so) the active adapter."""
    return _adapters(use=adapter)


@adapters.command("prune")
@click.option("--keep", type=click.IntRange(min=0), default=5, show_default=True, metavar="N")
def adapters_prune(keep: int) -> int:
    """Remove all adapters but the N newest and the active one."""
    return _adapters(keep=keep)


_REMOTE = click.argument("remote", default="origin")
NAMED = click.option("--name", default="default", show_default=True, help="Which of several shared adapters.")


def _shared(**given: Any) -> int:
    options = resolved(base=given.pop("base", None), base_revision=given.pop("base_revision", None))
    from codetune_git.commands import adapters_sharing as command

    return command.run(SharingRequest(Path.cwd(), options, **given))


@adapters.command("push")
@_REMOTE
@NAMED
def adapters_push(remote: str, name: str) -> int:
    """Put the active adapter on REMOTE, under refs/codetune/adapters/."""
    return _shared(push=True, remote=remote, name=name)


@adapters.command("fetch")
@_REMOTE
@NAMED
@based
def adapters_fetch(**given: str | None) -> int:
    """Take the adapter of REMOTE and make it the active one, after every check."""
    return _shared(**given)


@adapters.command("export")
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["peft", "merged"]), default="peft", show_default=True)
@based
def adapters_export(out: Path, format_: str, **given: str | None) -> int:
    """Write the active adapter to the new folder OUT, for PEFT or (merged) for any runtime."""
    return _shared(out=out, merged=format_ == "merged", **given)


@codetune.command()
def status() -> int:
    """Show the active adapter, its record, how it judges, and what is new since it was trained."""
    options = resolved()
    from codetune_git.commands import status as command

    return command.run(StatusRequest(Path.cwd(), options))


@codetune.command()
@click.option("--show-origin", is_flag=True, help="Say where each value comes from.")
def config(show_origin: bool) -> int:
    """Show the settings that hold here."""
    from codetune_git.commands import config as command

    return command.run(ConfigRequest(Path.cwd(), show_origin))


@codetune.command()
@click.argument("language", default="")
def languages(language: str) -> int:
    """List the languages that are read, or what can be said of LANGUAGE."""
    from codetune_git.commands import languages as command

    return command.run(LanguagesRequest(language))


@codetune.command()
@based
def doctor(**given: object) -> int:
    """Check everything that a run depends on, and name the fix of what is wrong."""
    options = resolved(**given)
    from codetune_git.commands import doctor as command

    return command.run(DoctorRequest(Path.cwd(), options))


@codetune.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print what a shell needs to complete `git codetune` and `git-codetune`."""
    from codetune_git.commands import completion as command

    return command.run(codetune, shell, program=PROGRAM, variable=COMPLETING)

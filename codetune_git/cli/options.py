"""Options that several verbs share, and what is configured. Knows click; does not know what is done with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from codetune_git.settings import Options


def based(command: Callable[..., int]) -> Callable[..., int]:
    """The options that name a base model."""
    revision = click.option("--base-revision", metavar="REV", help="Branch, tag or commit of the base model NAME.")
    named = "Base model: a folder, or the name of one downloaded from Hugging Face; the embedded one by default."
    return click.option("--base", metavar="NAME|PATH", help=named)(revision(command))


def chosen(command: Callable[..., int]) -> Callable[..., int]:
    """The options that select suggestions."""
    path = click.option(
        "--path", "paths", multiple=True, metavar="PATTERN", help="Only files that match; may be repeated."
    )
    sure = "Least confidence of a suggestion, 0 to 1, instead of the calibrated one."
    threshold = click.option("--threshold", metavar="SHARE", help=sure)
    kind = click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this convention; may be repeated.")
    return kind(threshold(path(command)))


def served(command: Callable[..., int]) -> Callable[..., int]:
    """The options that name a server."""
    name = click.option("--endpoint-model", metavar="NAME", help="The model there; the adapter's id by default.")
    sent = "Have a server score instead: staged code is sent there."
    return click.option("--endpoint", metavar="URL", help=sent)(name(command))


def resolved(**given: object) -> Options:
    """What is configured, under what was `given` on the command line. Raises UsageError."""
    from codetune_git.pipelines.configuration import resolve_configuration

    return resolve_configuration(Path.cwd(), given).options


def colored(options: Options) -> bool:
    """Whether colours may be printed."""
    if options.color != "auto":
        return options.color == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

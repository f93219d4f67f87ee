"""Options that several verbs share. Knows click; does not know what is done with them."""

from __future__ import annotations

from collections.abc import Callable

import click


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

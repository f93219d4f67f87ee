"""The review: suggestions in, what a person decided about them out. Knows the app; the caller knows the repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from codetune_git.domain import Decision, FileFindings
from codetune_git.errors import Interrupted
from codetune_git.tui.app import ReviewApp
from codetune_git.tui.backend import ReviewBackend
from codetune_git.tui.keys import bound

__all__ = ["ReviewBackend", "review"]

_NO_WISHES: Mapping[str, str] = MappingProxyType({})


def _outcome(app: ReviewApp) -> tuple[Decision, ...]:
    try:
        decisions = app.run()
    except KeyboardInterrupt:
        raise Interrupted("interrupted") from None
    if app.failure is not None:
        raise app.failure
    if decisions is None:
        raise Interrupted("interrupted")
    return decisions


def review(
    files: Iterator[FileFindings],
    backend: ReviewBackend,
    *,
    total: int,
    keys: Mapping[str, str] = _NO_WISHES,
    judged_by: str = "",
) -> tuple[Decision, ...]:
    """The decisions, in the order of files and lines, once the person leaves; what is undecided is not among them.

    `files` may block; `total` is how many will come. `keys`: wishes for other keys, by the id of the action.
    `judged_by`: what the suggestions rest on, in words.
    Raises UsageError for keys that cannot be given, Interrupted for ctrl+c, and what `files` or `backend` raise.
    """
    return _outcome(ReviewApp(files, backend, total=total, keys=bound(keys), judged_by=judged_by))

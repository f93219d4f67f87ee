"""The log of decisions about suggestions: written, and read as rejections. Joins the store and rejections; imports
nothing heavy.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from codetune_git.domain import Decision, StagedFile, Suggestion, Verdict
from codetune_git.errors import Unavailable
from codetune_git.process.terminal import warn
from codetune_git.store import Store
from codetune_git.suggesting.rejections import Rejections

if TYPE_CHECKING:
    from codetune_git.store import Decided


def rejections(store: Store) -> Rejections:
    """The suggestions that are not to be made again."""
    return Rejections.of(
        (d.path, d.original, d.replacement) for d in store.decisions() if d.verdict is Verdict.REJECTED
    )


def accepted(suggestions: Iterable[Suggestion]) -> tuple[Decision, ...]:
    return tuple(Decision(one, Verdict.ACCEPTED, one.replacement) for one in suggestions)


def _decided(decision: Decision, oid: str, now: int) -> Decided:
    from codetune_git.store import Decided

    one = decision.suggestion
    texts = one.original, decision.replacement
    return Decided(0, now, decision.verdict, one.path, oid, one.lines.first, one.kind, *texts)


def remember(store: Store, files: Sequence[StagedFile], decisions: Iterable[Decision]) -> None:
    """Log decisions about suggestions for `files`. A failure is a warning: the texts are written already."""
    oids, now = {file.path: file.oid for file in files}, int(time.time())
    try:
        store.remember(_decided(decision, oids[decision.suggestion.path], now) for decision in decisions)
    except (Unavailable, OSError) as error:
        warn([str(error)])

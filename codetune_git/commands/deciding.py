"""What people decide about suggestions: kept, and looked up. Joins the store and rejections; imports nothing heavy."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from codetune_git.domain import Decision, StagedFile, Suggestion, Verdict
from codetune_git.store import Decided, Store
from codetune_git.suggesting.rejections import Rejections


def rejections(store: Store) -> Rejections:
    """What is not to be said again."""
    return Rejections.of(
        (d.path, d.original, d.replacement) for d in store.decisions() if d.verdict is Verdict.REJECTED
    )


def accepted(suggestions: Iterable[Suggestion]) -> tuple[Decision, ...]:
    return tuple(Decision(one, Verdict.ACCEPTED, one.replacement) for one in suggestions)


def remember(store: Store, files: Sequence[StagedFile], decisions: Iterable[Decision]) -> None:
    """Keep decisions about suggestions for `files`; raises Unavailable."""
    oids, now = {file.path: file.oid for file in files}, int(time.time())
    store.remember(
        Decided(
            number=0,
            time=now,
            verdict=decision.verdict,
            path=decision.suggestion.path,
            oid=oids[decision.suggestion.path],
            line=decision.suggestion.lines.first,
            kind=decision.suggestion.kind,
            original=decision.suggestion.original,
            replacement=decision.replacement,
        )
        for decision in decisions
    )

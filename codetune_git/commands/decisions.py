"""`git codetune decisions`: what was accepted and turned down here, and how to take that back."""

from __future__ import annotations

from datetime import datetime

from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.report.text import visible
from codetune_git.requests import DecisionsRequest
from codetune_git.store import Decided, Store


def _line(decided: Decided) -> str:
    when = datetime.fromtimestamp(decided.time).strftime("%Y-%m-%d %H:%M")
    place = f"{decided.path}:{decided.line}"
    texts = [text[0].strip() if text else "(no line)" for text in (decided.original, decided.replacement)]
    return visible(
        f"{decided.number:>4}  {when}  {decided.verdict.value:<8}  {decided.kind}  {place}  {' -> '.join(texts)}"
    )


def run(request: DecisionsRequest) -> int:
    """List or forget decisions. Raises UsageError for a number that is not there."""
    store = Store(Repository.open(request.start).codetune_dir)
    known = store.decisions()
    missing = set(request.forget) - {decided.number for decided in known}
    if missing:
        raise UsageError(f"there is no decision {min(missing)}: see git codetune decisions")
    if request.forget:
        store.forget(request.forget)
        print(f"Forgot {len(set(request.forget))}; what was rejected so may be suggested again.")
        return 0
    for decided in known:
        print(_line(decided))
    if not known:
        print("Nothing was decided here yet.")
    return 0

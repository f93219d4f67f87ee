"""Decisions of people as hunks to learn from: the text that they chose, where it has settled. Joins store and git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from codetune_git.domain import LineRange, Refusal, Verdict
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.pipelines.style_counts import texts_at
from codetune_git.store import Decided, Store
from codetune_git.suggesting.evaluation.cases import CommittedFile
from codetune_git.text.decoding import decode


def _wanted(decided: Decided, today: frozenset[bytes]) -> tuple[str, ...] | None:
    """The text that somebody chose at the place of a decision, where it has settled; None where neither text has."""
    texts = [decided.original, decided.replacement]
    if decided.verdict is Verdict.ACCEPTED:
        texts.reverse()
    return next((text for text in texts if text and today.issuperset(line.encode() for line in text)), None)


def _hunk(decided: Decided, blob: bytes, today: frozenset[bytes], number: int) -> CommittedFile | None:
    content, text = decode(blob), _wanted(decided, today)
    if isinstance(content, Refusal) or text is None:
        return None
    lines = content.split(b"\n")
    start, end = decided.line - 1, decided.line - 1 + len(decided.original)
    if [line.encode() for line in decided.original] != lines[start:end]:
        return None
    lines[start:end] = [line.encode() for line in text]
    place = LineRange(decided.line, decided.line + len(text) - 1)
    return CommittedFile(decided.path, b"\n".join(lines), (place,), today | frozenset(lines), number)


def decided_hunks(
    decisions: Iterable[Decided], blobs: Mapping[str, bytes], today: Mapping[str, bytes]
) -> tuple[CommittedFile, ...]:
    """The chosen texts as clean hunks, newest first, numbered from 0 on.

    `blobs`: the staged contents by oid; `today`: the files by path. An accepted text that was taken back counts as
    rejected, and the other way round. A text that has become something else does not count.
    """
    hunks: list[CommittedFile] = []
    for decided in sorted(decisions, key=lambda d: -d.number):
        now = decode(today.get(decided.path, b""))
        settled = frozenset[bytes]() if isinstance(now, Refusal) else frozenset(now.split(b"\n"))
        blob = blobs.get(decided.oid)
        hunk = _hunk(decided, blob, settled, len(hunks)) if blob is not None else None
        if hunk is not None:
            hunks.append(hunk)
    return tuple(hunks)


def decided_since(repository: Repository, store: Store, tip: str, since: int) -> tuple[CommittedFile, ...]:
    """The `decided_hunks` of the decisions since `since` (seconds since the epoch), as settled in the commit `tip`."""
    decisions = [decided for decided in store.decisions() if decided.time >= since]
    if not decisions:
        return ()
    with BlobReader(repository) as reader:
        read = reader.read(sorted({decided.oid for decided in decisions}))
    blobs = {oid: blob for oid, blob in read.items() if isinstance(blob, bytes)}
    today = texts_at(repository, tip, sorted({decided.path for decided in decisions}))
    return decided_hunks(decisions, blobs, today)

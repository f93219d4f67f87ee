"""`git codetune adapters`: list them, go back to one, remove old ones. Knows the store; does not know models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from codetune_git.errors import DataRefused
from codetune_git.git.repository import Repository
from codetune_git.process.terminal import warn
from codetune_git.requests import AdaptersRequest
from codetune_git.store import Adapter, Store

_HEADINGS = ("", "id", "trained", "read", "size", "base", "name")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _row(adapter: Adapter, active: str | None) -> tuple[str, ...]:
    trained = datetime.fromtimestamp(adapter.manifest.created).isoformat(" ", "minutes")
    mark = "*" if adapter.id == active else ""
    manifest = adapter.manifest
    return mark, adapter.id, trained, str(manifest.commits), _size(adapter.size), manifest.base, manifest.name


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _active_id(store: Store) -> str | None:
    """The id of the active adapter; None where there is none or it is damaged, which the list says."""
    try:
        active = store.active()
    except DataRefused:
        return None
    return active.id if active else None


def _list(store: Store) -> None:
    sound, refused = store.adapters()
    if sound:
        active = _active_id(store)
        print("\n".join(_table([_HEADINGS, *(_row(adapter, active) for adapter in reversed(sound))])))
    elif not refused:
        print("no adapters yet: run `git codetune train`")
    warn(skipped.reason for skipped in refused)


def _use(store: Store, beginning: str) -> None:
    adapter = store.activate(store.find(beginning))
    print(f"{adapter.id} is active, trained on {adapter.training_summary}")


def _prune(store: Store, keep: int) -> None:
    removed = store.prune(keep)
    print(f"removed {', '.join(removed)}" if removed else "nothing to remove")


def run(request: AdaptersRequest) -> int:
    """Do what the request says; raises AdapterMissing, DataRefused, Unavailable and UsageError."""
    store = Store(Repository.open(request.start).codetune_dir)
    if request.use is not None:
        _use(store, request.use)
    elif request.keep is not None:
        _prune(store, request.keep)
    else:
        _list(store)
    return 0

"""The folder of adapters and the pointer to the active one. Knows the order of writes; does not know locks or SQLite.

    <home>/active                      the active adapter's id: the one place that decides, switched by one rename
    <home>/adapters/<id>/              manifest.json, cursor.json, calibration.json, adapter/, light/
    <home>/adapters/.<anything>        being written or removed; whoever holds the lock next sweeps it away

The cursor lies in the adapter's folder: it moves with the pointer in the same instant, and a rollback takes it along
(what the older adapter has not seen is learned again).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

from codetune_git.durable import replace_durably, sync_folder, sync_tree, write_durably
from codetune_git.errors import DataRefused
from codetune_git.store.checks import CURSOR, MANIFEST, paths_of, record_of, verified
from codetune_git.store.manifest import decode_cursor, decode_manifest, encode_cursor, encode_manifest
from codetune_git.store.pointer import ID, known_ids
from codetune_git.store.values import Cursor, FileRecord, Manifest
from codetune_git.weight_files import check_lora

_STAMP = "%y%m%d-%H%M%S"


def read_cursor(folder: Path) -> Cursor:
    """The cursor in an adapter's folder; raises DataRefused."""
    try:
        return decode_cursor((folder / CURSOR).read_bytes())
    except (OSError, ValueError) as error:
        raise DataRefused(f"{folder / CURSOR} {error}: choose another adapter or train again") from error


def _next_id(home: Path, created: int) -> str:
    """The time in UTC; later than all others, even where the clock was set back or two finish in one second."""
    stamp = datetime.fromtimestamp(created, UTC).strftime(_STAMP)
    newest = max(known_ids(home), default="")
    if stamp > newest:
        return stamp
    return (datetime.strptime(newest, _STAMP) + timedelta(seconds=1)).strftime(_STAMP)


def sweep(home: Path, live: Collection[Path]) -> None:
    """Remove what dead processes left half-written or half-removed, except for the `live` folders of this process."""
    for path in (home / "adapters").glob(".*"):
        if path not in live:
            shutil.rmtree(path, ignore_errors=True)


def point_to(home: Path, adapter_id: str) -> None:
    """Make an adapter the active one; raises OSError, the old one staying active."""
    replace_durably(home / "active", f"{adapter_id}\n".encode())


def remove(home: Path, adapter_id: str) -> None:
    """Remove an adapter: at once as far as others can see. Raises OSError."""
    gone = home / "adapters" / f".gone-{adapter_id}"
    os.rename(home / "adapters" / adapter_id, gone)
    sync_folder(home / "adapters")
    shutil.rmtree(gone, ignore_errors=True)


def _digests(files: tuple[FileRecord, ...]) -> dict[str, str]:
    return {record.path: record.sha256 for record in files}


def adopt(home: Path, staged: Path, base: str) -> str:
    """Make the `staged` folder, an adapter that was published elsewhere, the active one; returns its id.

    Every byte is checked before anything else, and that it was trained on `base`. An adapter that is here already under
    that id must be the same one. Raises DataRefused or OSError.
    """
    try:
        adapter_id, _, records = decode_manifest((staged / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise DataRefused(f"what was fetched is no adapter: {MANIFEST} {error}") from error
    if not ID.fullmatch(adapter_id):
        raise DataRefused(f"what was fetched is no adapter: {adapter_id!r} is no id")
    verified(staged, adapter_id, base=base, thorough=True)
    read_cursor(staged)
    for record in records:  # so that the quick check knows them again
        os.utime(staged / record.path, ns=(record.mtime_ns, record.mtime_ns))
    place = home / "adapters" / adapter_id
    if not place.exists():
        sync_tree(staged)
        os.rename(staged, place)
        sync_folder(home / "adapters")
    elif _digests(verified(place, adapter_id, base=base, thorough=True).files) != _digests(records):
        raise DataRefused(f"another adapter is here under the id {adapter_id}: train once more to get past it")
    point_to(home, adapter_id)
    return adapter_id


def publish(home: Path, staged: Path, manifest: Manifest, cursor: Cursor) -> str:
    """Make the `staged` folder the active adapter and return its id; raises DataRefused or OSError.

    Killed or failing anywhere, the old adapter is active with its cursor, or the new one is, entire, with its own:
    1. refuse what an adapter may not hold   2. add the cursor   3. add the manifest, with the digest of every file
    4. make all of it durable                5. write the new pointer beside the old: no more space is needed from here
    6. rename the folder into place          7. switch the pointer
    """
    try:
        paths_of(staged)  # 1
        check_lora(staged / "adapter")
    except ValueError as error:
        raise DataRefused(f"the new adapter cannot be published: {error}") from error
    write_durably(staged / CURSOR, encode_cursor(cursor))  # 2
    adapter_id = _next_id(home, manifest.created)
    records = tuple(record_of(staged, path) for path in paths_of(staged))  # 3
    write_durably(staged / MANIFEST, encode_manifest(adapter_id, manifest, records))
    sync_tree(staged)  # 4
    write_durably(home / "active.new", f"{adapter_id}\n".encode())  # 5
    os.rename(staged, home / "adapters" / adapter_id)  # 6
    sync_folder(home / "adapters")
    os.replace(home / "active.new", home / "active")  # 7
    sync_folder(home)
    return adapter_id

"""How a revision's files are written, read once a blob and kept in the store. Joins git, the catalogue and the store."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from codetune_git.commands.workers import mapped
from codetune_git.conventions import VERSION, sites
from codetune_git.conventions.reading import Reading, read
from codetune_git.git.attributes import excluded
from codetune_git.git.ignore import ignored
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeFile, tree_files
from codetune_git.store import Store
from codetune_git.text.decoding import decode
from codetune_git.text.selection import refuse_path, refuse_syntax, refuse_text
from codetune_git.text.source import Source

SUFFIXES = (".py",)
NOTHING = Reading({}, ()).to_bytes()


def reading_of(blob: bytes) -> bytes:
    """What a file's bytes say, in the form that is kept; nothing for a file that must not be learned from."""
    decoded = decode(blob)
    if isinstance(decoded, str) or refuse_text(decoded.text):
        return NOTHING
    source = Source.parse(decoded.text)
    return NOTHING if refuse_syntax(source) else read(source, sites(source)).to_bytes()


def eligible(repository: Repository, paths: list[str], tip: str) -> dict[str, str | None]:
    """For every path the reason why it is left out, or None."""
    asked = [path for path in paths if refuse_path(path) is None]
    refused = {**ignored(repository, asked, tip), **excluded(repository, asked, tip)}
    return {path: refuse_path(path) or refused.get(path) for path in paths}


def _read(repository: Repository, oids: list[str], advance: Callable[[int, int], None]) -> dict[str, bytes]:
    with BlobReader(repository) as blobs:
        content = dict(blobs.read(oids))
    known = [oid for oid in oids if isinstance(content.get(oid), bytes)]
    found: dict[str, bytes] = {}
    for oid, reading in zip(known, mapped(reading_of, [content[oid] for oid in known]), strict=True):
        found[oid] = reading
        advance(len(found), len(known))
    return found


def _decoded(payload: bytes) -> Reading | None:
    try:
        return Reading.from_bytes(payload)
    except (ValueError, zlib.error, LookupError, TypeError):
        return None  # a damaged cache entry is read again


def readings_at(
    repository: Repository, store: Store, revision: str, advance: Callable[[int, int], None]
) -> list[tuple[TreeFile, Reading]]:
    """The files of `revision` that are learned from, with what they say. `advance(done, all)` as they are read."""
    files = tree_files(repository, revision, SUFFIXES)
    refused = eligible(repository, [file.path for file in files], revision)
    kept = [file for file in files if refused[file.path] is None]
    cached = store.blob_counts({file.oid for file in kept}, VERSION)
    readings = {oid: reading for oid, payload in cached.items() if (reading := _decoded(payload)) is not None}
    missing = sorted({file.oid for file in kept} - readings.keys())
    if missing:
        fresh = _read(repository, missing, advance)
        store.remember_counts(fresh, VERSION)
        readings |= {oid: Reading.from_bytes(payload) for oid, payload in fresh.items()}
    return [(file, readings[file.oid]) for file in kept if file.oid in readings]

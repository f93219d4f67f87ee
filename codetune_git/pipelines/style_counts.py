"""The style counts of a revision: each blob is read once and cached. Joins git, the catalogue and the store."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codetune_git.domain import Refusal, Skipped
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeFile, tree_files
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.languages.table import VERSIONS, admitted_at, sites, version_at
from codetune_git.pipelines.admission import eligible
from codetune_git.pipelines.file_sample import MOST_FILES, FileSample, sampled
from codetune_git.process.workers import mapped
from codetune_git.store import Store
from codetune_git.style.counting import Counts
from codetune_git.style.reading import Example, Reading, read

NOTHING = Reading({}, ()).to_bytes()


class Content(NamedTuple):
    """A file's path and its bytes."""

    path: str
    blob: bytes


def reading_of(content: Content) -> bytes:
    """The reading of a file in its cached form; an empty one for a file that must not be learned from."""
    source = admitted_at(*content)
    return NOTHING if isinstance(source, Refusal) else read(source, sites(source)).to_bytes()


def _read(
    repository: Repository, paths: Mapping[str, str], advance: Callable[[int, int], None]
) -> tuple[dict[str, bytes], dict[str, Refusal]]:
    """The readings by oid, and by oid the refusals where there is none. `paths`: by oid one path of each."""
    with BlobReader(repository) as blobs:
        answers = blobs.read(list(paths))
    content = {oid: Content(paths[oid], blob) for oid, blob in answers.items() if isinstance(blob, bytes)}
    payloads: dict[str, bytes] = {}
    for oid, reading in zip(content, mapped(reading_of, list(content.values())), strict=True):
        payloads[oid] = reading
        advance(len(payloads), len(content))
    return payloads, {oid: blob for oid, blob in answers.items() if isinstance(blob, Refusal)}


def _decoded(payload: bytes) -> Reading | None:
    try:
        return Reading.from_bytes(payload)
    except (ValueError, zlib.error, LookupError, TypeError):
        return None  # a damaged cache entry is read again


def _by_version(oids: Iterable[str], paths: Mapping[str, str]) -> dict[str, list[str]]:
    """The oids by the version of the catalogue that counts them. `paths`: by oid one path of each."""
    groups: dict[str, list[str]] = {}
    for oid in oids:
        groups.setdefault(version_at(paths[oid]), []).append(oid)
    return groups


def cached_readings(store: Store, paths: Mapping[str, str]) -> dict[str, Reading]:
    """The cached readings of these blobs. `paths`: by oid one path of each."""
    cached: dict[str, bytes] = {}
    for version, oids in _by_version(paths, paths).items():
        cached |= store.blob_counts(oids, version)
    return {oid: reading for oid, payload in cached.items() if (reading := _decoded(payload)) is not None}


def remember_readings(store: Store, fresh: Mapping[str, bytes], paths: Mapping[str, str]) -> None:
    """Keep what was read, under the version of the catalogue that read it; what older versions read is forgotten."""
    for version, oids in _by_version(fresh, paths).items():
        store.remember_counts({oid: fresh[oid] for oid in oids}, version, VERSIONS)


@dataclass(frozen=True, slots=True)
class Readings:
    """The counted files of a revision with their readings, and those without content.

    `sample`: the share of the files that is counted.
    """

    files: tuple[tuple[TreeFile, Reading], ...]
    skipped: tuple[Skipped, ...]
    sample: FileSample

    @property
    def counts(self) -> Counts:
        return Counts.of(reading.tally for _, reading in self.files)

    @property
    def examples(self) -> list[tuple[str, tuple[Example, ...]]]:
        """By path."""
        return [(file.path, reading.examples) for file, reading in self.files]


def _eligible(repository: Repository, revision: str) -> list[TreeFile]:
    """The files of `revision` that may be learned from."""
    files = tree_files(repository, revision, SUFFIXES)
    refused = eligible(repository, [file.path for file in files], revision)
    return [file for file in files if refused[file.path] is None]


def counted_files(repository: Repository, revision: str) -> tuple[TreeFile, ...]:
    """The files of `revision` that are counted. Raises Unavailable where there is no such revision."""
    return sampled(_eligible(repository, revision))


def sample_at(repository: Repository, revision: str) -> FileSample:
    """The share of the files of `revision` that is counted. Raises Unavailable where there is no such revision."""
    every = len(tree_files(repository, revision, SUFFIXES))
    return FileSample.of(every if every <= MOST_FILES else len(_eligible(repository, revision)))


def readings_at(repository: Repository, store: Store, revision: str, advance: Callable[[int, int], None]) -> Readings:
    """The readings of the counted files of `revision`. Calls `advance(done, all)` for each one that is not cached."""
    every = _eligible(repository, revision)
    kept = sampled(every)
    readings = cached_readings(store, {file.oid: file.path for file in kept})
    missing = {file.oid: file.path for file in sorted(kept, key=lambda file: file.oid) if file.oid not in readings}
    refusals: dict[str, Refusal] = {}
    if missing:
        fresh, refusals = _read(repository, missing, advance)
        remember_readings(store, fresh, missing)
        readings |= {oid: Reading.from_bytes(payload) for oid, payload in fresh.items()}
    return Readings(
        tuple((file, readings[file.oid]) for file in kept if file.oid in readings),
        tuple(Skipped(file.path, refusals[file.oid]) for file in kept if file.oid in refusals),
        FileSample.of(len(every)),
    )


def texts_at(
    repository: Repository, revision: str, paths: Sequence[str], suffixes: tuple[str, ...] = SUFFIXES
) -> dict[str, bytes]:
    """The content of those of `paths` that `revision` has and that end in one of `suffixes` (without any: all)."""
    wanted = set(paths)
    files = [file for file in tree_files(repository, revision, suffixes) if file.path in wanted]
    with BlobReader(repository) as blobs:
        content = blobs.read([file.oid for file in files])
    return {file.path: blob for file in files if isinstance(blob := content[file.oid], bytes)}

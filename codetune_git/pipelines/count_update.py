"""Updates the counts of one commit to those of another, from the files that differ.

1 the files that differ between the two commits and are counted
2 the readings of their old and new contents, from the cache; missing ones are read and cached, those next to the staged
  files first, up to a bound that a hook can wait for
3 the new counts are the old ones less the old contents, plus the new ones; a file counts as it was or as it is

Does not know what the counts are used for.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from codetune_git.errors import Unavailable
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.git.tree import TreeChange, tree_changes
from codetune_git.languages.suffixes import SUFFIXES
from codetune_git.languages.table import RECORDED, counted_alike
from codetune_git.pipelines.admission import eligible
from codetune_git.pipelines.style_counts import Content, cached_readings, reading_of, remember_readings, sample_at
from codetune_git.store import Adapter, Store
from codetune_git.style.counting import Counts, Key
from codetune_git.style.reading import Reading
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile

MOST_READ = 200_000  # bytes of source in one run: about half a second
MOST_FILES = 600  # beyond that the repository should be trained on again, and looking up what is known takes too long


def _oids(change: TreeChange) -> list[str]:
    return [oid for oid in (change.old_oid, change.new_oid) if oid is not None]


def _differing(repository: Repository, counted: str, at: str) -> list[TreeChange]:
    """Step 1: a side that the rules of its own commit refuse does not count."""
    sample = sample_at(repository, counted)
    changes = [change for change in tree_changes(repository, counted, at, SUFFIXES) if sample.holds(change.path)]
    paths = [change.path for change in changes]
    then, now = eligible(repository, paths, counted), eligible(repository, paths, at)
    judged = (
        TreeChange(c.path, None if then[c.path] else c.old_oid, None if now[c.path] else c.new_oid) for c in changes
    )
    return [change for change in judged if change.old_oid != change.new_oid]


def _nearest_first(changes: Sequence[TreeChange], staged: Sequence[str]) -> list[TreeChange]:
    folders = {posixpath.dirname(path) for path in staged}
    ordered = sorted(changes, key=lambda change: (posixpath.dirname(change.path) not in folders, change.path))
    return ordered[:MOST_FILES]


def _read(repository: Repository, paths: Mapping[str, str], most: int) -> dict[str, bytes]:
    """Step 2: the readings of the first blobs that are there, until `most` bytes were read.

    `paths`: by oid one path of each.
    """
    payloads: dict[str, bytes] = {}
    left = most
    with suppress(Unavailable), BlobReader(repository) as blobs:  # a partial clone may lack what once was
        for oid, path in paths.items():
            if left <= 0:
                break
            blob = blobs.read([oid])[oid]
            if isinstance(blob, bytes):
                payloads[oid] = reading_of(Content(path, blob))
                left -= len(blob)
    return payloads


def _readings(repository: Repository, store: Store, changes: Sequence[TreeChange], most: int) -> dict[str, Reading]:
    paths = {oid: change.path for change in changes for oid in _oids(change)}
    readings = cached_readings(store, paths)
    missing = {oid: path for oid, path in paths.items() if oid not in readings}
    if missing and (fresh := _read(repository, missing, most)):
        remember_readings(store, fresh, missing)
        readings |= {oid: Reading.from_bytes(payload) for oid, payload in fresh.items()}
    return readings


def _shifted(counts: Counts, changes: Sequence[TreeChange], readings: dict[str, Reading]) -> Counts:
    """Step 3."""
    total: Counter[Key] = Counter(counts.tally)
    for change in changes:
        if change.new_oid is not None:
            total.update(readings[change.new_oid].tally)
        if change.old_oid is not None:
            total.subtract(readings[change.old_oid].tally)
    return Counts.of([+total])


def counted_commit(repository: Repository, store: Store, adapter: Adapter) -> str | None:
    """The commit that the adapter's counts are of; None where it is gone."""
    tips = store.cursor(adapter).tips
    return repository.resolve(tips[-1]) if tips else None


@dataclass(frozen=True, slots=True)
class CountUpdate:
    """A profile with the counts of another commit. `complete`: every file that changed was read."""

    profile: StyleProfile
    complete: bool = True


def update_counts(
    profile: StyleProfile,
    repository: Repository,
    store: Store,
    *,
    counted: str | None,
    at: str | None,
    staged: Sequence[str],
    catalogues: str | None = None,
    most: int = MOST_READ,
) -> CountUpdate:
    """The profile with the counts and examples of the commit `at` instead of those of the commit `counted`.

    `staged`: the paths that it is to judge. `catalogues`: the versions that counted, joined by `+` (default: today's);
    files of a language whose catalogue is another one now stay as they were counted. The profile is returned as it is
    where one of the commits is unknown. A file that did not change counts as it did, whatever became of the rules.
    Raises DataRefused for a damaged adapter, Unavailable if git fails.
    """
    if counted is None or at is None or counted == at:
        return CountUpdate(profile)
    changes = [
        change for change in _differing(repository, counted, at) if counted_alike(change.path, catalogues or RECORDED)
    ]
    changes = _nearest_first(changes, staged)
    readings = _readings(repository, store, changes, most)
    read = [change for change in changes if readings.keys() >= set(_oids(change))]
    if not read:
        return CountUpdate(profile, complete=not changes)
    examples = [(c.path, readings[c.new_oid].examples) for c in read if c.new_oid is not None]
    shifted = replace(
        profile,
        counts=_shifted(profile.counts, read, readings),
        precedents=Precedents.of(examples, at).before(profile.precedents, {change.path for change in read}),
    )
    return CountUpdate(shifted, complete=len(read) == len(changes))

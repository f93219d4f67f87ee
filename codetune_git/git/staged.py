"""What is about to be committed, or what a range of commits changed: files, their texts and their added lines.

Knows the index that the environment names, trees and blobs. Does not know lines that are good or bad, nor ignore rules.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from codetune_git.domain import Refusal, Skipped, StagedFile
from codetune_git.errors import RevisionMissing
from codetune_git.git.objects import BlobReader
from codetune_git.git.partial import NOT_FETCHED, paths_not_fetched
from codetune_git.git.patch import FileDiff, read_entries
from codetune_git.git.process import DIFF_OPTIONS
from codetune_git.git.repository import Repository
from codetune_git.languages.suffixes import SUFFIXES

DELETED = Refusal("deleted")
MODE_CHANGED = Refusal("mode changed, content unchanged")
RENAMED = Refusal("renamed, content unchanged")
NOTHING_NEW = frozenset({DELETED, MODE_CHANGED, RENAMED})  # what leaves nothing to look at
_ZEROS = re.compile("0{40}|0{64}")
_BINARY_PROBE = 8000  # bytes in which git looks for a NUL


def _differences(
    repository: Repository, command: Sequence[str], revisions: Sequence[str], patterns: Sequence[str]
) -> tuple[list[FileDiff], tuple[Skipped, ...]]:
    """The files that differ, and those that a partial clone cannot compare."""
    absent = paths_not_fetched(repository, (*command, *revisions), patterns)
    excluded = (f":(exclude,top,literal){path}" for path in absent)
    with repository.git.stream(*command, *DIFF_OPTIONS, *revisions, "--", *patterns, *excluded) as pipes:
        files = [file for entry in read_entries(pipes.stdout) for file in entry.files]
    return files, tuple(Skipped(path, NOT_FETCHED) for path in absent)


def _ending(suffixes: tuple[str, ...]) -> list[str]:
    """The patterns of the files that end so."""
    return [f"*{suffix}" for suffix in suffixes]


def _refusal(file: FileDiff, intended: frozenset[str]) -> Refusal | None:
    """Why there is nothing to look at, as far as the record tells."""
    if file.status == "U":
        return Refusal("merge conflict")
    if file.is_submodule:
        return Refusal("submodule")
    if file.status == "D":
        return DELETED
    if file.new_is_symlink:
        return Refusal("symbolic link")
    if file.path in intended:
        return Refusal("intent to add: nothing is staged yet")
    if file.old_oid == file.new_oid:
        return MODE_CHANGED if file.path == file.old_path else RENAMED
    return None


def _oids(file: FileDiff) -> list[str]:
    return [file.old_oid, file.new_oid] if file.old_is_file else [file.new_oid]


def _staged_file(file: FileDiff, contents: Mapping[str, bytes | Refusal]) -> StagedFile | Refusal:
    new = contents[file.new_oid]
    head = contents[file.old_oid] if file.old_is_file else None
    if isinstance(new, Refusal):
        return new
    if isinstance(head, Refusal):
        return Refusal(f"what it was before: {head}")
    if b"\0" in new[:_BINARY_PROBE]:
        return Refusal("binary")
    return StagedFile(file.path, file.new_oid, new, head, file.added)


def _read(
    repository: Repository, files: Sequence[FileDiff], intended: frozenset[str] = frozenset()
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    refused = [(file, _refusal(file, intended)) for file in files]
    usable = [file for file, refusal in refused if refusal is None]
    skipped = [Skipped(file.path, refusal) for file, refusal in refused if refusal is not None]
    if not usable:
        return (), tuple(skipped)
    with BlobReader(repository) as reader:
        contents = reader.read([oid for file in usable for oid in _oids(file)])
    results = [(file.path, _staged_file(file, contents)) for file in usable]
    skipped += [Skipped(path, result) for path, result in results if isinstance(result, Refusal)]
    return tuple(result for _, result in results if isinstance(result, StagedFile)), tuple(skipped)


def staged(
    repository: Repository, suffixes: tuple[str, ...] = SUFFIXES, *, head: str | None = None
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    """The files with `suffixes` that the next commit would change, and those among them that cannot be looked at.

    Read from the index that the environment names, as in a hook of `git commit -a`. Before the first commit all of
    the index is new. `head` is the commit that HEAD names, where that was asked already. Raises Unavailable where git
    fails.
    """
    command, tip = ("diff-index", "--cached"), [head or repository.head() or repository.empty_tree]
    patterns = _ending(suffixes)
    files, absent = _differences(repository, (*command, "--ita-visible-in-index"), tip, patterns)
    intended: frozenset[str] = frozenset()
    if any(file.new_oid == repository.empty_blob for file in files):  # so look entries that are only intended
        real, _ = _differences(repository, (*command, "--ita-invisible-in-index"), tip, patterns)
        intended = frozenset(file.path for file in files) - frozenset(file.path for file in real)
    found, skipped = _read(repository, files, intended)
    return found, (*skipped, *absent)


def staged_at(repository: Repository, paths: Sequence[str]) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    """What the index holds at `paths` (files or folders; "" is the top), changed or not: all lines count as added."""
    patterns = [f":(top,literal){path}" for path in paths]
    files, absent = _differences(repository, ("diff-index", "--cached"), [repository.empty_tree], patterns)
    found, skipped = _read(repository, [file for file in files if file.path.endswith(SUFFIXES)])
    return found, (*skipped, *absent)


def fork(repository: Repository, base: str, tip: str) -> tuple[str, str]:
    """The commits where `tip` left `base`, and of `tip` itself; `base` where a shallow clone has no merge base.

    What others did on `base` meanwhile does not lie between them. Raises RevisionMissing for one that is not there, or
    that is all zeros: so git and CI services write that there was none before.
    """
    oids = []
    for revision in (base, tip):
        if _ZEROS.fullmatch(revision):
            raise RevisionMissing(f"{revision} is no commit but says that there was none: give two that are there")
        oid = repository.resolve(revision)
        if oid is None:
            remedy = "fetch it first (CI checkouts are shallow unless told otherwise)"
            raise RevisionMissing(f"no commit {revision!r} in {repository.git.folder}: {remedy}")
        oids.append(oid)
    return repository.merge_base(*oids) or oids[0], oids[1]


def changed(
    repository: Repository, start: str, end: str, suffixes: tuple[str, ...] = SUFFIXES
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    """The files with `suffixes` that differ between two commits, as `staged` returns them; see `fork` for a range."""
    files, absent = _differences(repository, ("diff-tree", "-r"), (start, end), _ending(suffixes))
    found, skipped = _read(repository, files)
    return found, (*skipped, *absent)

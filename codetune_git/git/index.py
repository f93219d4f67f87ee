"""The index file and private copies of it. Knows entries and their bits; does not know what is written or why.

All writing goes to copies. git itself does it, so split and sparse indexes, intended additions and everybody's flags
stay as they are; a library's own writer drops them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from codetune_git.errors import DataRefused
from codetune_git.git.process import Git, last_line
from codetune_git.git.repository import Repository

# One that the user asked for by name is meant as it stands; nothing here follows a name as a pattern.
_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}
_PATHS_A_CALL = 500
# Mixed line ends are what they are: no refusal. Nobody's hook is told of a private copy.
_AS_IT_IS = ("-c", "core.safecrlf=false", "-c", "core.hooksPath=/dev/null")
_REFUSED_MODES = {"120000": "it is a symbolic link", "160000": "it is a submodule"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the index: `mode` as in a tree, `assumed`: marked assume-unchanged."""

    mode: str
    oid: str
    assumed: bool


def index_file(repository: Repository) -> Path:
    """The index that the environment names; of a symbolic link the file behind it, which git writes, too."""
    named = repository.git.environment.get("GIT_INDEX_FILE")
    place = Path(named) if named else repository.git_dir / "index"
    return place.resolve() if place.is_symlink() else place


def _listed(git: Git, paths: Sequence[str]) -> dict[str, list[tuple[str, str, str, str]]]:
    """(tag, mode, oid, stage) of all entries by path."""
    found: dict[str, list[tuple[str, str, str, str]]] = {}
    literal = git.with_environment(**_LITERAL)
    for start in range(0, len(paths), _PATHS_A_CALL):
        part = paths[start : start + _PATHS_A_CALL]
        for record in os.fsdecode(literal.run("ls-files", "-z", "-v", "--stage", "--", *part)).split("\0")[:-1]:
            fields, _, path = record.partition("\t")
            tag, mode, oid, stage = fields.split(" ")
            found.setdefault(path, []).append((tag, mode, oid, stage))
    return found


def _refused(path: str, why: str) -> DataRefused:
    return DataRefused(f"{path}: {why}; nothing was changed")


def _entry(path: str, found: Sequence[tuple[str, str, str, str]]) -> Entry:
    if not found:
        raise _refused(path, "it is not staged")
    tag, mode, oid, stage = found[0]
    if stage != "0":
        raise _refused(path, "it has a merge conflict: resolve it first")
    if mode in _REFUSED_MODES:
        raise _refused(path, _REFUSED_MODES[mode])
    if tag.upper() == "S":
        raise _refused(path, "it is left out of this sparse checkout (skip-worktree)")
    return Entry(mode, oid, tag.islower())


def entries(of: Repository | Git, paths: Sequence[str]) -> dict[str, Entry]:
    """The ordinary files at `paths` in the index of a repository or of a copy. Raises DataRefused for anything else."""
    found = _listed(of.git if isinstance(of, Repository) else of, paths)
    return {path: _entry(path, found.get(path, ())) for path in paths}


def holds(git: Git, wanted: Mapping[str, Entry]) -> bool:
    """Whether the index has exactly these entries at their paths."""
    found = _listed(git, list(wanted))
    return all(
        [(mode, oid, tag.islower()) for tag, mode, oid, _ in found.get(path, ())] == [(e.mode, e.oid, e.assumed)]
        for path, e in wanted.items()
    )


def copied(repository: Repository, copy: Path) -> Git:
    """git with `copy`, made from the index, as its index.

    It has the index's time: git tells by it which entries may have changed since they were looked at.
    """
    try:
        shutil.copy2(index_file(repository), copy)
    except FileNotFoundError:
        raise DataRefused("nothing is staged here; nothing was changed") from None
    return repository.git.with_environment(GIT_INDEX_FILE=os.fspath(copy))


def _records(wanted: Mapping[str, tuple[str, str]]) -> bytes:
    return b"".join(os.fsencode(f"{mode} {oid} 0\t{path}") + b"\0" for path, (mode, oid) in wanted.items())


def _names(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _updated(git: Git, *arguments: str, stdin: bytes) -> None:
    """git also looks at other files that may have changed since the index was written: any filter may fail here."""
    done = git.attempt(*_AS_IT_IS, "update-index", "-z", *arguments, stdin=stdin)
    if done.returncode:
        raise DataRefused(f"git cannot add what is here: {last_line(done.stderr)}; nothing was changed")


def put(git: Git, wanted: Mapping[str, Entry]) -> None:
    """Make `wanted` the entries at their paths, marks included; nothing is known of their work-tree files then.

    Raises DataRefused where git cannot.
    """
    _updated(git, "--index-info", stdin=_records({path: (entry.mode, entry.oid) for path, entry in wanted.items()}))
    if assumed := [path for path, entry in wanted.items() if entry.assumed]:
        _updated(git, "--assume-unchanged", "--stdin", stdin=_names(assumed))


def add(git: Git, paths: Sequence[str]) -> None:
    """Put what `git add` would store for these work-tree files into a private index; drop those that are gone.

    Raises DataRefused where git would fail.
    """
    _updated(git, "--no-split-index", "--add", "--remove", "--stdin", stdin=_names(paths))


def added(git: Git, present: Mapping[str, Entry]) -> dict[str, str]:
    """The oids of what `git add` would store for these work-tree files. Raises DataRefused where it would fail."""
    # Without marks and times, so that each file is read, whatever the index believes about it.
    put(git, {path: Entry(entry.mode, entry.oid, False) for path, entry in present.items()})
    _updated(git, "--stdin", stdin=_names(present))
    return {path: entry.oid for path, entry in entries(git, list(present)).items()}

"""What a program can ask about a repository: conventions of a path, precedents of a kind, a check. Joins the rooms.

Knows texts in and texts out. Does not know which protocol carries them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from codetune_git.domain import Precedent
from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.languages.paths import suffix_of
from codetune_git.languages.table import kinds_named, language_of
from codetune_git.pipelines.checked_files import check, path_in
from codetune_git.pipelines.configuration import resolve_configuration
from codetune_git.pipelines.habits import CountedHabits, counted_habits, habits_below
from codetune_git.pipelines.kinds import wanted
from codetune_git.report import reference
from codetune_git.report.agent import instructions
from codetune_git.requests import CheckRequest
from codetune_git.store import Store

_NOTHING = "Nothing to mend: what was looked at is written as this repository does, as far as it is sure.\n"
_PRECEDENTS = 5


def _counted(repository: Repository, kinds: frozenset[str]) -> CountedHabits:
    return counted_habits(repository, Store(repository.codetune_dir), kinds, quiet=True)


def conventions(start: Path, path: str) -> str:
    """How the file `path` is to be written, or all files of a folder ("" for all). Raises CodetuneError."""
    repository = Repository.open(start)
    inside = path_in(repository, start, path) if path else ""
    language = language_of(inside)
    if suffix_of(inside) and language is None and not (start / path).is_dir():
        raise UsageError(f"{path!r} is in no language that is read")
    kinds = frozenset(convention.name for convention in language.catalogue) if language else wanted(())
    counted = _counted(repository, kinds)
    folder = f"{inside.rpartition('/')[0] if language else inside}/".removeprefix("/")
    own = {habit.name: habit for habit in habits_below(counted, folder, kinds)} if folder else {}
    return reference.conventions(counted.habits, own, folder)


def _examples(counted: CountedHabits, kind: str) -> Iterator[tuple[str, Precedent]]:
    for path, examples in counted.today.examples:
        for example in examples:
            if example.convention == kind:
                yield example.variant, Precedent(path, example.line, counted.tip, example.text)


def precedents(start: Path, kind: str) -> str:
    """Every way in which the convention `kind` is written here, with lines that show it. Raises CodetuneError."""
    kinds = wanted((kind,)) if kind else frozenset()
    if not kinds & kinds_named(kind):
        raise UsageError(f"{kind!r} is no convention: ask for the conventions, which name them")
    counted = _counted(Repository.open(start), kinds)
    shown = (reference.precedents(habit, _examples(counted, habit.name), _PRECEDENTS) for habit in counted.habits)
    return "".join(shown) or "It is not written here at all.\n"


def checked(start: Path, *, path: str = "", text: str | None = None, diff: str | None = None) -> str:
    """What is to be mended: in `text` as the file `path`, in what `diff` would make, or in the work tree below `path`.

    Raises CodetuneError.
    """
    if text is not None and diff is not None:
        raise UsageError("give a text or a diff, not both")
    if text is not None and not path:
        raise UsageError("a text needs the path of the file that it is to be")
    repository, options = Repository.open(start), resolve_configuration(start, {}).options
    request = CheckRequest(
        start,
        options,
        paths=(path,) if path and text is None else (),
        stdin_filename=path if text is not None else None,
        text=None if text is None else text.encode("utf-8", "surrogateescape"),
        patch=None if diff is None else diff.encode("utf-8", "surrogateescape"),
        agent=True,
    )
    return instructions(check(repository, request, until=float("inf")).findings) or _NOTHING

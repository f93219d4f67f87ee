"""What is suggested about staged lines (or a range's), file by file. Joins git, the store and the judgement.

1 what is staged (or what a range added); nothing eligible: done before anything heavy is imported
2 the active adapter's judgement, with the counts of today
3 file by file: evidence, the model where it can matter, decisions; less what a person has rejected before
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codetune_git.domain import LanguageModel, Skipped, StagedFile, Suggestion
from codetune_git.errors import AdapterMissing, Unavailable, UsageError
from codetune_git.git.repository import Repository
from codetune_git.settings import Options

if TYPE_CHECKING:
    from codetune_git.store import Adapter, Store
    from codetune_git.suggesting.judgement import Judgement

SUFFIXES = (".py",)
REJECTED = "rejected before (see git codetune decisions)"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The files, why others are left out, and the commit that they are compared with, whose habits count."""

    files: tuple[StagedFile, ...]
    skipped: tuple[Skipped, ...]
    before: str | None


def _read(repository: Repository, range_: str | None) -> LookedAt:
    from codetune_git.git.staged import changed, fork, staged

    if range_ is None and repository.bare:
        raise Unavailable("nothing is staged in a bare repository: give two revisions as --range A..B")
    if range_ is None:
        return LookedAt(*staged(repository, SUFFIXES), repository.head())
    base, dots, tip = range_.partition("..")
    if not dots or not base:
        raise UsageError(f"{range_!r} is no range: give two revisions as A..B")
    start, end = fork(repository, base, tip.removeprefix(".") or "HEAD")
    return LookedAt(*changed(repository, start, end, SUFFIXES), start)


def _matching(files: Sequence[StagedFile], patterns: Sequence[str]) -> tuple[StagedFile, ...]:
    if not patterns:
        return tuple(files)
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines(patterns)
    return tuple(file for file in files if spec.match_file(file.path))


def _eligible(
    repository: Repository, files: Sequence[StagedFile]
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    if not files:
        return (), ()
    from codetune_git.commands.eligibility import eligible

    refused = eligible(repository, [file.path for file in files], repository.head() or repository.empty_tree)
    skipped = tuple(Skipped(path, reason) for path, reason in refused.items() if reason)
    return tuple(file for file in files if refused[file.path] is None), skipped


def looked_at(repository: Repository, options: Options, range_: str | None = None) -> LookedAt:
    """Step 1. Raises UsageError for what is no range, Unavailable where nothing can be staged."""
    found = _read(repository, range_)
    files, refused = _eligible(repository, _matching(found.files, options.paths))
    return LookedAt(files, (*found.skipped, *refused), found.before)


class _Model:
    """The adapter's compiled model, loaded when it is first asked for."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._folder, self._threads = folder, threads
        self._loaded: LanguageModel | None = None

    def __call__(self) -> LanguageModel:
        if self._loaded is None:
            from codetune_git.model.runtime import LightModel

            self._loaded = LightModel.load(self._folder, threads=self._threads)
        return self._loaded


def _judgement(
    repository: Repository, found: LookedAt, options: Options, *, adapter: Adapter, store: Store
) -> Judgement:
    """Step 2."""
    from codetune_git.commands.drift import caught_up
    from codetune_git.suggesting.record import from_json

    judgement = from_json(adapter.calibration.read_text())
    paths = [file.path for file in found.files]
    judgement = caught_up(judgement, repository, store, adapter=adapter, at=found.before, staged=paths)
    if options.threshold is None:
        return judgement
    return replace(judgement, calibration=replace(judgement.calibration, threshold=options.threshold))


class Finder:
    """Steps 2 and 3 for the files of one LookedAt; for one thread. Raises AdapterMissing and DataRefused at once."""

    def __init__(self, repository: Repository, found: LookedAt, options: Options) -> None:
        from codetune_git.commands.deciding import rejections
        from codetune_git.commands.kinds import wanted
        from codetune_git.store import Store  # with all that checks an adapter, most of what a hook would load

        store = Store(repository.codetune_dir)
        adapter = store.active()
        if adapter is None:
            raise AdapterMissing("no adapter yet: run git codetune train")
        self.adapter, self.base = adapter.id, adapter.manifest.base
        self._kinds = wanted(options.kinds, options.disabled_kinds)
        self._judgement = _judgement(repository, found, options, adapter=adapter, store=store)
        self._model = _Model(adapter.light, options.threads)
        self._rejections = rejections(store)

    def suggestions(self, file: StagedFile) -> tuple[tuple[Suggestion, ...], tuple[Skipped, ...]]:
        """What is suggested about a file, and what is left out of it."""
        if not self._kinds:  # to suggestions_in none would mean all
            return (), ()
        from codetune_git.suggesting.judgement import suggestions_in

        found, skipped = suggestions_in(file, self._judgement, self._model, kinds=self._kinds)
        again = [one for one in found if self._rejections.silence(one)]
        kept = tuple(one for one in found if one not in again)
        return kept, (*skipped, *(Skipped(one.path, REJECTED, one.lines.first) for one in again))

"""Finds suggestions for staged lines (or those of a range), file by file. Joins git, the store and the profile.

1 the staged files (or those that a range changed); where none is eligible nothing heavy is imported
2 the profile of the active adapter, or without one the profile by counts, with the counts of today
3 file by file: evidence, the model where it can matter, decisions, less what a person has rejected
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codetune_git.domain import BY_COUNTS, Findings, LanguageModel, Outcome, Skipped, StagedFile, Suggestion
from codetune_git.errors import OverBudget, Unavailable, UsageError
from codetune_git.git.repository import Repository
from codetune_git.settings import Options

if TYPE_CHECKING:
    from codetune_git.model.scoring.server import Server
    from codetune_git.pipelines.count_update import CountUpdate
    from codetune_git.store import Adapter
    from codetune_git.suggesting.profile import StyleProfile

NO_TIME = "no time left"
REJECTED = "rejected before (see git codetune decisions)"


@dataclass(frozen=True, slots=True)
class SelectedFiles:
    """The files to look at, those left out with reasons, and the commit before, whose counts are taken."""

    files: tuple[StagedFile, ...]
    skipped: tuple[Skipped, ...]
    before: str | None


def _read(repository: Repository, range_: str | None) -> SelectedFiles:
    from codetune_git.git.staged import changed, fork, staged

    if range_ is None and repository.bare:
        raise Unavailable("nothing is staged in a bare repository: give two revisions as --range A..B")
    if range_ is None:
        return SelectedFiles(*staged(repository), repository.head())
    base, dots, tip = range_.partition("..")
    if not dots or not base:
        raise UsageError(f"{range_!r} is no range: give two revisions as A..B")
    start, end = fork(repository, base, tip.removeprefix(".") or "HEAD")
    return SelectedFiles(*changed(repository, start, end), start)


def _matching(files: Sequence[StagedFile], patterns: Sequence[str]) -> tuple[StagedFile, ...]:
    if not patterns:
        return tuple(files)
    from pathspec import GitIgnoreSpec

    spec = GitIgnoreSpec.from_lines(patterns)
    return tuple(file for file in files if spec.match_file(file.path))


def _eligible(
    repository: Repository, files: Sequence[StagedFile], tip: str | None
) -> tuple[tuple[StagedFile, ...], tuple[Skipped, ...]]:
    if not files:
        return (), ()
    from codetune_git.pipelines.admission import eligible

    refused = eligible(repository, [file.path for file in files], tip or repository.empty_tree)
    skipped = tuple(Skipped(path, reason) for path, reason in refused.items() if reason)
    return tuple(file for file in files if refused[file.path] is None), skipped


def admitted_files(repository: Repository, selected: SelectedFiles, options: Options, tip: str | None) -> SelectedFiles:
    """Those of the selected files that are wanted and that the rules of the commit `tip` admit."""
    files, refused = _eligible(repository, _matching(selected.files, options.paths), tip)
    return replace(selected, files=files, skipped=(*selected.skipped, *refused))


def select_files(repository: Repository, options: Options, range_: str | None = None) -> SelectedFiles:
    """Step 1. Raises UsageError for what is no range, Unavailable where nothing can be staged."""
    selected = _read(repository, range_)
    tip = selected.before if range_ is None else repository.head()  # whose rules count
    return admitted_files(repository, selected, options, tip)


class _LazyModel:
    """The model of the adapter, loaded when it is first asked for, or the `server` that has it.

    `folder` is the adapter's; without one the model is never asked for.
    """

    def __init__(self, folder: Path | None, options: Options, server: Server | None) -> None:
        self._folder, self._options, self._server = folder, options, server
        self._loaded: LanguageModel | None = None

    def __call__(self) -> LanguageModel:
        if self._folder is None:
            raise AssertionError("a profile by counts asks no model")
        if self._loaded is None and self._server is not None:
            from codetune_git.model.scoring.endpoint import EndpointModel

            self._loaded = EndpointModel.open(self._server, self._folder / "light")
        elif self._loaded is None:
            from codetune_git.model.scoring.runtimes import open_model

            self._loaded = open_model(self._folder, self._options)
        return self._loaded


def _wanted(options: Options) -> frozenset[str] | None:
    """The kinds that are wanted; None for all, so that nothing has to be looked up. Raises UsageError."""
    if not options.kinds and not options.disabled_kinds:
        return None
    from codetune_git.pipelines.kinds import wanted

    return wanted(options.kinds, options.disabled_kinds)


class Finder:
    """Steps 2 and 3 for selected files, in one thread. Raises DataRefused.

    What is needed only for a text without a cached verdict is loaded when there is such a text. `until`: the time of
    time.monotonic() until which a server has to have answered. `quiet`: without progress on the error stream.
    """

    def __init__(
        self,
        repository: Repository,
        selected: SelectedFiles,
        options: Options,
        *,
        until: float = math.inf,
        quiet: bool = False,
    ) -> None:
        from codetune_git.pipelines.decision_log import rejections
        from codetune_git.pipelines.endpoint import server_of
        from codetune_git.store import Store  # with all that checks an adapter, most of what a hook would load

        self._repository, self._selected, self._options = repository, selected, options
        self._store = Store(repository.codetune_dir)
        self._adapter = adapter = self._store.active()
        self._kinds = _wanted(options)
        self._server = server_of(options, adapter.id, until) if adapter else None
        self._model = _LazyModel(adapter.folder if adapter else None, options, self._server)
        self._rejections = rejections(self._store)
        self._update: CountUpdate | None = None
        self._quiet = quiet

    @property
    def adapter(self) -> str:
        return self._adapter.id if self._adapter else BY_COUNTS

    @property
    def base(self) -> str:
        return self._adapter.manifest.base if self._adapter else ""

    def _by_counts(self) -> tuple[StyleProfile, str | None]:
        """The profile by counts, and the commit that was counted."""
        from codetune_git.pipelines.profile_cache import EMPTY_PROFILE, cached_profile

        at, rate = self._selected.before, self._options.false_positive_rate
        if at is None:
            return EMPTY_PROFILE, None
        found = cached_profile(self._repository, self._store, at, rate=rate)
        if found is None:
            from codetune_git.pipelines.counts_profile import make_counts_profile
            from codetune_git.process.terminal import Stages

            found = make_counts_profile(self._repository, self._store, at, rate=rate, stages=Stages(quiet=self._quiet))
        return found.profile, found.commit

    def _learned(self, adapter: Adapter) -> tuple[StyleProfile, str | None]:
        """The profile of the adapter, and the commit that was counted."""
        from codetune_git.pipelines.count_update import counted_commit
        from codetune_git.suggesting.profile import StyleProfile

        return StyleProfile.from_json(adapter.calibration.read_text()), counted_commit(
            self._repository, self._store, adapter
        )

    def _counted_otherwise(self, adapter: Adapter) -> bool:
        """Whether a catalogue of another version counted what is to be judged: it can't be brought up to date."""
        from codetune_git.languages.table import counted_alike

        catalogues = adapter.manifest.catalogue_version
        return not all(counted_alike(file.path, catalogues) for file in self._selected.files)

    def _profile(self) -> CountUpdate:
        """Step 2."""
        if self._update is None:
            from codetune_git.pipelines.count_update import update_counts

            catalogues = self._adapter.manifest.catalogue_version if self._adapter else None
            profile, counted = self._learned(self._adapter) if self._adapter else self._by_counts()
            if self._adapter is not None and (profile.calibration.silent or self._counted_otherwise(self._adapter)):
                (profile, counted), catalogues = self._by_counts(), None  # counts know more by now
            self._update = update_counts(
                profile,
                self._repository,
                self._store,
                counted=counted,
                at=self._selected.before,
                staged=[file.path for file in self._selected.files],
                catalogues=catalogues,
            )
        return self._update

    def _judged(self, file: StagedFile) -> Outcome:
        """Step 3, computed."""
        from codetune_git.suggesting.suggestions import suggestions_in

        profile = self._profile().profile
        if self._options.threshold is not None:
            calibration = replace(profile.calibration, threshold=self._options.threshold, thresholds={})
            profile = replace(profile, calibration=calibration)
        return suggestions_in(file, profile, self._model, kinds=self._kinds or frozenset())

    def _verdict(self, file: StagedFile) -> Outcome:
        """Step 3, from the cache or computed."""
        from codetune_git.pipelines.verdict_cache import load_verdict, save_verdict, verdict_key

        kinds, server = self._kinds and sorted(self._kinds), self._server
        scored_at = (server.url, server.model) if server else ()
        asked = (self._options.threshold, self._options.false_positive_rate)
        key = verdict_key(file, self.adapter, self._selected.before, kinds, *asked, *scored_at)
        outcome = load_verdict(self._store, key)
        if outcome is None:
            outcome = self._judged(file)
            if self._profile().complete:
                save_verdict(self._store, key, outcome)
        return outcome

    def suggestions(self, file: StagedFile) -> Outcome:
        """The suggestions for a file, and what is left out of it."""
        if self._kinds == frozenset():
            return (), ()
        suggestions, skipped = self._verdict(file)
        rejected = [suggestion for suggestion in suggestions if self._rejections.silence(suggestion)]
        kept = tuple(suggestion for suggestion in suggestions if suggestion not in rejected)
        return kept, (*skipped, *(Skipped(again.path, REJECTED, again.lines.first) for again in rejected))


def find_suggestions(
    repository: Repository,
    selected: SelectedFiles,
    options: Options,
    *,
    until: float = math.inf,
    quiet: bool = False,
) -> Findings:
    """Steps 2 and 3 for all files; those that come later than `until` of time.monotonic() are left out.

    Raises DataRefused and, of a server, Unavailable, unless there is nothing to look at.
    """
    if not selected.files:
        return Findings((), selected.skipped, "", "")
    finder = Finder(repository, selected, options, until=until, quiet=quiet)
    suggestions: list[Suggestion] = []
    skipped: list[Skipped] = [*selected.skipped]
    for file in selected.files:
        outcome: Outcome = (), (Skipped(file.path, NO_TIME),)
        with suppress(OverBudget):  # of a server that goes on thinking
            if time.monotonic() <= until:
                outcome = finder.suggestions(file)
        more, left_out = outcome
        suggestions += more
        skipped += left_out
    return Findings(tuple(suggestions), tuple(skipped), finder.adapter, finder.base)

"""`git codetune suggest`: from staged lines to suggestions. Knows the order of the steps; the how is in the rooms.

1 what is staged (or what a range added); nothing eligible: done before anything heavy is imported
2 the active adapter's judgement, with the counts of today
3 file by file: evidence, the model where it can matter, decisions
4 report
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from codetune_git.domain import Findings, LanguageModel, Skipped, StagedFile, Suggestion
from codetune_git.errors import AdapterMissing, Unavailable, UsageError
from codetune_git.git.repository import Repository
from codetune_git.settings import Options, SuggestSettings

if TYPE_CHECKING:
    from codetune_git.store import Adapter, Store
    from codetune_git.suggesting.judgement import Judgement

SUFFIXES = (".py",)


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """The files, why others are left out, and the commit that they are compared with, whose habits count."""

    files: tuple[StagedFile, ...]
    skipped: tuple[Skipped, ...]
    before: str | None


def _looked_at(repository: Repository, range_: str | None) -> _LookedAt:
    """Step 1."""
    from codetune_git.git.staged import changed, fork, staged

    if range_ is None and repository.bare:
        raise Unavailable("nothing is staged in a bare repository: give two revisions as --range A..B")
    if range_ is None:
        return _LookedAt(*staged(repository, SUFFIXES), repository.head())
    base, dots, tip = range_.partition("..")
    if not dots or not base:
        raise UsageError(f"{range_!r} is no range: give two revisions as A..B")
    start, end = fork(repository, base, tip.removeprefix(".") or "HEAD")
    return _LookedAt(*changed(repository, start, end, SUFFIXES), start)


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


def _judgement(repository: Repository, looked_at: _LookedAt, adapter: Adapter, store: Store) -> Judgement:
    """Step 2: with the counts of today."""
    from codetune_git.commands.drift import caught_up
    from codetune_git.suggesting.record import from_json

    judgement = from_json(adapter.calibration.read_text())
    paths = [file.path for file in looked_at.files]
    return caught_up(judgement, repository, store, adapter=adapter, at=looked_at.before, staged=paths)


def _judged(
    files: Sequence[StagedFile], judgement: Judgement, adapter: Adapter, options: Options
) -> tuple[tuple[Suggestion, ...], tuple[Skipped, ...]]:
    """Step 3."""
    from codetune_git.commands.kinds import wanted
    from codetune_git.suggesting.judgement import suggestions_in

    kinds = wanted(options.kinds, options.disabled_kinds)
    if options.threshold is not None:
        calibration = replace(judgement.calibration, threshold=options.threshold)
        judgement = replace(judgement, calibration=calibration)
    model: Callable[[], LanguageModel] = _Model(adapter.light, options.threads)
    found: list[Suggestion] = []
    skipped: list[Skipped] = []
    for file in files if kinds else ():  # to suggestions_in none would mean all
        suggestions, left_out = suggestions_in(file, judgement, model, kinds=kinds)
        found += suggestions
        skipped += left_out
    return tuple(found), tuple(skipped)


def _report(findings: Findings, files: Sequence[StagedFile], settings: SuggestSettings) -> str:
    """Step 4."""
    if settings.format == "json":
        from codetune_git.report.json import render_json

        return render_json(findings)
    if not findings.suggestions:
        return ""
    if settings.format == "diff":
        from codetune_git.report.diff import render_diff

        return render_diff(findings.suggestions, {file.path: file.content for file in files})
    from codetune_git.report.text import render_text

    return render_text(findings, color=settings.color)


def _found(repository: Repository, looked_at: _LookedAt, options: Options) -> Findings:
    """Steps 2 and 3; raises AdapterMissing and DataRefused."""
    from codetune_git.store import Store  # with all that checks an adapter, most of what a hook would load

    store = Store(repository.codetune_dir)
    adapter = store.active()
    if adapter is None:
        raise AdapterMissing("no adapter yet: run git codetune train")
    judgement = _judgement(repository, looked_at, adapter, store)
    found, skipped = _judged(looked_at.files, judgement, adapter, options)
    return Findings(found, skipped, adapter.id, adapter.manifest.base)


def run(settings: SuggestSettings) -> int:
    """Print suggestions; 1 if there are some under `check`, else 0. Raises CodetuneError."""
    repository = Repository.open(settings.start)
    looked_at = _looked_at(repository, settings.range)
    files, refused = _eligible(repository, _matching(looked_at.files, settings.options.paths))
    looked_at = replace(looked_at, files=files, skipped=(*looked_at.skipped, *refused))
    findings = _found(repository, looked_at, settings.options) if files else Findings((), (), "", "")
    findings = replace(findings, skipped=(*looked_at.skipped, *findings.skipped))
    sys.stdout.write(_report(findings, files, settings))
    return 1 if settings.check and findings.suggestions else 0

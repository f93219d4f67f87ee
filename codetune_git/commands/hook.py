"""`git codetune hook`: prints what `suggest` prints, within a time budget, and never writes.

1 nothing during a rebase, a merge and the like: those lines were written before
2 the staged lines, or those of a range; of the files that are named
3 file by file until the time is up
4 the suggestions, the files that were not looked at, and how to go on

What prevents suggestions (no adapter, no runtime, no commit to compare with, no time) is printed in one line. It is no
failure unless `--required` is given.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

from codetune_git.domain import Findings, StagedFile
from codetune_git.errors import AdapterMissing, OverBudget, RevisionMissing, Unavailable
from codetune_git.git.repository import Repository
from codetune_git.pipelines.finder import NO_TIME, SelectedFiles, find_suggestions, select_files
from codetune_git.requests import HookRequest

_EXCUSED = (AdapterMissing, Unavailable, RevisionMissing, OverBudget)


def _named(repository: Repository, selected: SelectedFiles, request: HookRequest) -> SelectedFiles:
    """The files that pre-commit named, which it does from the top of the work tree or from where it was called."""
    if not request.files:
        return selected
    top = (repository.worktree or request.start).resolve()
    places = (request.start / name for name in request.files)
    # Its folder by its real name, whatever links lead there; the file itself may be a link, and is what is staged.
    wanted = {os.path.relpath(place.parent.resolve() / place.name, top).replace(os.sep, "/") for place in places}
    return replace(
        selected,
        files=tuple(file for file in selected.files if file.path in wanted),
        skipped=tuple(one for one in selected.skipped if one.path in wanted),
    )


def _said(findings: Findings, files: Sequence[StagedFile], request: HookRequest) -> str:
    """Step 4."""
    from codetune_git.report.formats import Report, render
    from codetune_git.report.text import visible

    parts = [render(Report(findings, color=request.color), "text")]
    if findings.suggestions and request.range is None:
        parts.append("To take them or turn them down: git codetune review\n")
    if late := [visible(one.path) for one in findings.skipped if one.reason == NO_TIME]:
        spent = f"{request.options.hook_budget:g} s are up"
        parts.append(f"{spent}, not looked at: {', '.join(late)} ({len(late)} of {len(files)} files)\n")
    return "".join(parts)


def _run(request: HookRequest, started: float) -> int:
    repository = Repository.open(request.start)
    if request.range is None and repository.takes_over():  # step 1
        return 0
    selected = _named(repository, select_files(repository, request.options, request.range), request)
    if not selected.files:
        return 0
    until = started + request.options.hook_budget
    findings = find_suggestions(repository, selected, request.options, until=until)  # step 3
    sys.stdout.write(_said(findings, selected.files, request))
    late = sum(one.reason == NO_TIME for one in findings.skipped)
    if late and request.required:
        raise OverBudget(
            f"{late} of {len(selected.files)} files were not looked at: give more with codetune.hookBudget"
        )
    return 1 if request.check and findings.suggestions else 0


def run(request: HookRequest) -> int:
    """1 if there are suggestions under `check`, else 0. Raises CodetuneError, what is excused only if `required`."""
    try:
        return _run(request, time.monotonic())
    except _EXCUSED as error:
        if request.required:
            raise
        print(f"codetune: not looked at: {error}", file=sys.stderr)
        return 0

"""`git codetune suggest`: from staged lines to suggestions. Knows the order of the steps; the how is in the rooms.

1 what is looked at; nothing eligible: done before anything heavy is imported
2 what is suggested about it
3 with --fix: what is proven to mean the same, written to the work tree, or to the index as well
4 report
"""

from __future__ import annotations

import sys

from codetune_git.domain import Findings, Verification
from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.pipelines.finder import SelectedFiles, find_suggestions, select_files
from codetune_git.report.formats import Report, render
from codetune_git.requests import SuggestRequest


def _fixed(repository: Repository, selected: SelectedFiles, findings: Findings, request: SuggestRequest) -> None:
    """Step 3."""
    safe = [one for one in findings.suggestions if one.verification is Verification.SAFE]
    if not safe:
        return
    from codetune_git.git.apply import Targets
    from codetune_git.pipelines.write_back import write_suggestions

    paths = write_suggestions(repository, selected.files, safe, Targets(index=request.to_index))
    place = "work tree and index" if request.to_index else "work tree"
    written = sum(one.path in paths for one in safe)
    said = f"wrote {written} of {len(findings.suggestions)} suggestions to the {place}"
    if there := len(safe) - written:
        said += f"; {there} {'is' if there == 1 else 'are'} there already"
    print(f"codetune: {said}", file=sys.stderr)


def _explain(selected: SelectedFiles, findings: Findings) -> None:
    """Step 4 for a person: what was not looked at, and what was where there is nothing to say."""
    from codetune_git.git.staged import NOTHING_NEW
    from codetune_git.pipelines.silence import silence
    from codetune_git.report.text import unread

    sys.stdout.write(unread(one for one in findings.skipped if one.reason not in NOTHING_NEW))
    if not findings.suggestions:
        print(silence(selected.files, findings.skipped))


def run(request: SuggestRequest) -> int:
    """Print suggestions; 1 if there are some under `check`, else 0. Raises CodetuneError."""
    if request.fix and request.range is not None:
        raise UsageError("--fix writes to what is staged: it does not go with --range")
    if request.to_index and not request.fix:
        raise UsageError("--index says where --fix writes to: give both")
    repository = Repository.open(request.start)
    selected = select_files(repository, request.options, request.range)
    findings = find_suggestions(repository, selected, request.options)
    if request.fix:
        _fixed(repository, selected, findings, request)
    sys.stdout.write(render(Report(findings, selected.files, request.color), request.format))
    if request.format == "text" and sys.stdout.isatty():
        _explain(selected, findings)
    return 1 if request.check and findings.suggestions else 0

"""`git codetune check`: what is not staged yet, held against how the repository writes. For people and coding agents.

1 what is looked at: the work tree, the index, a range, or a text on standard input
2 what is suggested about it
3 with --fix: what is proven to mean the same, written to the work tree or printed; then 1 and 2 for what that made
4 report: as `suggest` prints it, or a few lines for an agent on the error stream
"""

from __future__ import annotations

import math
import sys
import time

from codetune_git.domain import Verification
from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.pipelines.checked_files import NO_FILE, Checked, check
from codetune_git.report.text import visible
from codetune_git.requests import CheckRequest

SOMETHING_TO_MEND = 2  # what agents' hooks hand back to the agent


def _fixed(repository: Repository, checked: Checked, request: CheckRequest) -> CheckRequest | None:
    """Step 3; the request with the mended text if it was handed over, None where there is nothing to write."""
    safe = [one for one in checked.findings.suggestions if one.verification is Verification.SAFE]
    if not safe:
        return None
    from codetune_git.git.apply import UNSTAGED, Targets
    from codetune_git.pipelines.write_back import mended_text, write_suggestions

    if request.text is not None:
        (file,) = checked.selected.files
        return request._replace(text=mended_text(repository, file, request.text, safe))
    targets = Targets(index=False) if request.staged else UNSTAGED
    paths = write_suggestions(repository, checked.selected.files, safe, targets)
    written = sum(one.path in paths for one in safe)
    said = f"wrote {written} of {len(checked.findings.suggestions)} suggestions to the work tree"
    print(f"codetune: {said}; git codetune apply --undo takes it back", file=sys.stderr)
    return request


def _report(checked: Checked, request: CheckRequest) -> int:
    """Step 4; the exit code. A name that is none of a file is told wherever the report goes."""
    for one in checked.findings.skipped:
        if one.reason == NO_FILE:
            print(f"codetune: {visible(one.path)}: {NO_FILE}", file=sys.stderr)
    if request.agent:
        from codetune_git.report.agent import instructions

        sys.stderr.write(instructions(checked.findings))
        return SOMETHING_TO_MEND if checked.findings.suggestions else 0
    from codetune_git.report.formats import Report, render

    report = render(Report(checked.findings, checked.selected.files, request.color), request.format)
    (sys.stderr if request.fix and request.text is not None else sys.stdout).write(report)
    return 1 if checked.findings.suggestions else 0


def _run(request: CheckRequest) -> int:
    repository = Repository.open(request.start)
    if request.agent and repository.takes_over():
        return 0
    until = time.monotonic() + request.options.hook_budget if request.agent else math.inf
    checked = check(repository, request, until=until)
    if request.fix:
        mended = _fixed(repository, checked, request)
        if mended is not None:
            request = mended
            checked = check(repository, request, until=until)
        if request.text is not None:
            sys.stdout.flush()
            sys.stdout.buffer.write(request.text)
    return _report(checked, request)


def run(request: CheckRequest) -> int:
    """1 if there are suggestions (for an agent: 2), else 0. Raises CodetuneError."""
    if request.range is not None and (request.staged or request.stdin_filename or request.fix):
        raise UsageError("--range looks at commits: it goes with none of --staged, --stdin-filename and --fix")
    if request.stdin_filename is not None and (request.staged or request.paths):
        raise UsageError("--stdin-filename names the one file to look at: it goes with neither --staged nor PATH")
    if request.stdin_filename is not None and request.text is None:
        request = request._replace(text=sys.stdin.buffer.read())
    return _run(request)

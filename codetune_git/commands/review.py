"""`git codetune review`: suggestions stream into a screen, decisions come out, what was accepted is written.

1 what was cut off before is finished or undone
2 what is looked at; nothing eligible: done
3 the screen, with suggestions as they are found
4 what was accepted is written, all or none; all decisions are remembered
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from codetune_git.domain import (
    BY_COUNTS,
    Decision,
    FileFindings,
    Findings,
    Precedent,
    Refusal,
    StagedFile,
    Suggestion,
    Verdict,
    Verification,
)
from codetune_git.durable import replace_durably
from codetune_git.errors import CodetuneError, ExtraMissing, Unavailable
from codetune_git.git.apply import Targets
from codetune_git.git.objects import content_at
from codetune_git.git.repository import Repository
from codetune_git.pipelines.decision_log import remember
from codetune_git.pipelines.finder import Finder, SelectedFiles, select_files
from codetune_git.pipelines.write_back import proof_of, settle_earlier, summary, write_suggestions
from codetune_git.report.formats import Report, render
from codetune_git.report.text import judged_by
from codetune_git.requests import ReviewRequest
from codetune_git.settings import KEY_PREFIX, Options
from codetune_git.store import Store
from codetune_git.text.assumptions import Proof
from codetune_git.text.decoding import decode
from codetune_git.text.line_edits import bare, line_edits, lines_of


def _lines(content: bytes) -> tuple[str, ...]:
    """The lines for the screen, without ends and without a byte order mark."""
    text = decode(content)
    return tuple(bare(line) for line in lines_of(content if isinstance(text, Refusal) else text))


class _RepositoryBackend:
    """Answers the screen from the repository: old files and proofs."""

    def __init__(self, repository: Repository, files: Sequence[StagedFile]) -> None:
        self._repository = repository
        self._files = {file.path: file for file in files}

    def precedent(self, precedent: Precedent) -> tuple[str, ...]:
        content = content_at(self._repository, precedent.commit, precedent.path)
        return () if content is None else _lines(content)

    def verified(self, suggestion: Suggestion, replacement: tuple[str, ...]) -> Proof | None:
        file = self._files[suggestion.path]
        return proof_of(file, line_edits(lines_of(file.content), [replace(suggestion, replacement=replacement)]))


def _streamed(repository: Repository, selected: SelectedFiles, options: Options) -> Iterator[FileFindings]:
    """The findings file by file, computed in the thread that asks for them."""
    finder = Finder(repository, selected, options)
    for file in selected.files:
        suggestions, _ = finder.suggestions(file)
        yield FileFindings(file.path, _lines(file.content), suggestions)


def _keys(repository: Repository) -> dict[str, str]:
    return {name.removeprefix(KEY_PREFIX): setting.value for name, setting in repository.config(KEY_PREFIX).items()}


def _taken(decisions: Sequence[Decision], backend: _RepositoryBackend) -> tuple[Suggestion, ...]:
    """The accepted suggestions with the texts that were accepted."""
    taken = []
    for decision in decisions:
        one = decision.suggestion
        if decision.verdict is Verdict.ACCEPTED and decision.replacement != one.replacement:
            proof = backend.verified(one, decision.replacement) or Proof(Verification.UNSAFE)
            written = replace(one, verification=proof.verification, assumption=proof.assumption)
            taken.append(replace(written, replacement=decision.replacement))
        elif decision.verdict is Verdict.ACCEPTED:
            taken.append(one)
    return tuple(taken)


def _keep_for_later(repository: Repository, taken: Sequence[Suggestion]) -> Path:
    """Put what was accepted where `apply` finds it: a review is work that must not be lost. Earlier ones stay."""
    folder = repository.git_dir / "codetune"
    folder.mkdir(parents=True, exist_ok=True)
    names = ("accepted.json", *(f"accepted-{number}.json" for number in range(2, 1000)))
    place = next((place for name in names if not (place := folder / name).exists()), folder / names[0])
    replace_durably(place, render(Report(Findings(tuple(taken), (), "", "")), "json").encode())
    return place


def _write(
    repository: Repository, files: Sequence[StagedFile], taken: Sequence[Suggestion], request: ReviewRequest
) -> None:
    """Step 4."""
    targets = Targets(worktree=not request.index_only)
    try:
        write_suggestions(repository, files, taken, targets, dry_run=request.dry_run)
    except (CodetuneError, OSError, KeyboardInterrupt) as error:
        if request.dry_run:
            raise
        place = _keep_for_later(repository, taken)
        kind = type(error) if isinstance(error, CodetuneError) else Unavailable
        raise kind(f"{error or 'interrupted'}; what you accepted is kept: git codetune apply --file {place}") from error
    print(summary(taken, targets, dry_run=request.dry_run))


def run(request: ReviewRequest) -> int:
    """Raises CodetuneError."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Unavailable("review needs a terminal: use git codetune suggest, and git codetune apply")
    if find_spec("textual") is None:
        raise ExtraMissing.of("review", "review needs textual")
    repository = Repository.open(request.start)
    settle_earlier(repository)
    selected = select_files(repository, request.options, request.range)
    if not selected.files:
        print("Nothing to review: no lines are staged in a language that is read.")
        return 0
    from codetune_git.tui.review import review

    backend = _RepositoryBackend(repository, selected.files)
    stream = _streamed(repository, selected, request.options)
    store = Store(repository.codetune_dir)
    active = store.active()
    judges = judged_by(active.id if active else BY_COUNTS)
    decisions = review(stream, backend, total=len(selected.files), keys=_keys(repository), judged_by=judges)
    taken = _taken(decisions, backend)
    rejected = [decision for decision in decisions if decision.verdict is Verdict.REJECTED]
    if not request.dry_run:
        remember(store, selected.files, rejected)
    if not taken:
        print(f"Nothing to write: {len(rejected)} rejected, the rest undecided.")
        return 0
    _write(repository, selected.files, taken, request)
    if not request.dry_run:
        remember(store, selected.files, [decision for decision in decisions if decision not in rejected])
    return 0

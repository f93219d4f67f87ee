"""`git codetune apply`: chosen suggestions into index and work tree, or the last write taken back.

1 what was cut off before is finished or undone
2 the suggestions: made now for what is staged, or read from a file and held against the index
3 those that are meant
4 written, all or none; remembered as accepted
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from codetune_git.domain import Refusal, StagedFile, Suggestion, Verification
from codetune_git.errors import DataRefused, UsageError
from codetune_git.git.apply import Targets, undo
from codetune_git.git.index import entries
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.pipelines.decision_log import accepted, remember
from codetune_git.pipelines.finder import find_suggestions, select_files
from codetune_git.pipelines.write_back import settle_earlier, summary, write_suggestions
from codetune_git.report.json import parse_json
from codetune_git.requests import ApplyRequest
from codetune_git.store import Store


def _from_file(repository: Repository, path: Path) -> tuple[tuple[StagedFile, ...], tuple[Suggestion, ...]]:
    """Step 2 for a file: its suggestions, and the staged texts that they are about."""
    try:
        suggestions = parse_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataRefused(f"{path} is not UTF-8: give what `git codetune suggest --format json` printed") from None
    paths = sorted({suggestion.path for suggestion in suggestions})
    present = entries(repository, paths)
    with BlobReader(repository) as reader:
        contents = reader.read([entry.oid for entry in present.values()])
    files = []
    for name, entry in present.items():
        content = contents[entry.oid]
        if isinstance(content, Refusal):
            raise DataRefused(f"{name}: {content}; nothing was changed")
        files.append(StagedFile(name, entry.oid, content, None, ()))
    return tuple(files), suggestions


def _found(repository: Repository, request: ApplyRequest) -> tuple[tuple[StagedFile, ...], tuple[Suggestion, ...]]:
    """Step 2."""
    if request.file is not None:
        return _from_file(repository, request.file)
    options = replace(request.options, kinds=()) if request.ids else request.options
    selected = select_files(repository, options)
    return selected.files, find_suggestions(repository, selected, options).suggestions


def _one(beginning: str, found: Sequence[Suggestion]) -> Suggestion:
    meant = [suggestion for suggestion in found if beginning and suggestion.id.startswith(beginning)]
    if not meant:
        raise UsageError(f"no suggestion {beginning!r} for what is staged now: see git codetune suggest --format json")
    if len(meant) > 1:
        raise UsageError(f"{beginning!r} is the beginning of {len(meant)} suggestions: give more of it")
    return meant[0]


def _meant(suggestions: Sequence[Suggestion], request: ApplyRequest) -> tuple[Suggestion, ...]:
    """Step 3: those that ids or kinds ask for."""
    if request.ids:
        return tuple(dict.fromkeys(_one(beginning, suggestions) for beginning in request.ids))
    if not request.options.kinds:
        return tuple(suggestions)
    from codetune_git.languages.table import kinds_named  # it loads the catalogue

    named = request.options.kinds  # a file's may be of another version's catalogue
    kinds = frozenset(named).union(*map(kinds_named, named))
    return tuple(suggestion for suggestion in suggestions if suggestion.kind in kinds)


def _chosen(meant: Sequence[Suggestion], request: ApplyRequest) -> tuple[Suggestion, ...]:
    """Step 3: those of `meant` that may be written. Who names a suggestion by its id has seen its assumption."""
    anything = request.assuming or bool(request.ids)
    return tuple(one for one in meant if anything or one.verification is not Verification.ASSUMING)


def _left(number: int) -> str:
    """A sentence for the user on the suggestions left alone because they rest on an assumption."""
    return f"{number} left alone that rest on an assumption: --assuming takes them, too." if number else ""


def _undo(repository: Repository, request: ApplyRequest) -> int:
    paths = undo(repository, dry_run=request.dry_run)
    print(f"{'Would take' if request.dry_run else 'Took'} back the last write to {', '.join(paths)}.")
    return 0


def run(request: ApplyRequest) -> int:
    """Raises CodetuneError; nothing is changed then."""
    if not (request.ids or request.all or request.file or request.options.kinds or request.undo):
        raise UsageError("which suggestions? give ids, --kind, --file or --all (or --undo)")
    if request.undo and (request.ids or request.all or request.file or request.index_only):
        raise UsageError("--undo takes back the last write as it was: it goes with --dry-run only")
    repository = Repository.open(request.start)
    settle_earlier(repository)
    if request.undo:
        return _undo(repository, request)
    files, found = _found(repository, request)
    meant = _meant(found, request)
    chosen = _chosen(meant, request)
    left = _left(len(meant) - len(chosen))
    if not chosen:
        print(" ".join(filter(None, ["Nothing to write.", left])))
        return 0
    targets = Targets(worktree=not request.index_only)
    write_suggestions(repository, files, chosen, targets, dry_run=request.dry_run)
    print(" ".join(filter(None, [left, summary(chosen, targets, dry_run=request.dry_run)])))
    if not request.dry_run:
        remember(Store(repository.codetune_dir), files, accepted(chosen))
    return 0

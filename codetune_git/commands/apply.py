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

from codetune_git.calls import ApplySettings
from codetune_git.domain import StagedFile, Suggestion, Verification
from codetune_git.errors import DataRefused, UsageError
from codetune_git.git.apply import Targets, undo
from codetune_git.git.index import entries
from codetune_git.git.objects import BlobReader
from codetune_git.git.repository import Repository
from codetune_git.pipelines.decision_log import accepted, remember
from codetune_git.pipelines.finder import found_in, looked_at
from codetune_git.pipelines.write_back import settle_earlier, summary, write_suggestions
from codetune_git.report.json import parse_json
from codetune_git.store import Store


def _from_file(repository: Repository, path: Path) -> tuple[tuple[StagedFile, ...], tuple[Suggestion, ...]]:
    """Step 2 for a file: its suggestions, and the staged texts that they are about."""
    try:
        found = parse_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataRefused(f"{path} is not UTF-8: give what `git codetune suggest --format json` printed") from None
    paths = sorted({suggestion.path for suggestion in found})
    present = entries(repository, paths)
    with BlobReader(repository) as reader:
        contents = reader.read([entry.oid for entry in present.values()])
    files = []
    for name, entry in present.items():
        content = contents[entry.oid]
        if not isinstance(content, bytes):
            raise DataRefused(f"{name}: {content.value}; nothing was changed")
        files.append(StagedFile(name, entry.oid, content, None, ()))
    return tuple(files), found


def _found(repository: Repository, settings: ApplySettings) -> tuple[tuple[StagedFile, ...], tuple[Suggestion, ...]]:
    """Step 2."""
    if settings.file is not None:
        return _from_file(repository, settings.file)
    options = replace(settings.options, kinds=()) if settings.ids else settings.options
    found = looked_at(repository, options)
    return found.files, found_in(repository, found, options).suggestions


def _one(beginning: str, found: Sequence[Suggestion]) -> Suggestion:
    meant = [suggestion for suggestion in found if beginning and suggestion.id.startswith(beginning)]
    if not meant:
        raise UsageError(f"no suggestion {beginning!r} for what is staged now: see git codetune suggest --format json")
    if len(meant) > 1:
        raise UsageError(f"{beginning!r} is the beginning of {len(meant)} suggestions: give more of it")
    return meant[0]


def _meant(found: Sequence[Suggestion], settings: ApplySettings) -> tuple[Suggestion, ...]:
    """Step 3: those that ids or kinds ask for."""
    if settings.ids:
        return tuple(dict.fromkeys(_one(beginning, found) for beginning in settings.ids))
    if not settings.options.kinds:
        return tuple(found)
    from codetune_git.languages.table import kinds_named  # it loads the catalogue

    named = settings.options.kinds  # a file's may be of another version's catalogue
    kinds = frozenset(named).union(*map(kinds_named, named))
    return tuple(suggestion for suggestion in found if suggestion.kind in kinds)


def _chosen(meant: Sequence[Suggestion], settings: ApplySettings) -> tuple[Suggestion, ...]:
    """Step 3: of those, what may be written; whoever names one by its id has seen what it rests on."""
    anything = settings.assuming or bool(settings.ids)
    return tuple(one for one in meant if anything or one.verification is not Verification.ASSUMING)


def _left(number: int) -> str:
    """That so many suggestions were left alone because they rest on an assumption, for the user."""
    return f"{number} left alone that rest on an assumption: --assuming takes them, too." if number else ""


def _undo(repository: Repository, settings: ApplySettings) -> int:
    paths = undo(repository, dry_run=settings.dry_run)
    print(f"{'Would take' if settings.dry_run else 'Took'} back the last write to {', '.join(paths)}.")
    return 0


def run(settings: ApplySettings) -> int:
    """Raises CodetuneError; nothing is changed then."""
    if not (settings.ids or settings.all or settings.file or settings.options.kinds or settings.undo):
        raise UsageError("which suggestions? give ids, --kind, --file or --all (or --undo)")
    if settings.undo and (settings.ids or settings.all or settings.file or settings.index_only):
        raise UsageError("--undo takes back the last write as it was: it goes with --dry-run only")
    repository = Repository.open(settings.start)
    settle_earlier(repository)
    if settings.undo:
        return _undo(repository, settings)
    files, found = _found(repository, settings)
    meant = _meant(found, settings)
    chosen = _chosen(meant, settings)
    left = _left(len(meant) - len(chosen))
    if not chosen:
        print(" ".join(filter(None, ["Nothing to write.", left])))
        return 0
    targets = Targets(worktree=not settings.index_only)
    write_suggestions(repository, files, chosen, targets, dry_run=settings.dry_run)
    print(" ".join(filter(None, [left, summary(chosen, targets, dry_run=settings.dry_run)])))
    if not settings.dry_run:
        remember(Store(repository.codetune_dir), files, accepted(chosen))
    return 0

"""Writes suggestions into index and work tree. Joins the judged texts, the proof and git's writer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from codetune_git.domain import Refusal, StagedFile, Suggestion, Verification
from codetune_git.errors import DataRefused
from codetune_git.git.apply import EVERYWHERE, FileEdits, Targets, recovered, write
from codetune_git.git.repository import Repository
from codetune_git.git.worktree import rewritten_text
from codetune_git.text.assumptions import Proof
from codetune_git.text.decoding import decode
from codetune_git.text.line_edits import LineEdit, apply_line_edits, line_edits, lines_of

_WEAKER = (Verification.SAFE, Verification.RENAME, Verification.ASSUMING, Verification.UNSAFE)


def _parsed(content: bytes) -> bytes:
    text = decode(content)
    return content if isinstance(text, Refusal) else text


def proof_of(file: StagedFile, edits: Sequence[LineEdit]) -> Proof | None:
    """What is proven about a staged file with `edits` made; None where a text does not parse."""
    from codetune_git.languages.table import verify  # only where something is proven: it loads the catalogue

    return verify(file.path, _parsed(file.content), _parsed(apply_line_edits(lines_of(file.content), edits)))


def _file_edits(file: StagedFile, chosen: Sequence[Suggestion]) -> FileEdits:
    """The rewrite of a file by all of `chosen`. Raises DataRefused where less is proven of them together."""
    try:
        edits = line_edits(lines_of(file.content), chosen)
    except ValueError as error:
        raise DataRefused(f"{error}; nothing was changed") from None
    proof = proof_of(file, edits)
    proven = proof.verification if proof is not None else None
    weakest = max((suggestion.verification for suggestion in chosen), key=_WEAKER.index)
    if proven is None or _WEAKER.index(proven) > max(_WEAKER.index(weakest), _WEAKER.index(Verification.RENAME)):
        raise DataRefused(f"{file.path}: together these rewrites are not proven to mean the same; nothing was changed")
    return FileEdits(file.path, file.oid, edits)


def write_suggestions(
    repository: Repository,
    files: Sequence[StagedFile],
    chosen: Iterable[Suggestion],
    targets: Targets = EVERYWHERE,
    *,
    dry_run: bool = False,
) -> frozenset[str]:
    """Write `chosen`, any subset of the suggestions for `files`: all or nothing. Raises CodetuneError.

    Returns the paths that were written.
    """
    by_path: dict[str, list[Suggestion]] = defaultdict(list)
    for suggestion in chosen:
        by_path[suggestion.path].append(suggestion)
    staged = {file.path: file for file in files}
    rewrites = [_file_edits(staged[path], suggestions) for path, suggestions in by_path.items()]
    return write(repository, [one for one in rewrites if one.edits], targets, dry_run=dry_run)


def mended_text(repository: Repository, file: StagedFile, text: bytes, chosen: Sequence[Suggestion]) -> bytes:
    """`text`, of which git makes the content of `file`, with `chosen` made. Raises DataRefused where it cannot be."""
    new = rewritten_text(repository, file.path, text, _file_edits(file, chosen).edits)
    if new is not None:
        return new
    raise DataRefused(f"{file.path}: its filters or line ends do not lead back to the text; nothing was changed")


def settle_earlier(repository: Repository) -> None:
    """Finish or undo an interrupted write, and print which."""
    if said := recovered(repository):
        print(f"{said.capitalize()}.")


def summary(written: Sequence[Suggestion], targets: Targets, *, dry_run: bool) -> str:
    """One line for the user on what was written."""
    files = sorted({suggestion.path for suggestion in written})
    places = " and ".join(
        place for place, meant in (("index", targets.index), ("work tree", targets.worktree)) if meant
    )
    verb, more = ("Would write", "") if dry_run else ("Wrote", "; git codetune apply --undo takes it back")
    return f"{verb} {len(written)} suggestion{'s' * (len(written) != 1)} to the {places}: {', '.join(files)}{more}."

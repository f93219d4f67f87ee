"""From one commit to its samples.

Knows a commit's changes and what is to be drawn from a hunk. Does not know other commits: duplicates, the held-out
slice, replay and the budget are the mixture's.

    1 refuse the author, the path, the text, the syntax
    2 cut what the commit added into pieces; refuse the ones that say nothing and the ones with secrets
    3 of a bulk commit keep as many pieces as the settings allow, spread evenly
    4 draw restoration, infilling and next-token samples from each piece
    5 add the style edits
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from codetune_git.domain import Commit, LineRange, Refusal, Sample, Site, Skipped
from codetune_git.languages.table import sites
from codetune_git.samples.changed_file import ChangedFile, clear_of_secrets, opened, windows
from codetune_git.samples.infilling import infilling, next_token
from codetune_git.samples.restoration import restoration
from codetune_git.samples.secrets import secret_lines
from codetune_git.samples.style_edits import style_edits
from codetune_git.text.decoding import decode
from codetune_git.text.hunks import USUAL_CONTEXT, ContextSize, cut
from codetune_git.text.selection import refuse_author, refuse_lines

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class MixtureSettings:
    """What is drawn. `draws`: restoration samples a piece; `infilling`, `next_token`: the chance of one each a piece.

    `most_lines`: of a piece. `most_pieces`, `most_style_edits`: of a commit; beyond, it counts as a bulk change.
    """

    most_lines: int = 16
    draws: int = 2
    unbroken: float = 0.4
    infilling: float = 0.35
    next_token: float = 0.15
    most_pieces: int = 200
    most_style_edits: int = 20
    context: ContextSize = USUAL_CONTEXT


USUAL_MIXTURE = MixtureSettings()


@dataclass(frozen=True, slots=True)
class Group:
    """The samples of one piece or style edit. `content`: what they say, equal for code moved or indented anew."""

    content: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A commit to draw from, with the seed of the run."""

    commit: Commit
    seed: int
    settings: MixtureSettings


def _pieces(file: ChangedFile, most: int, rng: Random) -> Iterator[LineRange | Skipped]:
    for added in file.change.added:
        for piece in cut(file.source, added, rng.randint((most + 1) // 2, most)):
            refusal = refuse_lines(file.source, piece)
            if any(piece.first <= line <= piece.last for line in file.secret):
                refusal = Refusal("secret")
            yield piece if refusal is None else Skipped(file.change.path, refusal)


def _drawn(
    file: ChangedFile, piece: LineRange, known: tuple[Site, ...], *, settings: MixtureSettings, rng: Random
) -> Iterator[Sample]:
    path, source, context = file.change.path, file.source, clear_of_secrets(file, piece, settings.context)
    for _ in range(settings.draws):
        yield restoration(path, source, piece, rng=rng, context=context, unbroken=settings.unbroken, known=known)
    if rng.random() < settings.infilling:
        middle = infilling(path, source, piece, rng=rng, context=context)
        if middle is not None:
            yield middle
    if rng.random() < settings.next_token:
        yield next_token(path, source, piece, context=context)


def _edits(file: ChangedFile, most: int, *, settings: MixtureSettings, rng: Random) -> tuple[Sample, ...]:
    """Style edits of a file without secrets that have none in what they replace either."""
    old = None if file.change.old is None else decode(file.change.old)
    if not isinstance(old, bytes) or file.secret:
        return ()
    found = style_edits(
        file.change.path,
        old,
        file.source,
        rng=rng,
        most=most,
        most_lines=settings.most_lines,
        context=settings.context,
    )
    return tuple(edit for edit in found if not secret_lines(edit.staged))


def _group(samples: Iterable[Sample], content: str, origin: str) -> Group:
    return Group(_BLANKS.sub(" ", content), tuple(replace(sample, origin=origin) for sample in samples))


def _window_samples(
    file: ChangedFile, oid: str, keep: float, *, settings: MixtureSettings, rng: Random
) -> Iterator[Group | Skipped]:
    known = tuple(sites(file.source))
    for piece in _pieces(file, settings.most_lines, rng):
        if isinstance(piece, Skipped):
            yield piece
        elif rng.random() >= keep:
            yield Skipped(file.change.path, "bulk change")
        else:
            samples = _drawn(file, piece, known, settings=settings, rng=rng)
            content = file.source.text[slice(*file.source.span_of(piece))].decode().strip()
            yield _group(samples, content, f"{oid}:{file.change.path}:{piece.first}-{piece.last}")


def commit_samples(commit: Commit, *, rng: Random, settings: MixtureSettings) -> Iterator[Group | Skipped]:
    """What there is to learn from `commit`, and what was left out of it and why, file by file."""
    if (refusal := refuse_author(commit.author)) is not None:
        yield Skipped(commit.oid, refusal)
        return
    added = sum(lines.last - lines.first + 1 for change in commit.changes for lines in change.added)
    keep = settings.most_pieces * settings.most_lines / max(1, added)
    edits = settings.most_style_edits
    for change in commit.changes:
        file = opened(change)
        if isinstance(file, Refusal):
            yield Skipped(change.path, file)
        if not isinstance(file, ChangedFile):
            continue
        for window in windows(file):
            yield from _window_samples(window, commit.oid, keep, settings=settings, rng=rng)
        for edit in _edits(file, edits, settings=settings, rng=rng):
            edits -= 1
            yield _group([edit], f"{edit.staged}\0{edit.target}", f"{commit.oid}:{change.path}")


def drawn(task: Task) -> tuple[Group | Skipped, ...]:
    """`commit_samples` for a pool of processes: the seed and the commit alone decide what is drawn."""
    rng = Random(f"{task.seed}:{task.commit.oid}")
    return tuple(commit_samples(task.commit, rng=rng, settings=task.settings))

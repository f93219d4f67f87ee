"""A changed file, opened for drawing: its text, its tree near what the commit added, its secrets.

Knows which files must not be trained on. Does not know what is drawn from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from codetune_git.domain import FileChange, LineRange, Refusal
from codetune_git.languages.table import admitted_at
from codetune_git.samples.secrets import secret_lines
from codetune_git.text.hunks import ContextSize
from codetune_git.text.source import Source

_MARGIN = 60  # lines around what was added in which conventions are looked up: more than the context holds


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A changed file that may be trained on, and its lines with secrets. `source` holds the nodes of `near[0]` only.

    `near` are the lines around what was added, in windows that do not touch each other.
    """

    change: FileChange
    source: Source
    near: tuple[LineRange, ...]
    secret: frozenset[int]


def _near(added: Iterable[LineRange], last: int) -> tuple[LineRange, ...]:
    windows: list[LineRange] = []
    for lines in added:
        window = LineRange(max(1, lines.first - _MARGIN), min(last, lines.last + _MARGIN))
        if windows and window.first <= windows[-1].last + 1:
            window = LineRange(windows.pop().first, window.last)
        windows.append(window)
    return tuple(windows)


def opened(change: FileChange) -> ChangedFile | Refusal | None:
    """None for a deleted file and for one in which nothing was added."""
    if change.new is None or not change.added:
        return None
    near = _near(change.added, change.new.count(b"\n") + 1)
    source = admitted_at(change.path, change.new, near[0])
    if isinstance(source, Refusal):
        return source
    return ChangedFile(change, source, near, secret_lines(source.text.decode()))


def windows(file: ChangedFile) -> Iterator[ChangedFile]:
    """`file` once for each window, with that window's nodes: in long files most nodes are far from what was added."""
    for window in file.near:
        added = tuple(lines for lines in file.change.added if window.contains(lines))
        source = file.source if window == file.near[0] else file.source.with_text(file.source.text, window)
        yield replace(file, change=file.change._replace(added=added), source=source, near=(window,))


def clear_of_secrets(file: ChangedFile, piece: LineRange, size: ContextSize) -> ContextSize:
    """As much context as reaches neither into the last secret before `piece` nor into the first one after it."""
    start, end = file.source.span_of(piece)
    above = [line for line in file.secret if line < piece.first]
    below = [line for line in file.secret if line > piece.last]
    low = file.source.line_starts[max(above)] if above else 0
    high = file.source.line_starts[min(below) - 1] if below else len(file.source.text)
    return ContextSize(min(size.before, start - low), min(size.after, high - end))

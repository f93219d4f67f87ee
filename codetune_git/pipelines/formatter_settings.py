"""The settings with which a formatter changes fewest lines of HEAD. Joins git, formatters and counts.

The counts say what they can: that is where the search begins, and all there is where the formatter is not installed. It
is searched on as many files as are formatted in a second or so; the lines are then counted in all counted files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from codetune_git.exports.formatters import Formatter, Settings, Value, searched
from codetune_git.exports.rules import SHARE
from codetune_git.git.differences import differing_lines
from codetune_git.git.repository import Repository
from codetune_git.languages.paths import suffix_of
from codetune_git.process.formatting import laid_out, program
from codetune_git.report.habits import Habit

Content = tuple[str, bytes]
"""A path and what stands there."""


@dataclass(frozen=True, slots=True)
class FoundSettings:
    """Settings, and the lines at HEAD that the formatter changes with them and with its defaults.

    The lines are None where it is not installed: the settings rest on counts.
    """

    settings: Settings
    lines: int | None = None
    by_default: int | None = None
    every: int = 0


def _part(files: Sequence[Content], most: int) -> list[Content]:
    """Files of `most` bytes at most, evenly spread; at least one."""
    size = sum(len(content) for _, content in files)
    step = max(1, -(-size // most))
    return list(files[::step])


@contextmanager
def _measured(
    repository: Repository, formatter: Formatter, call: str, files: Sequence[Content]
) -> Iterator[Callable[[Settings], int]]:
    """A function that tells how many lines of `files` the formatter changes."""
    with laid_out([(suffix_of(path), content) for path, content in files]) as texts:

        def lines(settings: Settings) -> int:
            texts.formatted([call, *formatter.arguments(settings)])
            return differing_lines(repository, texts.before, texts.after)

        yield lines


def _counted(formatter: Formatter, habits: Sequence[Habit], width: int, step: int) -> dict[str, Value]:
    """What the counts say about the formatter's settings."""
    settings = formatter.defaults
    for habit in habits:
        first = habit.written[0]
        setting = formatter.habits.get((habit.name, first.variant))
        if setting is not None and first.count >= SHARE * habit.total:
            settings[setting[0]] = setting[1]
    if width:
        settings[formatter.width] = width
    if step and formatter.step:
        settings[formatter.step] = step
    return settings


def formatter_settings(
    repository: Repository,
    formatter: Formatter,
    files: Sequence[Content],
    counted: tuple[Sequence[Habit], int, int],
) -> FoundSettings:
    """The settings found for `files`; `counted`: the habits, the columns that lines keep within, a level's blanks."""
    every = sum(content.count(b"\n") for _, content in files)
    call = program(formatter.name)
    start = _counted(formatter, *counted)
    if call is None:
        return FoundSettings(start, every=every)
    with _measured(repository, formatter, call, _part(files, formatter.speed)) as lines:
        found = searched(formatter, lines, start)
    with _measured(repository, formatter, call, files) as lines:
        return FoundSettings(found, lines(found), lines(formatter.defaults), every)

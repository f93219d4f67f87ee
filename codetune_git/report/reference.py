"""How a repository writes, for a program that looks something up: conventions of a folder, precedents of one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from codetune_git.domain import Precedent
from codetune_git.report.habits import Habit
from codetune_git.report.text import visible

SHARE, FEWEST = 0.8, 20


def conventions(habits: Sequence[Habit], own: Mapping[str, Habit], folder: str) -> str:
    """A line a convention: what is usual, and how often. `own`: by name those of `folder`, taken where they are enough.

    What is written in several ways is named at the end.
    """
    lines, mixed = [], []
    for habit in habits:
        near = own.get(habit.name)
        counted, where = (near, f" below {folder}") if near and near.total >= FEWEST and folder else (habit, "")
        first = counted.written[0]
        if first.count < SHARE * counted.total:
            mixed.append(habit.title)
            continue
        example = habit.written[0].example if habit.written[0].variant == first.variant else None
        shown = f", e.g. {example.path}:{example.line}" if example else ""
        lines.append(f"{habit.name}, {habit.title}: {first.phrase} ({first.count} of {counted.total}{where}{shown})")
    if mixed:
        lines.append(f"Written in several ways: {'; '.join(mixed)}.")
    return "".join(f"{visible(line)}\n" for line in lines) or "Nothing is counted in this language here.\n"


def precedents(habit: Habit, found: Iterable[tuple[str, Precedent]], most: int) -> str:
    """A convention with every way to write it, and `most` lines that show each; `found` are by variant."""
    lines = [f"{habit.name}, {habit.title}:"]
    every = list(found)
    for one in habit.written:
        lines.append(f"  {one.phrase}: {one.count} of {habit.total}")
        own = [precedent for variant, precedent in every if variant == one.variant][:most]
        lines += [f"    {own_line.path}:{own_line.line}  {own_line.text.strip()}" for own_line in own]
    return "".join(f"{visible(line)}\n" for line in lines)

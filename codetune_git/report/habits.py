"""How a repository writes, for a terminal: a block a convention. Pure: counts in, text out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codetune_git.report.text import visible

_BAR = 20
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STEPS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Habit:
    """A convention as the repository follows it: counts by variant, a line that shows the usual one, its past shares.

    `drift`: the share of today's usual variant at earlier points, oldest first; empty where nobody asked.
    """

    name: str
    title: str
    counts: Mapping[str, int]
    example: str
    drift: tuple[float, ...] = ()


def bar(share: float, width: int = _BAR) -> str:
    """A horizontal bar, `share` of `width` columns long, in eighths of a column."""
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


def sparkline(shares: Sequence[float]) -> str:
    """A character a share, from 0 to 1."""
    return "".join(_STEPS[min(len(_STEPS) - 1, int(share * len(_STEPS)))] for share in shares)


def _lines(habit: Habit) -> Iterator[str]:
    total = sum(habit.counts.values())
    yield f"{habit.name} — {habit.title}"
    for variant, number in sorted(habit.counts.items(), key=lambda item: -item[1]):
        yield f"  {variant:<18} {bar(number / total)} {number / total:>6.1%}  {number}"
    if habit.drift:
        yield f"  over time          {sparkline(habit.drift)}  {habit.drift[0]:.0%} to {habit.drift[-1]:.0%}"
    if habit.example:
        yield f"  e.g. {visible(habit.example)}"


def render_habits(habits: Sequence[Habit]) -> str:
    """The habits, those with most support first."""
    if not habits:
        return "Nothing here to count: no file is in a language that is read.\n"
    ranked = sorted(habits, key=lambda habit: -sum(habit.counts.values()))
    return "\n\n".join("\n".join(_lines(habit)) for habit in ranked) + "\n"

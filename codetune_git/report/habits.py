"""How a repository writes, for a terminal and for programs: a block a convention. Pure: counts in, text out."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from codetune_git.domain import Excerpt
from codetune_git.report.text import counted, visible

VERSION = 1
_BAR, _WIDEST, _MOST_WAYS = 20, 100, 6
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STEPS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Written:
    """One way to write something: its variant's name, how that reads in plain words, how often it stands, and where."""

    variant: str
    phrase: str
    count: int
    example: Excerpt | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """A convention as the repository follows it: its variants, the most usual first.

    `drift`: the share of today's usual variant at earlier points, oldest first; empty where it was not asked for.
    """

    name: str
    title: str
    written: tuple[Written, ...]
    drift: tuple[float, ...] = ()

    @property
    def total(self) -> int:
        return sum(one.count for one in self.written)

    @property
    def language(self) -> str:
        """What stands before the name of a convention that is not Python's."""
        return self.name.rpartition("/")[0]


def bar(share: float, width: int = _BAR) -> str:
    """A horizontal bar, `share` of `width` columns long, in eighths of a column."""
    eighths = round(share * width * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(width)


def sparkline(shares: Sequence[float]) -> str:
    """A character a share, from 0 to 1."""
    return "".join(_STEPS[min(len(_STEPS) - 1, int(share * len(_STEPS)))] for share in shares)


def _example(excerpt: Excerpt) -> Iterator[str]:
    """A line behind its place; several lines below it, as far in as they stand to each other."""
    where = visible(f"{excerpt.path}:{excerpt.line}")
    lines = textwrap.dedent("\n".join(excerpt.lines).expandtabs(4)).split("\n")
    shown = [line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…" for line in lines]
    if len(shown) == 1:
        yield f"      {where}  {visible(shown[0])}"
        return
    yield f"      {where}"
    yield from (f"          {visible(line)}".rstrip() for line in shown)


def _lines(habit: Habit) -> Iterator[str]:
    yield f"{habit.name} — {habit.title}"
    for one in habit.written[:_MOST_WAYS]:
        share = one.count / habit.total
        yield f"  {bar(share)} {share:>6.1%} {one.count:>6}  {one.phrase}"
        if one.example is not None:
            yield from _example(one.example)
    if rest := habit.written[_MOST_WAYS:]:
        yield f"  and {sum(one.count for one in rest)} written in {counted(len(rest), 'other way')}"
    if habit.drift:
        yield f"  over time: {sparkline(habit.drift)}  {habit.drift[0]:.0%} to {habit.drift[-1]:.0%}"


def _ranked(habits: Sequence[Habit]) -> list[Habit]:
    """Those with most support first, language by language."""
    totals: Counter[str] = Counter()
    for habit in habits:
        totals[habit.language] += habit.total
    return sorted(habits, key=lambda habit: (-totals[habit.language], habit.language, -habit.total))


def _text(habits: Sequence[Habit], commit: str) -> str:
    if not habits:
        return "Nothing here to count: no file is in a language that is read.\n"
    return "\n\n".join("\n".join(_lines(habit)) for habit in _ranked(habits)) + "\n"


def _json(habits: Sequence[Habit], commit: str) -> str:
    """One JSON object and a line feed, ASCII only. Fields may be added, never changed or taken away."""
    document = {
        "version": VERSION,
        "commit": commit,
        "conventions": [
            {
                "name": habit.name,
                "title": habit.title,
                "count": habit.total,
                "variants": [
                    {
                        "variant": one.variant,
                        "phrase": one.phrase,
                        "count": one.count,
                        "share": round(one.count / habit.total, 4),
                        "example": None if one.example is None else asdict(one.example),
                    }
                    for one in habit.written
                ],
                "drift": [round(share, 4) for share in habit.drift],
            }
            for habit in _ranked(habits)
        ],
    }
    return json.dumps(document, indent=1) + "\n"


RENDERERS: Mapping[str, Callable[[Sequence[Habit], str], str]] = {"text": _text, "json": _json}

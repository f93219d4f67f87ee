"""The rules of a house that nobody could guess: what it nearly always writes, and otherwise than most.

Left out is what configured tools enforce and what depends on its place. Pure: habits in, rules out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from codetune_git.exports.usual import depends_on_place, formatted_by_all, usual_variant
from codetune_git.languages.table import by_name
from codetune_git.report.habits import Habit

SHARE, FEWEST = 0.9, 20  # of so many places so large a share is written alike, or it is no rule


@dataclass(frozen=True, slots=True)
class Rule:
    """A convention, what the house writes, and what is usual elsewhere ("" where nothing is); in plain words."""

    name: str
    title: str
    variant: str
    phrase: str
    usual: str
    count: int

    @property
    def language(self) -> str:
        return self.name.rpartition("/")[0] or "python"


def is_settled(habit: Habit) -> bool:
    """Whether it is written often enough, and nearly always as it is most often."""
    return habit.total >= FEWEST and habit.written[0].count >= SHARE * habit.total


def rules(habits: Sequence[Habit], enforced: Collection[str]) -> tuple[Rule, ...]:
    """The rules, in the order of the habits, which does not change with the counts."""
    found = []
    for habit in habits:
        first, usual = habit.written[0], usual_variant(habit.name)
        if not is_settled(habit) or first.variant == usual:
            continue
        if habit.name in enforced or depends_on_place(habit.name) or formatted_by_all(habit.name):
            continue
        elsewhere = by_name(habit.name).phrase(usual) if usual else ""
        found.append(Rule(habit.name, habit.title, first.variant, first.phrase, elsewhere, habit.total))
    return tuple(found)

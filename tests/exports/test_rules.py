"""What is a rule of a house: nearly always so, otherwise than most, and no tool sees to it; in 25 lines at most."""

from __future__ import annotations

import pytest

from codetune_git.exports.block import with_block
from codetune_git.exports.instructions import MOST_LINES, instructions
from codetune_git.exports.rules import rules
from codetune_git.exports.usual import usual_variant
from codetune_git.languages.table import CATALOGUE, by_name
from codetune_git.report.habits import Habit, Written


def habit(name: str, **counts: int) -> Habit:
    convention = by_name(name)
    ranked = sorted(counts, key=lambda variant: -counts[variant])
    written = tuple(Written(variant, convention.phrase(variant), counts[variant]) for variant in ranked)
    return Habit(name, convention.title, written)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (habit("quotes", single=96, double=4), True),
        (habit("quotes", double=96, single=4), False),  # as most do
        (habit("quotes", single=80, double=20), False),  # not nearly always
        (habit("quotes", single=10), False),  # too few places
        (habit("javascript/quotes", double=90), True),  # most houses agree on nothing
        (habit("wrapping", hang_each_close=900), False),  # depends on the place
        (habit("go/operator_spacing", tight=900), False),  # gofmt
    ],
)
def test_what_is_a_rule(one: Habit, said: bool) -> None:
    assert [rule.name for rule in rules([one], ())] == ([one.name] if said else [])
    assert rules([one], {one.name}) == ()


def test_a_rule_reads_like_this() -> None:
    found = rules([habit("paren_padding", padded=99, tight=1), habit("javascript/quotes", single=50)], ())
    assert instructions(found, {"javascript": 120}).split("\n\n", 2)[2] == (
        "Python:\n- blanks inside parentheses: a blank on each side (usual elsewhere: no blanks)\n\n"
        "JavaScript and TypeScript:\n- quotes of strings: single quotes\n- lines end within 120 columns\n"
    )
    assert "Nothing" in instructions((), {})


def test_a_house_with_many_rules_is_told_in_few_lines_those_with_most_support() -> None:
    def other(name: str) -> str:
        return next(variant for variant in by_name(name).variants if variant != usual_variant(name))

    habits = [
        habit(each.name, **{other(each.name): 100 + number})
        for number, each in enumerate(CATALOGUE)
        if not each.name.startswith("go/")
    ]
    found = rules(habits, ())
    text = with_block(None, instructions(found, {"python": 100, "javascript": 100}))
    assert MOST_LINES - 3 <= text.count("\n") <= MOST_LINES
    assert "Java:" in text
    assert f"- {found[0].title}" not in text.split("\n")


def test_usual_variants_are_variants() -> None:
    for convention in CATALOGUE:
        assert usual_variant(convention.name) in (None, *convention.variants)

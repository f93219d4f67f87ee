"""Two passes are one: whatever subset is taken, the lines are those that taking one after the other would give."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from support.suggestions import suggestion

from codetune_git.domain import LineRange, Suggestion
from codetune_git.suggesting.passes import Joint, joined, taken, touched

LINES = tuple(f"line {n}" for n in range(1, 13))


def replacing(lines: tuple[str, ...], first: int, last: int, new: tuple[str, ...], confidence: float) -> Suggestion:
    made = suggestion("a.py", first, list(lines[first - 1 : last]), list(new), confidence=confidence)
    assert made.lines == LineRange(first, last)
    return made


@st.composite
def some(draw: st.DrawFn, lines: tuple[str, ...], mark: str) -> tuple[Suggestion, ...]:
    """Disjoint suggestions about `lines`, in order."""
    found, first = [], 1
    while first <= len(lines):
        first += draw(st.integers(0, 4))
        last = first + draw(st.integers(0, 2))
        if last > len(lines):
            break
        new = tuple(f"{mark}{first}.{n}" for n in range(draw(st.integers(0, 3))))
        found.append(replacing(lines, first, last, new, draw(st.sampled_from((0.8, 0.9)))))
        first = last + 1
    return tuple(found)


@given(st.data())
def test_taken_together_they_are_one_after_the_other(data: st.DataObject) -> None:
    found = data.draw(some(LINES, "a"))
    between = taken(LINES, found)
    more = data.draw(some(between, "b"))
    both = [one.suggestion for one in joined(LINES, found, more) if one.suggestion is not None]
    assert taken(LINES, both) == taken(between, more)
    assert all(one.original == LINES[one.lines.first - 1 : one.lines.last] for one in both)
    assert all(a.lines.last < b.lines.first for a, b in pairwise(both))
    assert len(both) <= len(found) + len(more)


def test_what_follows_from_a_suggestion_is_a_part_of_it() -> None:
    found = (replacing(LINES, 3, 4, ("x", "y", "z"), 0.9),)
    more = (replacing(taken(LINES, found), 5, 6, ("w",), 0.8), replacing(taken(LINES, found), 9, 9, ("v",), 0.8))
    one, two = joined(LINES, found, more)
    first, second = one.suggestion, two.suggestion
    assert first is not None
    assert second is not None
    assert (one.first, one.second, two.first, two.second) == (found, more[:1], (), more[1:])
    assert (first.lines, first.replacement, first.confidence) == (LineRange(3, 5), ("x", "y", "w"), 0.9)
    assert (second.lines, second.original, second.replacement) == (LineRange(8, 8), ("line 8",), ("v",))


def test_what_is_taken_back_is_not_said() -> None:
    found = (replacing(LINES, 3, 3, ("x",), 0.9), replacing(LINES, 7, 7, ("y",), 0.9))
    back = (replacing(taken(LINES, found), 3, 3, ("line 3",), 0.8),)
    undone, kept = joined(LINES, found, back)
    assert undone == Joint(None, found[:1], back)
    assert kept == Joint(found[1], found[1:], ())


def test_only_hunks_that_change_are_looked_at_again() -> None:
    hunks = (LineRange(1, 2), LineRange(4, 6), LineRange(8, 8), LineRange(10, 12))
    found = (replacing(LINES, 5, 5, ("x", "y", "z"), 0.9), replacing(LINES, 8, 8, (), 0.9))
    assert touched(hunks, found) == (LineRange(4, 8),)
    assert touched(hunks, (replacing(LINES, 10, 10, ("x",), 0.9),)) == (LineRange(10, 12),)

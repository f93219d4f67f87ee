from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from support.random_suggestions import random_file
from support.suggestions import suggestion

from codetune_git.domain import LineRange, Suggestion
from codetune_git.text.line_edits import LineEdit, apply_line_edits, carried, line_edits, lines_of, remaining

FILES = 2000


def _as_staged(text: str, rng: Random) -> bytes:
    """With the line ends, the byte order mark or the missing line feed that some people's files have."""
    if rng.random() < 0.2:
        text = text.removesuffix("\n")
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if rng.random() < 0.1 else b"") + text.encode()


def _taken(content: bytes, found: Sequence[Suggestion]) -> bytes:
    lines = lines_of(content)
    return apply_line_edits(lines, line_edits(lines, found))


def _one_by_one(content: bytes, found: Sequence[Suggestion]) -> bytes:
    """In the order given; those further down move with what is taken above them."""
    left = list(found)
    while left:
        one = left.pop(0)
        content = _taken(content, [one])
        growth = len(one.replacement) - len(one.original)
        left = [
            replace(other, lines=LineRange(other.lines.first + growth, other.lines.last + growth))
            if other.lines.first > one.lines.last
            else other
            for other in left
        ]
    return content


def test_any_subset_in_any_order_is_the_same() -> None:
    rng, total = Random(1), 0
    for number in range(FILES):
        text, found = random_file(rng, "a.py")
        content = _as_staged(text, rng)
        subset = [one for one in found if rng.random() < 0.6]
        total += len(subset)
        joined = _taken(content, subset)
        assert _one_by_one(content, rng.sample(subset, len(subset))) == joined, number
        ast.parse(joined)
        if not subset:
            assert joined == content
    assert total > FILES


def test_carrying_over_gives_what_the_same_edit_elsewhere_gives() -> None:
    """Carried into a file with other edits, and made there: the same as made first, with the other edits then."""
    rng, refused, total = Random(2), 0, 0
    for number in range(FILES // 4):
        text, found = random_file(rng, "a.py")
        lines = lines_of(text.encode())
        wanted = line_edits(lines, [one for one in found if rng.random() < 0.5])
        at = rng.randrange(len(lines) + 1)
        edit = LineEdit(at, min(len(lines), at + rng.randrange(3)), ("# an edit of somebody\n",) * rng.randrange(3))
        other = lines_of(apply_line_edits(lines, [edit]))
        into = carried(wanted, lines, other)
        near = any(edit.start <= change.end and change.start <= edit.end for change in wanted)
        total += 1
        if into is None:
            refused += 1
            continue
        if not near:
            both = apply_line_edits(lines, sorted([*wanted, edit], key=lambda change: (change.start, change.end)))
            assert apply_line_edits(other, into) == both, number
    assert refused < total / 2


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("x\na\nb\nc\n", "x\na\nB\nc\n"),
        ("a\nb\nc\na\n", "a\nB\nc\na\n"),
        ("a\nb\nx\n", None),
        ("x\nb\nc\n", None),
        ("a\nb\nc\na\nb\nc\n", None),
        ("", None),
    ],
)
def test_one_line_of_context_on_each_side_must_be_there_once(other: str, expected: str | None) -> None:
    into = carried([LineEdit(1, 2, ("B\n",))], lines_of(b"a\nb\nc\n"), lines_of(other.encode()))
    assert (None if into is None else apply_line_edits(lines_of(other.encode()), into).decode()) == expected


def test_changes_that_would_meet_or_swap_elsewhere_are_not_carried() -> None:
    """Lines that repeat, and some of them gone: each change has its one place, but the places overlap."""
    lines = tuple(f"{letter}\n" for letter in "abbbbbab")
    wanted = [LineEdit(1, 3, ("X\n", "X2\n")), LineEdit(4, 7, ("Y\n", "Y2\n", "Y3\n"))]
    assert carried(wanted, lines, tuple(f"{letter}\n" for letter in "abbbab")) is None
    assert carried(wanted, lines, (*lines, "z\n")) == tuple(wanted)


def test_the_ends_of_a_file_are_context() -> None:
    lines = lines_of(b"a\n")
    assert carried([LineEdit(0, 1, ("A\n",))], lines, lines) == (LineEdit(0, 1, ("A\n",)),)
    assert carried([LineEdit(0, 1, ("A\n",))], lines, lines_of(b"a\nb\n")) is None


def test_what_was_not_made_for_these_lines_is_refused() -> None:
    lines = lines_of(b"x = 1\ny = 2\n")
    with pytest.raises(ValueError, match="is not what suggestion"):
        line_edits(lines, [suggestion("a.py", 1, ["x=1"], ["x = 1"])])
    both = [suggestion("a.py", 1, ["x = 1", "y = 2"], ["x = y = 1"]), suggestion("a.py", 2, ["y = 2"], ["y = 3"])]
    with pytest.raises(ValueError, match="overlap"):
        line_edits(lines, both)


def test_what_is_left_leads_to_all_whichever_were_made() -> None:
    lines = ("a\n", "a\n", "b\n", "a\n", "c")
    wanted = (
        LineEdit(0, 1, ()),
        LineEdit(1, 1, ("a\n",)),
        LineEdit(2, 3, ("a\n", "a\n")),
        LineEdit(4, 5, ("c\n", "d")),
    )
    for chosen in range(16):
        part = [change for number, change in enumerate(wanted) if chosen >> number & 1]
        other = lines_of(apply_line_edits(lines, part))
        left = remaining(wanted, lines, other)
        assert left is not None
        assert apply_line_edits(other, left) == apply_line_edits(lines, wanted)
        assert remaining(wanted, lines, (*other, "e\n")) is None
        assert remaining(wanted, lines, ("e\n", *other)) is None

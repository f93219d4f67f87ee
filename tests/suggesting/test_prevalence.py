"""How often a history mends its own lines, from what its commits took away and wrote instead."""

from __future__ import annotations

import math

import pytest

from codetune_git.git.patch import Hunk
from codetune_git.suggesting.prevalence import NOTHING_MENDED, USUAL, Mended, mends


@pytest.mark.parametrize(
    ("removed", "added", "expected"),
    [
        ([b"a=1\n"], [b"a = 1\n"], True),
        ([b'f("x",\n', b'  "y")\n'], [b"f('x', 'y')\n"], True),
        ([b"a = (1, 2,)\n"], [b"a = 1, 2\n"], True),
        ([b"a = 1\n"], [b"a = 2\n"], False),
        ([b"if a == None:\n"], [b"if a is None:\n"], False),  # says the same, but no more than that is looked at
        ([], [b"a = 1\n"], False),
        ([b"\n"], [b"\n", b"\n"], False),  # nothing but blank lines is most often what a move left
    ],
)
def test_what_mends(removed: list[bytes], added: list[bytes], expected: bool) -> None:
    assert mends(Hunk(1, removed, 1, added)) is expected


def test_a_formatters_run_is_one_decision() -> None:
    mended, new = Hunk(1, [b"a=1\n"], 1, [b"a = 1\n"]), Hunk(1, [], 2, [b"b = 2\n"] * 25)
    found = Mended.by([[mended, new], [mended] * 100, []])
    assert found == Mended(written=1 + 3 + 100, mended=1 + 10)


def test_the_share_of_places_that_are_wrong() -> None:
    assert NOTHING_MENDED.prevalence(5.0) == USUAL
    often, seldom = (Mended(10_000, mended).prevalence(5.0) for mended in (500.0, 20.0))
    assert often == pytest.approx(math.sqrt(USUAL * 500 / 50_000), rel=0.05)
    assert seldom == pytest.approx(math.sqrt(USUAL * 20 / 50_000), rel=0.25)
    assert Mended(20, 5.0).prevalence(5.0) < 2 * USUAL  # who has written little has proven little

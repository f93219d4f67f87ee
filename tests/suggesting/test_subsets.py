"""Whatever a house wants of whatever file: the suggestions can be taken in any subset."""

from __future__ import annotations

import ast
from itertools import pairwise
from random import Random

from support.convention_checks import standard_library
from support.fake_model import TableModel
from support.house import TRUSTING, applied, asking, parsed, staged

from codetune_git.domain import LineRange, StagedFile, Suggestion, Verification
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.table import CATALOGUE
from codetune_git.style.counting import Counts
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.suggestions import suggestions_in
from codetune_git.text.hunks import cut

PROVEN = (Verification.SAFE, Verification.RENAME, Verification.ASSUMING)


def some_house(rng: Random) -> StyleProfile:
    """A house that always writes every convention in one way, drawn by `rng`."""
    habits = {(convention.name, (), rng.choice(convention.variants)): 500 for convention in CATALOGUE}
    return StyleProfile(Counts.of([habits]), TRUSTING, Precedents({}))


def some_hunks(text: str, rng: Random) -> tuple[LineRange, ...]:
    pieces = cut(parsed(text), LineRange(1, text.count("\n")), 20)
    return tuple(sorted(rng.sample(pieces, min(2, len(pieces)))))


def suggested(text: str, hunks: tuple[LineRange, ...], profile: StyleProfile) -> tuple[Suggestion, ...]:
    file: StagedFile = staged(text, *((h.first, h.last) for h in hunks))
    return suggestions_in(file, profile, asking(TableModel()))[0]


def test_any_subset_can_be_applied() -> None:
    rng, total = Random(8), 0
    for path in standard_library(rng, 6, most_bytes=3_000):
        text = path.read_text()
        hunks = some_hunks(text, rng)
        found = suggested(text, hunks, some_house(rng))
        total += len(found)
        assert all(any(hunk.contains(one.lines) for hunk in hunks) for one in found)
        assert all(a.lines.last < b.lines.first for a, b in pairwise(found))
        assert all(one.original != one.replacement for one in found)
        subsets = [found, *([one] for one in found), *([s for s in found if rng.random() < 0.5] for _ in range(3))]
        for subset in subsets:
            taken = applied(text, subset)
            ast.parse(taken)
            parsed(taken)
        proof = verify(text.encode(), applied(text, found).encode())
        assert not found or (proof is not None and proof.verification in PROVEN)
    assert total > 10


def test_who_takes_them_all_is_told_nothing_more() -> None:
    rng, accepted = Random(9), 0
    for path in standard_library(rng, 40, most_bytes=2_000):
        text, profile = path.read_text(), some_house(rng)
        hunk = rng.choice(cut(parsed(text), LineRange(1, text.count("\n")), 12))
        found = suggested(text, (hunk,), profile)
        longer = sum(len(one.replacement) - len(one.original) for one in found)
        accepted += len(found)
        assert suggested(applied(text, found), (LineRange(hunk.first, hunk.last + longer),), profile) == ()
    assert accepted > 20

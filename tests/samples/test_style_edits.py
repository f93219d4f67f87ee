from __future__ import annotations

from random import Random

import pytest

from codetune_git.domain import Sample, SampleKind
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.samples.style_edits import WEIGHT, style_edits
from codetune_git.text.source import Source

BEFORE = """\
import os


def join(a,b):
    # join two paths
    return os.path.join(a,b)


class Shop:
    name = 'shop'

    def price(self, x):
        return x * 2
"""


def edits(new: str, old: str = BEFORE, *, most: int = 20) -> tuple[Sample, ...]:
    return style_edits("shop.py", old.encode(), Source.parse(new.encode(), GRAMMAR), rng=Random(1), most=most)


def test_a_change_of_layout_is_a_style_edit() -> None:
    new = BEFORE.replace("join(a,b)\n", "join(a, b)\n")
    (edit,) = edits(new)
    assert edit.kind is SampleKind.STYLE_EDIT
    assert edit.weight == WEIGHT
    assert (edit.staged, edit.target) == ("    return os.path.join(a,b)\n", "    return os.path.join(a, b)\n")
    assert edit.before + edit.target + edit.after == new


def test_each_place_is_an_edit_of_its_own() -> None:
    new = BEFORE.replace("def join(a,b)", "def join(a, b)").replace("'shop'", '"shop"')
    assert [(edit.staged, edit.target) for edit in edits(new)] == [
        ("def join(a,b):\n", "def join(a, b):\n"),
        ("    name = 'shop'\n", '    name = "shop"\n'),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x * 2", "x * 3"),
        ("# join two paths", "# put two paths together"),
        ("    # join two paths\n", ""),
        ("'shop'", "'Shop'"),
        ("def price(self, x)", "def price(self, y)"),
        ("return x * 2", "return x *"),
    ],
)
def test_what_changes_meaning_or_words_is_none(old: str, new: str) -> None:
    assert BEFORE.count(old) == 1
    assert edits(BEFORE.replace(old, new)) == ()


def test_a_style_edit_beside_a_real_change_is_still_found() -> None:
    new = BEFORE.replace("'shop'", '"shop"').replace("x * 2", "round(x) + 7")
    assert [edit.target for edit in edits(new)] == ['    name = "shop"\n']


def test_imports_far_away_decide_what_names_mean() -> None:
    imports = "from __future__ import annotations\nfrom typing import Optional\n"
    old = f"{imports}\n\ndef f(x: Optional[int]) -> None:\n    pass\n"
    assert len(edits(old.replace("Optional[int]", "int | None"), old)) == 1
    other = old.replace("from typing", "from other")
    assert edits(other.replace("Optional[int]", "int | None"), other) == ()


def test_an_edit_of_many_lines_is_none() -> None:
    rows = "".join(f"    {i},\n" for i in range(30))
    assert edits(f"x = [\n{rows.replace('    ', '  ')}]\n", f"x = [\n{rows}]\n") == ()


def test_a_formatters_edits_are_capped() -> None:
    old = "".join(f"x{i} = f(a,b)\n\n\ny{i} = 1\n" for i in range(50))
    new = old.replace("a,b", "a, b")
    assert len(edits(new, old, most=100)) == 50
    assert len(edits(new, old, most=7)) == 7

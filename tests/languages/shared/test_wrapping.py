"""Where lists break, in small examples of several grammars."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.javascript.language import GRAMMAR as JAVASCRIPT
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.shared.wrapping import CONVENTIONS
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source, apply_edits

(WRAPPING,) = CONVENTIONS
LONG = "first_argument_of_many, second_argument_of_many, third_argument_of_many"

BOTH_WAYS: list[Row] = [
    ("f(aaa, bbb)\n", "flat", "hang_each_close", "f(\n    aaa,\n    bbb\n)\n"),
    ("f(aaa, bbb)\n", "flat", "hang_fill_close", "f(\n    aaa, bbb\n)\n"),
    ("f(aaa, bbb)\n", "flat", "hang_fill_end", "f(\n    aaa, bbb)\n"),
    ("f(aaa, bbb)\n", "flat", "aligned_each", "f(aaa,\n  bbb)\n"),
    ("f( aaa, bbb )\n", "flat", "aligned_each", "f( aaa,\n   bbb )\n"),
    ("f(\n    a,\n    b\n)\n", "hang_each_close", "aligned_each", "f(a,\n  b)\n"),
    ("f(\n    a,\n    b)\n", "hang_each_end", "hang_each_close", "f(\n    a,\n    b\n)\n"),
    ("def f(a,\n      b):\n    y\n", "aligned_each", "hang_each_end", "def f(\n        a,\n        b):\n    y\n"),
    ("x = [a for a\n     in b]\n", None, None, None),  # a line ends inside a part only
    ("x = [aaa for aaa in bbb if ccc]\n", "flat", "aligned_each", "x = [aaa\n     for aaa in bbb\n     if ccc]\n"),
    (
        "if (aaa and bbb or cccccccccccccc):\n    y\n",
        "flat",
        "aligned_each",
        "if (aaa and\n    bbb or\n    cccccccccccccc):\n    y\n",
    ),
    ("f(\n    a,\n    b  # why\n)\n", None, None, None),
    ("f(\n    a,\n    # why\n    b)\n", None, None, None),
    ("f(a, '''\n  b''')\n", None, None, None),
    ("f(\n    a, '''\nb''')\n", "hang_fill_end_off", "aligned_fill", None),
    ("x = (\n    a,\n)\n", None, None, None),  # the comma makes it a tuple
    ("def f(\n    a,\n    *b,\n):\n    y\n", None, None, None),
    ("f(aaa)\n", None, None, None),
    ("f()\n", None, None, None),
]
ONE_WAY: list[Row] = [
    ("x = {\n    1: 2,\n    3: 4,\n}\n", "hang_each_close", "flat", "x = {1: 2, 3: 4}\n"),
    ("f(\n    a,\n    b, c, d)\n", "hang_loose_end", "hang_each_end", "f(\n    a,\n    b,\n    c,\n    d)\n"),
    ("f(aaa,\n    bbb)\n", "aligned_each_off", "aligned_each", "f(aaa,\n  bbb)\n"),
    ("f(a,\n  b\n  )\n", "aligned_each_close", "aligned_each", "f(a,\n  b)\n"),
    ("f(\n    a, [\n        1, 2\n    ],\n)\n", "hang_fill_close_off", "flat", "f(a, [1, 2])\n"),
]


def test_layouts_go_both_ways() -> None:
    check_table(WRAPPING, BOTH_WAYS)


@pytest.mark.parametrize("row", ONE_WAY, ids=lambda row: row[1])
def test_what_no_name_gives_back(row: Row) -> None:
    code, found, variant, written = row
    source = Source.parse(code.encode(), GRAMMAR)
    site = next(iter(WRAPPING.sites(source)))
    assert (site.variant, variant is not None) == (found, True)
    edits = WRAPPING.rewrite(source, site, str(variant))
    assert edits is not None
    assert apply_edits(source.text, edits).decode() == written


def written(code: str, variant: str, limit: int = 0, grammar: Grammar = GRAMMAR) -> str | None:
    source = replace(Source.parse(code.encode(), grammar), limit=limit)
    site = next(iter(WRAPPING.sites(source)))
    edits = WRAPPING.rewrite(source, site, variant)
    return None if edits is None else apply_edits(source.text, edits).decode()


def test_lines_are_filled_up_to_what_the_house_allows() -> None:
    code = f"call({LONG})\n"
    assert written(code, "aligned_fill", 70) == (
        "call(first_argument_of_many, second_argument_of_many,\n     third_argument_of_many)\n"
    )
    assert written(code, "aligned_fill", 60) == written(code, "aligned_fill", 70)
    assert written(code, "aligned_fill", 52) is None  # that is a line for each
    assert written(code, "hang_fill_close", 100) == f"call(\n    {LONG}\n)\n"


def test_an_element_that_fits_no_line_is_broken_at_its_operators() -> None:
    code = "debug('*** error: there is not enough time available for %s.' % self.name_of_it, 'using another')\n"
    assert written(code, "aligned_fill", 72) == (
        "debug('*** error: there is not enough time available for %s.' %\n      self.name_of_it, 'using another')\n"
    )


def test_tabs_and_the_step_of_the_file_are_kept() -> None:
    code = "function f() {\n\tcall(\n\t\tone,\n\t\ttwo\n\t);\n\tcall(three, fourteen);\n}\n"
    source = Source.parse(code.encode(), JAVASCRIPT)
    last = list(WRAPPING.sites(source))[-1]
    edits = WRAPPING.rewrite(source, last, "hang_each_close")
    assert edits is not None
    assert apply_edits(source.text, edits).decode().endswith("\tcall(\n\t\tthree,\n\t\tfourteen\n\t);\n}\n")


def test_what_follows_on_the_line_must_fit_too() -> None:
    code = "x = call(first_one, second_one, third_one)[with_a_long_index_behind_it]\n"
    assert written(code, "aligned_fill", 60) == (
        "x = call(first_one, second_one,\n         third_one)[with_a_long_index_behind_it]\n"
    )


def test_a_last_comma_comes_where_the_file_has_them() -> None:
    code = "x = [\n    1,\n]\ny = [\n    2,\n]\nf(aaa, bbb)\n"
    source = Source.parse(code.encode(), GRAMMAR)
    last = list(WRAPPING.sites(source))[-1]
    edits = WRAPPING.rewrite(source, last, "hang_each_close")
    assert edits is not None
    assert apply_edits(source.text, edits).decode().endswith("f(\n    aaa,\n    bbb,\n)\n")


def test_joining_breaking_and_moving_are_judged_apart() -> None:
    kinds = [WRAPPING.judged_as(*pair) for pair in (("flat", "aligned_each"), ("aligned_each", "flat"), ("a", "b"))]
    assert kinds == ["wrapping=broken", "wrapping=joined", "wrapping"]

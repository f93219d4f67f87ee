"""Where lists break, in small examples of several grammars."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.javascript.grammars import GRAMMAR as JAVASCRIPT
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
    (
        "class A(Base, Other):\n    y\n",
        "flat",
        "hang_each_end",
        "class A(\n        Base,\n        Other):\n    y\n",
    ),
    (
        "warn('aaa '\n     'bbb',\n     Kind)\n",  # what stands behind the bracket moves as far as its first line
        "aligned_each",
        "hang_each_end",
        "warn(\n    'aaa '\n    'bbb',\n    Kind)\n",
    ),
    (
        "f(\n    g(\n        a,\n    ),\n    b,\n)\n",
        "hang_each_close",
        "hang_each_end",
        "f(\n    g(\n        a,\n    ),\n    b)\n",
    ),
    ("\tf(aaa, bbb)\n", "flat", "aligned_each", "\tf(aaa,\n\t  bbb)\n"),
    ("f(aaa, bbb)  # why\n", "flat", "aligned_each", "f(aaa,\n  bbb)  # why\n"),
    ("f(aaa, *bbb, **ccc)\n", "flat", "hang_fill_end", "f(\n    aaa, *bbb, **ccc)\n"),
    ("from a import (b, c)\n", "flat", "aligned_each", "from a import (b,\n               c)\n"),
    ("x = [a, b\n     ,c]\n", None, None, None),
    ("foo(lambda x:\n    x, bbb)\n", None, None, None),
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
    ("f(\n    a,\n    *b,\n)\n", "hang_each_close", "flat", "f(a, *b)\n"),
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


def test_filling_that_leaves_a_line_for_each_has_another_name() -> None:
    code = "f(\n    'first_argument',\n    [\n        'second',\n        'third',\n    ],\n    fourth=1\n)\n"
    assert written(code, "hang_fill_close", 79) == "f(\n    'first_argument', ['second', 'third'], fourth=1\n)\n"
    assert written(code, "hang_fill_close", 24) is None


def test_without_a_house_the_file_says_how_wide_lines_are() -> None:
    others = f"{'x' * 75} = 1\n" * 200
    code = f"call({LONG}, last)\n"  # 83 columns
    filled = "call(first_argument_of_many, second_argument_of_many, third_argument_of_many,\n     last)\n"
    assert written(code + others, "aligned_fill") == filled + others
    assert written(code + others, "aligned_fill", 60) != filled + others


def test_what_is_too_wide_already_may_stay_so_but_not_grow() -> None:
    long = "a" * 130
    assert written(f"f({long},\n  bbb)\n", "flat") is None
    assert written(f"ffff({long}, bbb)\n", "hang_each_end") == f"ffff(\n    {long},\n    bbb)\n"
    assert written(f"f({long},\n  bbb)\n", "hang_each_end") is None


def test_padding_is_kept_where_elements_stand_at_a_bracket() -> None:
    assert written("f( aaa, bbb )\n", "hang_each_close") == "f(\n    aaa,\n    bbb\n)\n"
    assert written("f(\n    aaa,\n    bbb\n)\ng( c )\nh( d )\n", "flat") == "f( aaa, bbb )\ng( c )\nh( d )\n"


def test_the_context_says_how_wide_the_line_of_the_list_is() -> None:
    def context(code: str) -> tuple[str, ...]:
        return next(iter(WRAPPING.sites(Source.parse(code.encode(), GRAMMAR)))).context

    assert context(f"call({LONG}, last)\n") == ("to88", "few", "last", "call")
    assert context(f"call(\n    {LONG}, last)\n") == ("to88", "few", "last", "call")
    assert context("x = (aaaa, bbbb)[0]\n") == ("to60", "2", "inner", "tuple")
    assert context("class A(B, C): pass\n")[3] == "class"
    assert context("f(\n    a, '''\nb''')\n")[0] == "never"


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

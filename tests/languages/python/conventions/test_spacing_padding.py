"""Blanks inside brackets, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.padding import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

PAREN, BRACKET, BRACE = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    PAREN: [
        ("f(a)\n", "tight", "padded", "f( a )\n"),
        ("f( a )\n", "padded", "tight", "f(a)\n"),
        ("f( a)\n", "mixed", "tight", "f(a)\n"),
        ("f(a )\n", "mixed", "padded", "f( a )\n"),
        ("f( a,\n   b )\n", "padded", "tight", "f(a,\n   b)\n"),
        ("f(a,\n  b\n)\n", "tight", "padded", "f( a,\n  b\n)\n"),
        ("f(\n  a )\n", "padded", "tight", "f(\n  a)\n"),
        ("f( # why\n  a)\n", "tight", "padded", "f( # why\n  a )\n"),
        ("def f( x ): pass\n", "padded", "tight", "def f(x): pass\n"),
        ("from a import ( b )\n", "padded", "tight", "from a import (b)\n"),
        ("with (a) as b, (c): pass\n", "tight", "padded", "with ( a ) as b, (c): pass\n"),
        ("x = ( a, )\n", "padded", "tight", "x = (a,)\n"),
        ("f()\n", None, None, None),
        ("f( )\n", None, None, None),
        ("f(\n  a\n)\n", None, None, None),
        ("f(  a  )\n", None, None, None),
        ("x = (a, )\n", None, None, None),
        ("x = [\n  f( 1),\n  f(-1\n   )]\n", "tight", "padded", "x = [\n  f( 1),\n  f( -1\n   )]\n"),
        ("x = f'{a}{(b)}'\n", None, None, None),
    ],
    BRACKET: [
        ("x = [a]\n", "tight", "padded", "x = [ a ]\n"),
        ("x = y[ a ]\n", "padded", "tight", "x = y[a]\n"),
        ("x = [1, 2][ 0 ]\n", "tight", "padded", "x = [ 1, 2 ][ 0 ]\n"),
        ("x = [ a for a in b]\n", "mixed", "padded", "x = [ a for a in b ]\n"),
        ("x: list[ int ]\n", "padded", "tight", "x: list[int]\n"),
        ("x = []\n", None, None, None),
        ("x = [\n  a,\n]\n", None, None, None),
    ],
    BRACE: [
        ("x = {a: b}\n", "tight", "padded", "x = { a: b }\n"),
        ("x = { a, b }\n", "padded", "tight", "x = {a, b}\n"),
        ("x = { **a}\n", "mixed", "tight", "x = {**a}\n"),
        ("x = {}\n", None, None, None),
        ("x = f'{ a }'\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def test_a_table_of_numbers_is_laid_out_by_column() -> None:
    assert [site.variant for site in BRACKET.sites(Source.parse(b"x = ([ 1, 2],\n     [-1, 2])\n", GRAMMAR))] == [
        "tight"
    ]
    assert [site.variant for site in PAREN.sites(Source.parse(b"x = {(True ): 1,\n     (False): 2}\n", GRAMMAR))] == [
        "tight"
    ]


def test_pairs_come_in_the_order_of_their_opening() -> None:
    source = Source.parse(b"f( g(a)[ b[c] ] )", GRAMMAR)
    assert [site.start for site in PAREN.sites(source)] == [1, 4]
    assert [site.start for site in BRACKET.sites(source)] == [7, 10]


@pytest.mark.parametrize(
    ("code", "context"),
    [
        ("f(a)", ("call", "flat")),
        ("f([a])", ("call", "nested")),
        ("def f(a): pass", ("def", "flat")),
        ("x = (a, b)", ("tuple", "flat")),
        ("x = (a + b)", ("group", "flat")),
        ("any(x for x in y)", ("generator", "flat")),
    ],
)
def test_context(code: str, context: tuple[str, ...]) -> None:
    assert [site.context for site in PAREN.sites(Source.parse(code.encode(), GRAMMAR))] == [context]

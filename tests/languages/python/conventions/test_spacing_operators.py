"""Blanks around binary operators, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.operators import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

ARITHMETIC, POWER, COMPARISON = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    ARITHMETIC: [
        ("x = a + b\n", "spaced", "tight", "x = a+b\n"),
        ("x = a//b\n", "tight", "spaced", "x = a // b\n"),
        ("x = 'a%s' %b\n", "mixed", "spaced", "x = 'a%s' % b\n"),
        ("x = a* b\n", "mixed", "tight", "x = a*b\n"),
        ("x = a * -b\n", "spaced", "tight", "x = a*-b\n"),
        ("def f(x: int | None): pass\n", "spaced", "tight", "def f(x: int|None): pass\n"),
        ("x = 0xe - 5\n", "spaced", "tight", "x = 0xe-5\n"),
        ("x = a - -b\n", None, None, None),
        ("x = -a if b else -1\n", None, None, None),
        ("f(*a, **b)\n", None, None, None),
        ("x = (a +\n     b)\n", None, None, None),
        ("x = (a\n     + b)\n", None, None, None),
        ("x = a + \\\n    b\n", None, None, None),
        ("x = (a +  # why\n     b)\n", None, None, None),
        ("x = a  + b\n", None, None, None),
        ("x = [aa  * b,\n     aaa * b]\n", None, None, None),
        ("x = f'{a + b} {c=}'\n", None, None, None),
        ("x = (a + b\n", None, None, None),
    ],
    POWER: [
        ("x = a ** b\n", "spaced", "tight", "x = a**b\n"),
        ("x = a**-b\n", "tight", "spaced", "x = a ** -b\n"),
        ("f(** b)\n", None, None, None),
        ("x **= b\n", None, None, None),
    ],
    COMPARISON: [
        ("if a == b: pass\n", "spaced", "tight", "if a==b: pass\n"),
        ("if a<-b: pass\n", "tight", "spaced", "if a < -b: pass\n"),
        ("if a >=b: pass\n", "mixed", "tight", "if a>=b: pass\n"),
        ("if a is b or c not in d: pass\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def test_every_operator_is_a_site_of_its_own() -> None:
    text = b"x = a + b*c << d\ny = a < b <= c != d is not e\n"
    source = Source.parse(text, GRAMMAR)
    found = [text[site.start : site.end] for convention in CONVENTIONS for site in convention.sites(source)]
    assert found == [b" + ", b"*", b" << ", b" < ", b" <= ", b" != "]


@pytest.mark.parametrize(
    ("code", "context"),
    [
        ("x = a + b", ("sum", "simple", "plain")),
        ("x = y[a.b - 1:]", ("sum", "complex", "slice")),
        ("x = y[a * 2]", ("product", "simple", "subscript")),
        ("f(x='%s' % a)", ("modulo", "text", "keyword")),
        ("f([a, (b | c)])", ("bits", "simple", "group")),
    ],
)
def test_context(code: str, context: tuple[str, ...]) -> None:
    assert [site.context for site in ARITHMETIC.sites(Source.parse(code.encode(), GRAMMAR))] == [context]


def test_an_operand_of_a_further_operation_is_told_apart() -> None:
    sites = ARITHMETIC.sites(Source.parse(b"f(a*b + c)", GRAMMAR))
    assert [site.context for site in sites] == [("product", "inner", "call"), ("sum", "complex", "call")]

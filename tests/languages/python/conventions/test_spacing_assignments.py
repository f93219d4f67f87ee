"""Blanks around `=`, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.assignments import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

ASSIGNMENT, KEYWORD, ANNOTATED = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    ASSIGNMENT: [
        ("x = 1\n", "spaced", "tight", "x=1\n"),
        ("x[a] =-1\n", "mixed", "spaced", "x[a] = -1\n"),
        ("x **=2\n", "mixed", "tight", "x**=2\n"),
        ("if (n:=f()): pass\n", "tight", "spaced", "if (n := f()): pass\n"),
        ("x = \\\n    1\n", None, None, None),
        ("x     = 1\nlong = 2\n", "spaced", "tight", "x     = 1\nlong=2\n"),
        ("x    = 1\nlong = 2\n", None, None, None),
        ("x: int = 1\n", None, None, None),
        ("f(x=1)\n", None, None, None),
        ("def f(x=1): pass\n", None, None, None),
    ],
    KEYWORD: [
        ("f(x=1)\n", "tight", "spaced", "f(x = 1)\n"),
        ("f(x= -1)\n", "mixed", "tight", "f(x=-1)\n"),
        ("def f(x = 1): pass\n", "spaced", "tight", "def f(x=1): pass\n"),
        ("class A(metaclass=B): pass\n", "tight", "spaced", "class A(metaclass = B): pass\n"),
        ("f(a    = 1,\n  long = 2)\n", None, None, None),
        ("def f(x: int = 1): pass\n", None, None, None),
        ("x = 1\n", None, None, None),
    ],
    ANNOTATED: [
        ("def f(x: int = 1): pass\n", "spaced", "tight", "def f(x: int=1): pass\n"),
        ("x: int=1\n", "tight", "spaced", "x: int = 1\n"),
        ("def f(x: int= 1): pass\n", "mixed", "tight", "def f(x: int=1): pass\n"),
        ("def f(x=1): pass\n", None, None, None),
        ("x = y = 1\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


@pytest.mark.parametrize(
    ("code", "contexts"),
    [
        ("f(g(), x=h(y=1))", [("call", "inline"), ("call", "inline")]),
        ("f(\n    x_1=1,\n)", [("call", "line")]),
        ("def f(a, x=1): pass", [("def", "inline")]),
        ("x = lambda y=1: f(y=y)", [("lambda", "inline"), ("call", "inline")]),
        ("class A(x=1): pass", [("class", "inline")]),
    ],
)
def test_keyword_context(code: str, contexts: list[tuple[str, str]]) -> None:
    assert [site.context for site in KEYWORD.sites(Source.parse(code.encode(), GRAMMAR))] == contexts


def test_annotated_context() -> None:
    source = Source.parse(b"def f(x: int = 1): pass\ny: int = 1\n", GRAMMAR)
    assert [site.context for site in ANNOTATED.sites(source)] == [("def",), ("field",)]


def test_a_chain_has_a_site_for_each_sign() -> None:
    assert [(site.start, site.end) for site in ASSIGNMENT.sites(Source.parse(b"a = b =c", GRAMMAR))] == [(1, 4), (5, 7)]

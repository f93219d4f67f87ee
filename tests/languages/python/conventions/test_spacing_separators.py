"""Blanks at commas, colons and arrows, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.separators import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

COMMA, ANNOTATION, ARROW, DICT, SLICE, LAMBDA, BLOCK = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    COMMA: [
        ("f(a, b)\n", "spaced", "tight", "f(a,b)\n"),
        ("x = [1,2]\n", "tight", "spaced", "x = [1, 2]\n"),
        ("for a,b in c: pass\n", "tight", "spaced", "for a, b in c: pass\n"),
        ("x = a,not b\n", "tight", "spaced", "x = a, not b\n"),
        ("f(a ,b)\n", "mixed", "spaced", "f(a, b)\n"),
        ("f(a , b)\n", "mixed", "tight", "f(a,b)\n"),
        ("f(a  , b)\n", "spaced", "tight", "f(a  ,b)\n"),
        ("f(a\n , b)\n", "spaced", "tight", "f(a\n ,b)\n"),
        ("f(a,  b)\n", None, None, None),
        ("f(a,\tb)\n", None, None, None),
        ("f(a,\n  b)\n", None, None, None),
        ("f(a,  # why\n  b)\n", None, None, None),
        ("f(a, # why\n  b)\n", None, None, None),
        ("x = (a, )\n", None, None, None),
        ("x = (a,)\n", None, None, None),
        ("x, = a\n", None, None, None),
        ("for x, in a: pass\n", None, None, None),
        ("x = 'a, b'\n", None, None, None),
    ],
    BLOCK: [
        ("def f() :\n    pass\n", "spaced", "tight", "def f():\n    pass\n"),
        ("class A: pass\n", "tight", "spaced", "class A : pass\n"),
        ("else_ = [x for x in y if x]\n", None, None, None),
        ("if x[a :b]  :\n    pass\n", None, None, None),
        ("else_ = {a :b}\nif else_ :\n    pass\n", "spaced", "tight", "else_ = {a :b}\nif else_:\n    pass\n"),
        ("if (a\n    and b) \\\n  :\n    pass\n", None, None, None),
    ],
    ANNOTATION: [
        ("def f(x: int): pass\n", "after", "tight", "def f(x:int): pass\n"),
        ("def f(*x:int=3): pass\n", "tight", "both", "def f(*x : int=3): pass\n"),
        ("x : int = 1\n", "both", "after", "x: int = 1\n"),
        ("x :int\n", "mixed", "after", "x: int\n"),
        ("a   : int\nbcd : int\n", None, None, None),
        ("if x: int\n", None, None, None),
        ("x = {a: int}\n", None, None, None),
    ],
    ARROW: [
        ("def f() -> int: pass\n", "spaced", "tight", "def f()->int: pass\n"),
        ("def f()-> int: pass\n", "mixed", "spaced", "def f() -> int: pass\n"),
        ("def f() \\\n    -> int: pass\n", None, None, None),
    ],
    DICT: [
        ("x = {a: b}\n", "after", "tight", "x = {a:b}\n"),
        ("x = {a : b}\n", "both", "after", "x = {a: b}\n"),
        ("x = {a :b}\n", "mixed", "both", "x = {a : b}\n"),
        ("x = {k:v for k in y}\n", "tight", "after", "x = {k: v for k in y}\n"),
        ("x = {a:\n     b}\n", None, None, None),
        ("x = {'a'  : b,\n     'bcd': c}\n", None, None, None),
        ("x = {'a'   : b,\n     'bcd' : c}\n", None, None, None),
        ("x = {'a':   b}\n", None, None, None),
        ("x = y[a: b]\n", None, None, None),
    ],
    SLICE: [
        ("x = y[a:b]\n", "tight", "both", "x = y[a : b]\n"),
        ("x = y[a + 1 : b:c]\n", "both", "tight", "x = y[a + 1:b:c]\n"),
        ("x = y[a: b]\n", "after", "tight", "x = y[a:b]\n"),
        ("x = y[a:]\n", None, None, None),
        ("x = y[::a]\n", None, None, None),
        ("x = y[a, {b: c}]\n", None, None, None),
    ],
    LAMBDA: [
        ("f = lambda x: x\n", "after", "tight", "f = lambda x:x\n"),
        ("f = lambda:0\n", "tight", "after", "f = lambda: 0\n"),
        ("f = lambda x :x\n", "mixed", "both", "f = lambda x : x\n"),
        ("f = lambda x=y[1:2]:\\\n    x\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


@pytest.mark.parametrize(
    ("code", "contexts"),
    [
        ("f(a, [b, c], (d, e))", ["call", "list", "call", "tuple"]),
        ("a, b = {c: d, e: f}", ["bare", "dict"]),
        ("def f(a, b): x[a, b]", ["def", "subscript"]),
        ("from a import b, c", ["import"]),
        ("assert a, b", ["other"]),
    ],
)
def test_comma_context(code: str, contexts: list[str]) -> None:
    assert [site.context for site in COMMA.sites(Source.parse(code.encode(), GRAMMAR))] == [
        (word,) for word in contexts
    ]


def test_slice_context() -> None:
    source = Source.parse(b"x[a:-1], x[a + b:c]", GRAMMAR)
    assert [site.context for site in SLICE.sites(source)] == [("simple",), ("complex",)]

"""The blank before the parenthesis of a call or header, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import check_table

from codetune_git.languages.python.conventions.spacing.calls import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

(CALL,) = CONVENTIONS


def test_rows() -> None:
    check_table(
        CALL,
        [
            ("f(a)\n", "tight", "spaced", "f (a)\n"),
            ("a.f ()\n", "spaced", "tight", "a.f()\n"),
            ("def f (a): pass\n", "spaced", "tight", "def f(a): pass\n"),
            ("class A(B): pass\n", "tight", "spaced", "class A (B): pass\n"),
            ("@a.b(c)\ndef f(): pass\n", "tight", "spaced", "@a.b (c)\ndef f(): pass\n"),
            ("any (x for x in y)\n", "spaced", "tight", "any(x for x in y)\n"),
            ("f  (a)\n", None, None, None),
            ("(f\n (a))\n", None, None, None),
            ("f \\\n  (a)\n", None, None, None),
            ("x = not(a)\n", None, None, None),
            ("return(a)\n", None, None, None),
            ("x = a in(b, c)\n", None, None, None),
            ("x = not (y for y in z)\n", None, None, None),
            ("except_ = lambda: (1)\n", None, None, None),
        ],
    )


@pytest.mark.parametrize(
    ("code", "contexts"),
    [
        ("f(g(a))", ["call", "call"]),
        ("class A(B): pass", ["class"]),
        ("@a(b())\ndef f(): pass", ["decorator", "call", "def"]),
        ("print (a)", ["statement"]),
        ("pprint (a)", ["call"]),
        ("a.print (a)", ["call"]),
    ],
)
def test_context(code: str, contexts: list[str]) -> None:
    assert [site.context for site in CALL.sites(Source.parse(code.encode(), GRAMMAR))] == [(word,) for word in contexts]

"""Brackets of several lines, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.wrapping import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

WRAPPING, COMMA, HANGING = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    WRAPPING: [
        ("f(\n    a,\n    b,\n)\n", "hang_close_comma", "hang_end", "f(\n    a,\n    b)\n"),
        ("f(\n    a,\n    b,\n)\n", "hang_close_comma", "aligned", "f(a,\n  b)\n"),
        ("f(\n    a,\n    b,\n)\n", "hang_close_comma", "hang_close", None),
        ("f(\n    a,\n    b)\n", "hang_end", "hang_close", "f(\n    a,\n    b\n)\n"),
        ("f(\n    a,\n    b)\n", "hang_end", "hang_close_comma", "f(\n    a,\n    b,\n)\n"),
        ("ff(a, b,\n   c)\n", "aligned", "hang_close", "ff(\n    a, b,\n    c\n)\n"),
        ("ff(a,\n   b)\n", "aligned", "hang_end", "ff(\n    a,\n    b)\n"),
        ("def f(a,\n      b):\n    y\n", "aligned", "hang_end", "def f(\n        a,\n        b):\n    y\n"),
        ("def f(a,\n      b):\n    y\n", "aligned", "hang_close_comma", "def f(\n    a,\n    b,\n):\n    y\n"),
        ("def f(\n    a, *b):\n    y\n", "hang_end", "hang_close_comma", None),
        ("if (a and\n        b):\n    y\n", None, None, None),
        ("x = (a +\n     b)\n", "aligned", "hang_close", "x = (\n    a +\n    b\n)\n"),
        ("x = (a +\n     b)\n", "aligned", "hang_close_comma", None),
        (
            "if x:\n    f(\n        a,\n        [\n            1,\n        ]\n    )\n",
            "hang_close",
            "aligned",
            "if x:\n    f(a,\n      [\n          1,\n      ])\n",
        ),
        ("f(\n  a,\n  b)\n", "hang_end", "aligned", None),
        ("f(\n    a)\n", "hang_end", "aligned", None),
        ("f(\n    a,\n    '''\nb''')\n", "hang_end", "aligned", None),
        ("f(\n    a,\n    # why\n    b)\n", "hang_end", "aligned", None),
        ("f(\n    a,\n    b\n    )\n", "hang_close_indented", "hang_close", "f(\n    a,\n    b\n)\n"),
        ("f(\n    a,\n    b  # why\n)\n", None, None, None),
        ("f(\n    a,)\n", None, None, None),
        ("f(a,\n    b)\n", None, None, None),
        ("f(a, {\n    1: 2\n})\n", "hang_close", "hang_end", "f(a, {\n    1: 2})\n"),
        ("x = (\n    a,\n)\n", None, None, None),
        ("def f(\n    *a,\n):\n    y\n", None, None, None),
        ("f(\n    a).g(\n    b)\n", "hang_end", "hang_close", "f(\n    a\n).g(\n    b)\n"),
        ("x = [a for a\n     in b]\n", None, None, None),
        ("g( c )\nf( a,\n   b )\n", "aligned", "hang_end", "g( c )\nf(\n    a,\n    b )\n"),
        ("g( c )\nf(\n    a,\n    b\n)\n", "hang_close", "hang_end", "g( c )\nf(\n    a,\n    b )\n"),
        ("f(a,\n  b" + "b" * 100 + ")\n", None, None, None),
        ("f" * 60 + "(\n    a,\n    " + "b" * 60 + ")\n", "hang_end", "aligned", None),
        ("f(\n    a\n", None, None, None),
    ],
    COMMA: [
        ("f(\n    a,\n    b,\n)\n", "comma", "none", "f(\n    a,\n    b\n)\n"),
        ("x = {\n    1: 2  # why\n}\n", "none", "comma", "x = {\n    1: 2,  # why\n}\n"),
        ("f(a,\n  b\n  )\n", "none", "comma", "f(a,\n  b,\n  )\n"),
        ("f(\n    *a\n)\n", "none", "comma", "f(\n    *a,\n)\n"),
        ("class A(\n    B,\n):\n    y\n", "comma", "none", "class A(\n    B\n):\n    y\n"),
        ("from x import (\n    a\n)\n", "none", "comma", "from x import (\n    a,\n)\n"),
        ("def f(\n    a,\n    *b: int\n):\n    y\n", None, None, None),
        ("def f(\n    a,\n    **b,\n):\n    y\n", None, None, None),
        ("def f(\n    a,\n    /\n):\n    y\n", None, None, None),
        ("x = (\n    a,\n)\n", None, None, None),
        ("x = (\n    a\n)\n", None, None, None),
        ("f(\n    a for a in b\n)\n", None, None, None),
        ("x[\n    a\n]\n", None, None, None),
        ("f(\n    a)\n", None, None, None),
        ("f(\n    a ,\n)\n", None, None, None),
        ("f(\n)\n", None, None, None),
        ("x = f'''{g(\n    a\n)}'''\n", None, None, None),
    ],
    HANGING: [
        ("f(\n    a,\n    b\n)\n", "4", "8", "f(\n        a,\n        b\n)\n"),
        (
            "if x:\n    f(\n      a, [\n          1\n      ])\n",
            "2",
            "4",
            "if x:\n    f(\n        a, [\n            1\n        ])\n",
        ),
        ("f(\n    a,\n    b\n    )\n", "4", "2", "f(\n  a,\n  b\n  )\n"),
        ("f(\n    a, '''\nb''',\n    c)\n", "4", "2", "f(\n  a, '''\nb''',\n  c)\n"),
        ("f(\n   a)\n", "3", "4", "f(\n    a)\n"),
        ("f(\n    a,\n  b)\n", None, None, None),
        ("f(\n  # why\n    a)\n", None, None, None),
        ("f(a,\n  b)\n", None, None, None),
        ("f(\na)\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


@pytest.mark.parametrize(
    ("convention", "code", "contexts"),
    [
        (WRAPPING, "f(\n    a, b,\n    c)\n", [("call", "packed")]),
        (WRAPPING, "class A(\n        B):\n    y\n", [("class", "one")]),
        (WRAPPING, "x = (\n    'a'\n    'b'\n)\n", [("paren", "strings")]),
        (COMMA, "x = [\n    a,\n    f(\n        **b\n    ),\n]\n", [("one", "call_splat"), ("spread", "list")]),
        (COMMA, "def f(\n    a\n):\n    y\n", [("one", "def")]),
        (HANGING, "f(\n    a\n)\nx = {\n    1: 2}\n", [("call", "close"), ("dict", "end")]),
    ],
)
def test_contexts(convention: Convention, code: str, contexts: list[tuple[str, ...]]) -> None:
    assert [site.context for site in convention.sites(Source.parse(code.encode(), GRAMMAR))] == contexts


def test_a_call_whose_callee_ends_its_hanging_lines_says_nothing() -> None:
    source = Source.parse(b"f(\n    a).g(\n    b)\n", GRAMMAR)
    assert [source.line_of(site.start) for site in WRAPPING.sites(source)] == [1]


def test_the_site_of_a_comma_lies_in_the_line_of_the_last_element() -> None:
    source = Source.parse(b"f(\n    a,\n    b\n)\n", GRAMMAR)
    (site,) = COMMA.sites(source)
    assert source.lines_of(site.start, site.end).first == source.lines_of(site.start, site.end).last == 3

"""The commas and the hanging lines of lists of several lines, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.lists import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

COMMA, HANGING = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
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
        (COMMA, "x = [\n    a,\n    f(\n        **b\n    ),\n]\n", [("one", "call_splat"), ("spread", "list")]),
        (COMMA, "def f(\n    a\n):\n    y\n", [("one", "def")]),
        (HANGING, "f(\n    a\n)\nx = {\n    1: 2}\n", [("call", "close"), ("dict", "end")]),
    ],
)
def test_contexts(convention: Convention, code: str, contexts: list[tuple[str, ...]]) -> None:
    assert [site.context for site in convention.sites(Source.parse(code.encode(), GRAMMAR))] == contexts


def test_the_site_of_a_comma_lies_in_the_line_of_the_last_element() -> None:
    source = Source.parse(b"f(\n    a,\n    b\n)\n", GRAMMAR)
    (site,) = COMMA.sites(source)
    assert source.lines_of(site.start, site.end).first == source.lines_of(site.start, site.end).last == 3

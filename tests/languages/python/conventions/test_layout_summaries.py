"""Summaries of docstrings: full stop, first letter and the blank line below, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.summaries import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

STOP, CAPITAL, BLANK = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    STOP: [
        ('"""Say why"""\n', "none", "stop", '"""Say why."""\n'),
        ('"""Say why.\n\nBecause"""\n', "stop", "none", '"""Say why\n\nBecause"""\n'),
        ('"""\nSay it\nor why\n"""\n', "none", "stop", '"""\nSay it\nor why.\n"""\n'),
        ('"""Say why\n:param x: it"""\n', "none", "stop", '"""Say why.\n:param x: it"""\n'),
        ('"""Say why (or not)"""\n', "none", "stop", '"""Say why (or not)."""\n'),
        ('"""Why."""\n', None, None, None),
        ('"""Say. Why."""\n', None, None, None),
        ('"""Say why, etc."""\n', None, None, None),
        ('"""Say why..."""\n', None, None, None),
        ('"""Say why:"""\n', None, None, None),
        ('"""Say it\n======"""\n', None, None, None),
        ('"""f(x, y) -> int"""\n', None, None, None),
        ('"""See http://x.org/a b"""\n', None, None, None),
        ('"""Say why\n\n>>> f(x)"""\n', None, None, None),
        ('"""Say `why`"""\n', None, None, None),
    ],
    CAPITAL: [
        ('"""say why"""\n', "lower", "upper", '"""Say why"""\n'),
        ('"""\nSay why"""\n', "upper", "lower", '"""\nsay why"""\n'),
        ('"""f why"""\n', None, None, None),
        ('"""say_it why"""\n', None, None, None),
        ('"""iOS why"""\n', None, None, None),
        ('"""HTTP why"""\n', None, None, None),
        ('"""say() why"""\n', None, None, None),
        ('"""say why"""\nsay = 1\n', None, None, None),
        ('"""kwargs of it"""\n', None, None, None),
        ('"""say why"""\ndef f(x, say): pass\n', None, None, None),
        ('""":param x: why"""\n', None, None, None),
        ('"""- say why"""\n', None, None, None),
    ],
    BLANK: [
        ('"""Say.\nWhy"""\n', "none", "blank", '"""Say.\n\nWhy"""\n'),
        ('"""Say.\n\nWhy"""\n', "blank", "none", '"""Say.\nWhy"""\n'),
        ('"""Say\n\n:param x: it"""\n', "blank", "none", '"""Say\n:param x: it"""\n'),
        ('"""Say\nx: it"""\n', "none", "blank", '"""Say\n\nx: it"""\n'),
        ('"""Say.\n\n\nWhy"""\n', "many", "blank", '"""Say.\n\nWhy"""\n'),
        ('"""Say\n\nWhy"""\n', None, None, None),
        ('"""Say\nWhy"""\n', None, None, None),
        ('"""Say, e.g.\nWhy"""\n', None, None, None),
        ('"""Say.\n"""\n', None, None, None),
        ('"""Say.\n \nWhy"""\n', None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def test_contexts() -> None:
    text = b'"""Say it.\nb"""\nclass A:\n    """\n    Say it\n\n    :x: b"""\n    def f():\n        "Say it"\n'
    source = Source.parse(text, GRAMMAR)
    assert [site.context for site in STOP.sites(source)] == [("multi", "class"), ("one", "def")]
    assert [site.context for site in CAPITAL.sites(source)] == [("module",), ("class",), ("def",)]
    assert [site.context for site in BLANK.sites(source)] == [("prose", "module"), ("field", "class")]

"""Blanks at the ends of lines, runs of blanks, and the side of an operator that a line breaks on, in small examples."""

from __future__ import annotations

from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.grammars import GRAMMAR as JAVASCRIPT
from codetune_git.languages.python.conventions.layout import whitespace as docstring_whitespace
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.shared import operator_breaks, runs, whitespace
from codetune_git.text.source import Source

ENDS, FILE_END = whitespace.CONVENTIONS
(RUNS,) = runs.CONVENTIONS
(BREAKS,) = operator_breaks.CONVENTIONS


def variants(convention: Convention, code: str) -> list[tuple[int, str]]:
    source = Source.parse(code.encode(), GRAMMAR)
    return [(source.line_of(site.start), site.variant) for site in convention.sites(source)]


def test_the_ends_of_lines() -> None:
    rows: list[Row] = [
        ("x = 1 \n", "some", "none", "x = 1\n"),
        ("x = 1\n", "none", "some", "x = 1 \n"),
        ("x\n", "none", "some", "x \n"),
        ("x = 1 + \\\n    2\n", "none", "some", "x = 1 + \\\n    2 \n"),
    ]
    check_table(ENDS, rows)


def test_what_is_inside_a_string_is_its_value() -> None:
    assert variants(ENDS, 'x = """a  \n  \nb"""  \ny\n') == [(3, "some"), (4, "none")]
    assert variants(ENDS, "# why  \n\t\nx = 1") == [(1, "some"), (2, "some"), (3, "none")]


def test_what_is_inside_a_docstring_is_nobodys() -> None:
    ends, _ = docstring_whitespace.CONVENTIONS
    found = variants(ends, 'def f():\n    """A \n     \n    b  \n    c\n    """\n')
    assert found == [(1, "none"), (2, "some"), (3, "some"), (5, "none"), (6, "none")]
    assert variants(ends, '"""A \n>>> b \n"""\n') == [(3, "none")]
    check_table(ends, [('"""A \nb"""\n', "some", "none", '"""A\nb"""\n')])


def test_what_is_inside_a_comment_is_nobodys() -> None:
    source = Source.parse(b"/* a \n * b */\nx = `a \n`;\n", JAVASCRIPT)
    found = [(source.line_of(site.start), site.variant) for site in ENDS.sites(source)]
    assert found == [(1, "some"), (2, "none"), (4, "none")]


def test_the_end_of_the_file() -> None:
    check_table(FILE_END, [("x\n\n", "blank_lines", "newline", "x\n"), ("x\n", "newline", "blank_lines", "x\n\n")])
    assert variants(FILE_END, "x") == variants(FILE_END, "") == variants(FILE_END, "\n\n") == []


def test_runs_of_blanks() -> None:
    rows: list[Row] = [
        ("x = 1\n", "one", "two", "x  = 1\n"),
        ("f(a,  b)\n", "two", "one", "f(a, b)\n"),
    ]
    check_table(RUNS, rows)


def test_columns_comments_and_strings_are_no_slips() -> None:
    assert variants(RUNS, "a   = 1\nbcd = 2\n") == [(1, "one"), (2, "one")]
    assert variants(RUNS, "f(a)  # why  not\n") == []
    assert variants(RUNS, "f('a  b')\n") == []
    assert variants(RUNS, "zz = x  and y\n") == [(1, "one"), (1, "one"), (1, "two"), (1, "one")]


def test_the_side_of_an_operator() -> None:
    rows: list[Row] = [
        ("x = (aa +\n     bb)\n", "after", "before", "x = (aa\n     + bb)\n"),
        ("x = (aa\n     and bb)\n", "before", "after", "x = (aa and\n     bb)\n"),
        ("x = (aa\n     not in bb)\n", "before", "after", "x = (aa not in\n     bb)\n"),
        ("x = (aa +  # why\n     bb)\n", None, None, None),
        ("x = aa + \\\n    bb\n", None, None, None),
        ("x = (aa + bb)\n", None, None, None),
    ]
    check_table(BREAKS, rows)

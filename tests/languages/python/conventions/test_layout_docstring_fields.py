"""The words that name the fields of docstrings, in small examples."""

from __future__ import annotations

from support.convention_checks import check_table

from codetune_git.languages.python.conventions.layout.docstring_fields import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

(FIELD,) = CONVENTIONS


def test_rows() -> None:
    check_table(
        FIELD,
        [
            ('"""Say.\n\n:return: why"""\n', "short", "long", '"""Say.\n\n:returns: why"""\n'),
            ('"""Say.\n\n  :raises A: why"""\n', "long", "short", '"""Say.\n\n  :raise A: why"""\n'),
            ('"""Say.\n\nArgs:\n  x: why"""\n', "short", "long", '"""Say.\n\nArguments:\n  x: why"""\n'),
            ('"""Say.\n\nArgs: why"""\n', None, None, None),
            ('"""Say.\n\nReturns:\n  why"""\n', None, None, None),
            ('"""Say.\n\n:rtype: why"""\n', None, None, None),
            ('"""Say :return: why"""\n', None, None, None),
            ('"""Say.\n\n:return: why\n>>> f()"""\n', None, None, None),
            ('x = """Say.\n\n:return: why"""\n', None, None, None),
        ],
    )


def test_each_field_is_a_choice_of_its_own() -> None:
    source = Source.parse(b'"""Say.\n\n:returns: why\n:raise A: so\nArguments:\n  x"""\n', GRAMMAR)
    found = [(site.context, site.variant) for site in FIELD.sites(source)]
    assert found == [(("return",), "long"), (("raise",), "short"), (("args",), "long")]

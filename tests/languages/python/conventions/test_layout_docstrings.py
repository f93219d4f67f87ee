"""The form of docstrings, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.docstrings import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

QUOTES, FIRST_LINE, CLOSING, PADDING, INDENT = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    QUOTES: [
        ('"""Why."""\n', "double3", "single1", "'Why.'\n"),
        ("'Why.'\nx\n", "single1", "double3", '"""Why."""\nx\n'),
        ('def f():\n    """It\'s."""\n', "double3", "double1", 'def f():\n    "It\'s."\n'),
        ('def f():\n    """It\'s."""\n', "double3", "single1", None),
        ('def f():\n    """A\n    b."""\n', "double3", "double1", None),
        ('def f():\n    """A\n    b."""\n', "double3", "single3", "def f():\n    '''A\n    b.'''\n"),
        ('"""Say "why"."""\n', "double3", "single1", "'Say \"why\".'\n"),
        ('"""Say "why" """\n', "double3", "double1", None),
        ('"""Say "why"\'"""\n', None, None, None),
        ("'''\"Why\" is it.'''\n", None, None, None),
        ('"""A \\n b."""\n', None, None, None),
        ('r"""A."""\n', None, None, None),
        ('f"""A."""\n', None, None, None),
        ('"""A.""" "b"\n', None, None, None),
        ('""""""\n', None, None, None),
        ('x\n"""Why."""\n', None, None, None),
        ('if x:\n    """Why."""\n', None, None, None),
    ],
    FIRST_LINE: [
        ('def f():\n    """A.\n\n    b\n    """\n', "same", "next", 'def f():\n    """\n    A.\n\n    b\n    """\n'),
        ('def f():\n    """\n    A.\n    """\n', "next", "same", 'def f():\n    """A.\n    """\n'),
        ('def f():\n    """A\n       b"""\n', "same", "next", 'def f():\n    """\n       A\n       b"""\n'),
        ('def f():\n    """A."""\n', None, None, None),
        ('def f():\n    """\n      A\n    b"""\n', None, None, None),
        ('def f():\n    """\n    A\n      b"""\n', None, None, None),
        ('def f():\n    """ A\n    b"""\n', None, None, None),
        ('def f():\n    """\n\n    A\n    b"""\n', None, None, None),
        ('def f():\n    """\\\n    A\n    b"""\n', None, None, None),
    ],
    CLOSING: [
        ('def f():\n    """A\n    b."""\n', "end", "own", 'def f():\n    """A\n    b.\n    """\n'),
        ('def f():\n    """A\n    b.\n    """\n', "own", "end", 'def f():\n    """A\n    b."""\n'),
        ('def f():\n    """A\n    "b"\n    """\n', None, None, None),
        ('def f():\n    """A\n    b.\n\n    """\n', None, None, None),
        ('def f():\n    """A\n    b.\n  """\n', "off", "own", 'def f():\n    """A\n    b.\n    """\n'),
        ('def f():\n    """A\n    b.\n\t"""\n', "off", "end", 'def f():\n    """A\n    b."""\n'),
        ('def f():\n    """A\n    b.\\\n    """\n', None, None, None),
        ('def f():\n    """A.\n    """\n', "own", "end", 'def f():\n    """A."""\n'),
        ('def f():\n    """A."""\n', "end", "own", 'def f():\n    """A.\n    """\n'),
        ('def f():\n    "A."\n', None, None, None),
        ('def f():\n    """\n    A.\n    """\n', None, None, None),
        ('def f():\n    """A.\\n"""\n', "end", "own", 'def f():\n    """A.\\n\n    """\n'),
        ('def f():\n    """A\n    b. """\n', None, None, None),
    ],
    PADDING: [
        ('""" Why. """\n', "padded", "tight", '"""Why."""\n'),
        ("'Why.'\n", "tight", "padded", "' Why. '\n"),
        ('"""Why. """\n', "mixed", "tight", '"""Why."""\n'),
        ('"""  Why."""\n', "mixed", "padded", '""" Why. """\n'),
        ('def f():\n    """ A\n    b."""\n', "padded", "tight", 'def f():\n    """A\n    b."""\n'),
        ('def f():\n    """A\n    b. """\n', "tight", "padded", 'def f():\n    """ A\n    b. """\n'),
        ('"""Say "why" """\n', None, None, None),
        ('"""\nWhy."""\n', None, None, None),
        ('""" Why\\n """\n', None, None, None),
    ],
    INDENT: [
        (
            'def f():\n    """A\n    b\n      c"""\n',
            "level",
            "aligned",
            'def f():\n    """A\n       b\n         c"""\n',
        ),
        ('def f():\n    """A\n\n     b\n    """\n', "off", "level", 'def f():\n    """A\n\n    b\n    """\n'),
        ('def f():\n    """\nb\n"""\n', "off", "level", 'def f():\n    """\n    b\n"""\n'),
        ('"""A\nb"""\n', "level", "aligned", '"""A\n   b"""\n'),
        ('def f():\n    """A.\n    """\n', None, None, None),
        ('def f():\n    """A\n\tb"""\n', None, None, None),
        ('def f():\n    """A\n    >>> b"""\n', None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def test_contexts() -> None:
    source = Source.parse(b'"""A\nb"""\nclass A:\n    """\n    A\n    b"""\n    def f():\n        "A"\n', GRAMMAR)
    assert [site.context for site in QUOTES.sites(source)] == [("multi", "module"), ("multi", "class"), ("one", "def")]
    assert [site.context for site in FIRST_LINE.sites(source)] == [("module",), ("class",)]
    assert [site.context for site in CLOSING.sites(source)] == [("same", "module"), ("next", "class")]

"""The width of blocks, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import check_rewrite, check_table

from codetune_git.languages.python.conventions.layout.indentation import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

(INDENTATION,) = CONVENTIONS


def test_rows() -> None:
    check_table(
        INDENTATION,
        [
            ("if x:\n    y\n", "4", "2", "if x:\n  y\n"),
            ("if x:\n  y\n\n  z\n", "2", "8", "if x:\n        y\n\n        z\n"),
            ("if x:\n    y\n", "4", "tab", "if x:\n\ty\n"),
            ("if x:\n\tif y:\n\t\tz\n", "tab", "4", "if x:\n    if y:\n    \tz\n"),
            ("if x:\n   y\n", "3", "4", "if x:\n    y\n"),
            ("def f():\n    # why\n    y(a,\n      b)\n", "4", "2", "def f():\n  # why\n  y(a,\n    b)\n"),
            ("def f():\n    y(\n  a)\n    z\n", None, None, None),
            ("if x:\n    y\n#   out\n    z\n", "4", "2", "if x:\n  y\n#   out\n  z\n"),
            ("if x:\n        y\n    # out\n        z\n", "8", "4", None),
            ("if x:\n        y\n    # after\nz\n", "8", "4", None),
            ("if x:\n    y = '''\n  a'''\n", "4", "2", "if x:\n  y = '''\n  a'''\n"),
            ("if x:\n    '''A\n\n    b\n    '''\n", "4", "2", "if x:\n  '''A\n\n    b\n    '''\n"),
            ("if x: y\n", None, None, None),
            ("if x:\n \ty\n", None, None, None),
            ("if x:\n    y(\n", None, None, None),
        ],
    )


@pytest.mark.parametrize(
    ("before", "variant", "after"),
    [
        ('def f():\n    """A\n\n      b\n    """\n    c\n', "2", 'def f():\n  """A\n\n    b\n  """\n  c\n'),
        ('def f():\n  """A\n  b"""\n', "tab", 'def f():\n\t"""A\n\tb"""\n'),
        ('class A:\n    def f():\n        """A\n        b"""\n', "2", 'class A:\n  def f():\n      """A\n      b"""\n'),
        ('def f():\n    """A\n  b"""\n    c\n', "8", 'def f():\n        """A\n  b"""\n        c\n'),
        ('def f():\n    """A\n  b"""\n    c\n', "2", None),
        ('def f():\n    """A \\\n    b"""\n', "2", 'def f():\n  """A \\\n    b"""\n'),
    ],
)
def test_docstrings_move_along_where_that_changes_nothing(before: str, variant: str, after: str | None) -> None:
    source = Source.parse(before.encode(), GRAMMAR)
    site = next(INDENTATION.sites(source))
    rewritten = check_rewrite(INDENTATION, source, site, variant)
    assert (rewritten and rewritten.decode()) == after


def test_every_block_is_a_site_of_its_own() -> None:
    source = Source.parse(b"class A:\n  def f(self):\n      if x:\n          y\n      else:\n          z\n", GRAMMAR)
    found = [(site.variant, site.context, source.line_of(site.start)) for site in INDENTATION.sites(source)]
    assert found == [("2", ("class",), 2), ("4", ("def",), 3), ("4", ("if",), 4), ("4", ("if",), 6)]

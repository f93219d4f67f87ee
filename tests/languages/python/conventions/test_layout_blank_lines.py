"""Blank lines, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.blank_lines import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

BODY, HEADER, TOP, AFTER_TOP, METHOD, FIRST, DOCSTRING, IMPORTS = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    BODY: [
        ("x = 1\ny = 2\n", "0", "1", "x = 1\n\ny = 2\n"),
        ("def f():\n    x = 1  # why\n\n    return x\n", "1", "0", "def f():\n    x = 1  # why\n    return x\n"),
        (
            "def f():\n    import a\n\n    # why\n    a()\n",
            "1",
            "2",
            "def f():\n    import a\n\n\n    # why\n    a()\n",
        ),
        ("x = 1; y = 2\n", None, None, None),
        ("x = 1\n  \ny = 2\n", None, None, None),
        ("# why\n\n# what\n", None, None, None),
        ("import a\n\nx = a\n", None, None, None),
        ('def f():\n    """Why."""\n\n    return 1\n', None, None, None),
        ("x = 1\n\n\ndef f():\n    y\n", None, None, None),
    ],
    HEADER: [
        ("def f():\n    return 1\n", "0", "1", "def f():\n\n    return 1\n"),
        ("if x:  # why\n\n    # what\n    y\n", "1", "0", "if x:  # why\n    # what\n    y\n"),
        ("for x in y:\n\n    z\n", "1", "0", "for x in y:\n    z\n"),
        ("class A:\n\n    x = 1\n", None, None, None),
        ("if x: y\n", None, None, None),
    ],
    TOP: [
        ("x = 1\n\n\ndef f():\n    y\n", "2", "1", "x = 1\n\ndef f():\n    y\n"),
        ("x = 1  # why\n\nclass A:\n    y\n", "1", "3", "x = 1  # why\n\n\n\nclass A:\n    y\n"),
        ("x = 1\n\n# why\n@a\ndef f():\n    y\n", "1", "2", "x = 1\n\n\n# why\n@a\ndef f():\n    y\n"),
        ("x = 1\ndef f():\n    y\n", "0", "2", "x = 1\n\n\ndef f():\n    y\n"),
        ("x = 1\n\n\n\n\ndef f():\n    y\n", "4", "2", "x = 1\n\n\ndef f():\n    y\n"),
        ('"""Why."""\n\n\nasync def f():\n    y\n', "2", "1", '"""Why."""\n\nasync def f():\n    y\n'),
        ("x = 1\n\n# ---- section ----\n\ndef f():\n    y\n", None, None, None),
        ("if x:\n    y\n    # z()\n\n  # w()\n\ndef f():\n    y\n", None, None, None),
        ("x = 1\n    \n\ndef f():\n    y\n", None, None, None),
        ("x = 1\n\f\n\ndef f():\n    y\n", None, None, None),
        ("# why\n\n\ndef f():\n    y\n", None, None, None),
        ("if x:\n    y = 1\n\n    def f():\n        y\n", None, None, None),
        ("x = (\n\n\ndef f():\n    y\n", None, None, None),
    ],
    AFTER_TOP: [
        ("def f():\n    y\n\n\nx = 1\n", "2", "1", "def f():\n    y\n\nx = 1\n"),
        ("class A:\n    y\n\n# why\nif x:\n    y\n", "1", "2", "class A:\n    y\n\n\n# why\nif x:\n    y\n"),
        ("def f():\n    y\n\n\ndef g():\n    y\n", None, None, None),
        ("def f():\n    y\n\n# ----\n\nx = 1\n", None, None, None),
    ],
    METHOD: [
        (
            "class A:\n    def f(self):\n        y\n\n    def g(self):\n        y\n",
            "1",
            "2",
            "class A:\n    def f(self):\n        y\n\n\n    def g(self):\n        y\n",
        ),
        (
            "class A:\n    x = 1\n    def f(self):\n        y\n",
            "0",
            "1",
            "class A:\n    x = 1\n\n    def f(self):\n        y\n",
        ),
        ('class A:\n    """Why."""\n\n    def f(self):\n        y\n', None, None, None),
        ("class A:\n    def f(self):\n        y\n", None, None, None),
        ("class A:\n    x = 1\n\n    class B:\n        y\n", None, None, None),
        ("class A:\n    x = 1\n\n  # out\n    def f(self):\n        y\n", None, None, None),
    ],
    FIRST: [
        (
            'class A:\n    """Why."""\n\n    def f(self):\n        y\n',
            "1",
            "0",
            'class A:\n    """Why."""\n    def f(self):\n        y\n',
        ),
        ("class A(B):\n    x = 1\n", "0", "1", "class A(B):\n\n    x = 1\n"),
        ("class A:  # why\n\n    # x\n    x = 1\n", "1", "0", "class A:  # why\n    # x\n    x = 1\n"),
        ('class A:\n    """Why."""\n', None, None, None),
        ("class A: pass\n", None, None, None),
        ("class A:\n    # x\n\n    x = 1\n", None, None, None),
    ],
    DOCSTRING: [
        ('def f():\n    """Why."""\n    y\n', "0", "1", 'def f():\n    """Why."""\n\n    y\n'),
        (
            'def f():\n    """Why.\n    """\n\n    # x\n\n    y\n',
            "1",
            "0",
            'def f():\n    """Why.\n    """\n    # x\n\n    y\n',
        ),
        ('def f():\n    """Why."""\n', None, None, None),
        ('class A:\n    """Why."""\n    x = 1\n', None, None, None),
        ('def f():\n    """Why."""; y\n    z\n', None, None, None),
        ('def f():\n    """Why."""\n#   x\n    y\n', None, None, None),
    ],
    IMPORTS: [
        ("import a\n\nx = 1\n", "1", "2", "import a\n\n\nx = 1\n"),
        (
            "from a import (\n    b,\n)\n\n\n# why\nif x:\n    y\n",
            "2",
            "1",
            "from a import (\n    b,\n)\n\n# why\nif x:\n    y\n",
        ),
        ("import a\nx = 1\n", "0", "1", "import a\n\nx = 1\n"),
        ("import a\n\n\ndef f():\n    y\n", None, None, None),
        ("import a\n\ntry:\n    import b\nexcept ImportError:\n    b = None\n", None, None, None),
        ("import a\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


@pytest.mark.parametrize(
    ("convention", "code", "contexts"),
    [
        (TOP, "import a\n\ndef f():\n    y\n\n@b\ndef g():\n    y\n", [("import", "def"), ("def", "decorated")]),
        (
            TOP,
            '"""Why."""\n\nclass A:\n    y\n\n# why\nclass B:\n    y\n',
            [("docstring", "class"), ("class", "comment")],
        ),
        (TOP, "x = 1\n\n@a\ndef f(): ...\n\n@a\ndef f():\n    ...\n", [("assignment", "stub"), ("stub", "stub")]),
        (
            METHOD,
            "class A:\n    x = 1\n    def f(self): pass\n\n    def g(self):\n        y\n",
            [("assignment", "stub"), ("stub", "def")],
        ),
        (
            FIRST,
            'class A:\n    """Why."""\n    x: int\n\nclass B:\n    pass\n',
            [("docstring", "assignment"), ("header", "code")],
        ),
        (
            DOCSTRING,
            'def f():\n    """Why."""\n    def g():\n        """A\n        b."""\n        x = y\n',
            [("one", "def"), ("multi", "assignment")],
        ),
    ],
)
def test_contexts(convention: Convention, code: str, contexts: list[tuple[str, ...]]) -> None:
    assert [site.context for site in convention.sites(Source.parse(code.encode(), GRAMMAR))] == contexts


@pytest.mark.parametrize(("blank", "touched"), [(2, (4, 4)), (1, (3, 3)), (0, (3, 3))])
def test_a_site_touches_the_last_blank_line_or_else_the_line_after_it(blank: int, touched: tuple[int, int]) -> None:
    feeds = b"\n" * blank
    source = Source.parse(b"class A:\n    x = 1\n" + feeds + b"    # why\n    def f(self):\n        y\n", GRAMMAR)
    (site,) = METHOD.sites(source)
    assert source.lines_of(site.start, site.end) == touched

"""Imports, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.imports import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

ORDER, NAMES, SHARING = CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    ORDER: [
        ("import ast\nimport os\n", "sorted", "unsorted", "import os\nimport ast\n"),
        (
            "from b import x\nfrom a import (\n    y,\n)\n",
            "unsorted",
            "sorted",
            "from a import (\n    y,\n)\nfrom b import x\n",
        ),
        (
            "def f():\n    import os\n    import ast as x\n",
            "unsorted",
            "sorted",
            "def f():\n    import ast as x\n    import os\n",
        ),
        ("import c\nimport a\nimport b\n", "scattered", "sorted", "import a\nimport b\nimport c\n"),
        ("import c\nimport a\nimport b\n", "scattered", "unsorted", None),
        ("import c\nimport B\nimport a\n", None, None, None),
        ("import a\nimport B\n", None, None, None),
        ("import Z\nimport a\n", None, None, None),
        ("import a10\nimport a9\n", None, None, None),
        ("import sys\nimport a\n", None, None, None),
        ("from .b import x\nfrom a import x\n", None, None, None),
        ("from b import x\nfrom b import y\n", None, None, None),
        ("import a\nfrom b import x\n", None, None, None),
        ("import b\n\nimport a\n", None, None, None),
        ("import b\n# why\nimport a\n", None, None, None),
        ("import b  # why\nimport a\n", None, None, None),
        ("from b import x\nfrom a import *\n", None, None, None),
        ("from __future__ import b\nfrom a import x\n", None, None, None),
        ("try:\n    import b\n    import a\nexcept ImportError:\n    pass\n", None, None, None),
        ("import b; import a\n", None, None, None),
    ],
    NAMES: [
        ("from x import a, b\n", "sorted", "unsorted", "from x import b, a\n"),
        (
            "from x import (\n    b as c,\n    a,\n)\n",
            "unsorted",
            "sorted",
            "from x import (\n    a,\n    b as c,\n)\n",
        ),
        ("from x import c, a, b\n", "scattered", "sorted", "from x import a, b, c\n"),
        ("from x import A, bc\n", "sorted", "unsorted", "from x import bc, A\n"),
        ("from x import B, a\n", None, None, None),
        ("from x import Bc, AB, a\n", "unsorted", "sorted", "from x import AB, Bc, a\n"),
        ("from x import Ac, BB\n", None, None, None),
        ("from x import (\n    b,  # why\n    a,\n)\n", None, None, None),
        ("from x import a\n", None, None, None),
    ],
    SHARING: [
        ("import a, b\n", "together", "separate", "import a\nimport b\n"),
        ("def f():\n    import a\n    import b\n", "separate", "together", "def f():\n    import a, b\n"),
        ("import a, b, c\n", "other", "separate", "import a\nimport b\nimport c\n"),
        ("import a,b\n", "other", "separate", "import a\nimport b\n"),
        ("import a,b\n", "other", "together", None),
        (
            "from x import a, b as c, d\n",
            "together",
            "separate",
            "from x import a\nfrom x import b as c\nfrom x import d\n",
        ),
        ("from x import (\n    a,\n    b,\n)\n", "other", "separate", "from x import a\nfrom x import b\n"),
        ("from . import a\nfrom . import b\n", "separate", "together", "from . import a, b\n"),
        ("from x import a\nfrom y import b\n", None, None, None),
        ("from x import a, b\nfrom x import c\n", None, None, None),
        ("from x import (\n    a,  # why\n    b,\n)\n", None, None, None),
        ("import a\nimport b as c\n", None, None, None),
        ("from x import " + "a" * 50 + "\nfrom x import " + "b" * 50 + "\n", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def _found(convention: Convention, code: str) -> list[tuple[int, str]]:
    source = Source.parse(code.encode(), GRAMMAR)
    return [(source.line_of(site.start), site.variant) for site in convention.sites(source)]


def test_every_pair_of_a_sorted_run_is_a_choice() -> None:
    assert _found(ORDER, "import a\nimport b\nimport c\n") == [(1, "sorted"), (2, "sorted")]


def test_pairs_close_to_an_exchange_are_left_to_it() -> None:
    code = "".join(f"import {name}\n" for name in "abcedfghi")
    expected = [(1, "sorted"), (4, "unsorted"), (7, "sorted"), (8, "sorted")]
    assert _found(ORDER, code) == expected


def test_the_form_and_the_place_are_the_context() -> None:
    source = Source.parse(b"import a\nimport b\nif x:\n    from a import c, d\n", GRAMMAR)
    assert [site.context for site in ORDER.sites(source)] == [("import", "module")]
    assert [site.context for site in SHARING.sites(source)] == [("import", "module"), ("from", "local")]
    assert [site.context for site in NAMES.sites(source)] == [("one",)]

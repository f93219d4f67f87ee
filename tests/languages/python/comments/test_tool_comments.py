"""Comments for other tools: which lines each governs, and what it silences there."""

from __future__ import annotations

import pytest

from codetune_git.domain import REWRITE, LineRange
from codetune_git.languages.python.comments.lint_codes import CODES, conventions_of
from codetune_git.languages.python.comments.pragmas import Silenced, silenced
from codetune_git.languages.python.comments.tool_comments import MOVING
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import CATALOGUE, sites
from codetune_git.text.source import Source

NAMES = frozenset(convention.name for convention in CATALOGUE)


def of(text: str) -> Silenced:
    return silenced(Source.parse(text.encode(), GRAMMAR))


def governed(text: str, kind: str) -> list[int]:
    """The lines on which `kind` is silenced."""
    found = of(text)
    return [line for line in range(1, text.count("\n") + 1) if found.covers(LineRange(line, line), kind)]


def test_the_tables_name_conventions_that_there_are() -> None:
    assert set(CODES) - NAMES == set()
    assert set(MOVING) - NAMES == {REWRITE}


DEFINITION = """\
def f(a):
    # fmt: off
    b = [1,2]
    if a:
        c = (3,
             4)
    # fmt: on
    return b


d = 1
"""


@pytest.mark.parametrize(
    ("off", "on", "last"),
    [
        ("# fmt: off", "# fmt: on", 6),
        ("#fmt:off", "#fmt:on", 6),
        ("# yapf: disable", "# yapf: enable", 6),
        ("# autopep8: off", "# autopep8: on", 6),
        ("# fmt: off", "", 10),  # black's ends with the block
        ("# yapf: disable", "", 11),
        ("# autopep8: off", "", 11),
        ("# pylint: disable=all", "# pylint: enable=all", 6),
        ("# pylint: disable=all", "", 10),
        ("# sourcery skip", "", 10),
        ("# fmt: off", "# yapf: enable", 10),  # another tool's
    ],
)
def test_lines_between_two_comments(off: str, on: str, last: int) -> None:
    text = DEFINITION.replace("# fmt: off", off).replace("# fmt: on", on)
    assert governed(text, "quotes") == list(range(2, last + 1))


def test_a_block_ends_with_a_clause() -> None:
    assert governed("if a:\n    # fmt: off\n    b\nelse:\n    c\nd\n", "quotes") == [2, 3]


STATEMENT = """\
before = 1
call(
    1,
    2,  # first
)  # last
after = 2
"""


@pytest.mark.parametrize(
    ("comment", "kind", "at_first", "at_last"),
    [
        ("# fmt: skip", "quotes", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# noqa ; fmt:skip", "quotes", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# yapf: disable", "quotes", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# noqa", "quotes", [4], [5]),
        ("# NoQA", "quotes", [4], [5]),
        ("# noqa: because of this", "quotes", [4], [5]),
        ("# nopep8", "quotes", [4], [5]),
        ("# noqa: E711", "none_comparison", [4], [5]),
        ("# noqa:F401,E711", "none_comparison", [4], [5]),
        ("# noqa: F401 E711", "none_comparison", [4], [5]),
        ("# noqa: E7", "none_comparison", [4], [5]),
        ("# why  # noqa: E711", "none_comparison", [4], [5]),
        ("# noqa: E711", "quotes", [], []),
        ("# noqa: F401", "wrapping", [4], [5]),
        ("# pylint: disable=singleton-comparison, no-member", "none_comparison", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# see above; pylint: disable=C0121", "none_comparison", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# pylint: disable=no-member", "quotes", [], []),
        ("# type: ignore[arg-type]", "wrapping", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# type: ignore", "optional_annotation", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# type: List[int]", "generic_annotation", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# type: ignore", "quotes", [], []),
        ("# pyright: ignore", "union_annotation", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# pyre-ignore[5]", "union_annotation", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# pyre-fixme[5]: why", "wrapping", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# pytype: disable=attribute-error", "wrapping", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# pragma: no cover", "else_after_return", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# nosec B101", "wrapping", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# nosemgrep: rule", "wrapping", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# isort: skip", "import_order", [2, 3, 4, 5], [2, 3, 4, 5]),
        ("# isort:skip", "quotes", [], []),
        ("# cspell:ignore foobar", "wrapping", [], []),
        ("# no cover", "wrapping", [], []),
        ("# the type: ignore it", "wrapping", [], []),
    ],
)
def test_a_comment_at_the_end_of_a_line(comment: str, kind: str, at_first: list[int], at_last: list[int]) -> None:
    assert governed(STATEMENT.replace("# first", comment), kind) == at_first
    assert governed(STATEMENT.replace("# last", comment), kind) == at_last


def test_lines_that_a_string_or_a_backslash_makes_one() -> None:
    assert governed('a = 1\nb = """\nc\n"""  # noqa\nd = 1 + \\\n    2  # noqa\ne\n', "quotes") == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("comment", "kind", "lines"),
    [
        ("# pylint: disable-next=singleton-comparison", "none_comparison", [3, 4]),
        ("# pyre-ignore[5]", "optional_annotation", [3, 4]),
        ("# noinspection PyComparisonWithNone", "none_comparison", [3, 4]),
        ("# nosemgrep", "wrapping", [3, 4]),
        ("# noqa", "wrapping", [1]),
        ("# pragma: no cover", "wrapping", []),
    ],
)
def test_a_comment_above_a_statement(comment: str, kind: str, lines: list[int]) -> None:
    assert governed(f"{comment}\n# why\na = f(\n    1)\nb\n", kind) == lines


@pytest.mark.parametrize(
    ("comment", "kind", "lines"),
    [
        ("# flake8: noqa", "quotes", [1, 2, 3]),
        ("# ruff: noqa", "quotes", [1, 2, 3]),
        ("# ruff: noqa: E711", "none_comparison", [1, 2, 3]),
        ("# ruff: noqa: E711", "quotes", []),
        ("# pylint: skip-file", "quotes", [1, 2, 3]),
        ("# isort: skip_file", "import_order", [1, 2, 3]),
        ("# isort:skip_file", "imports_per_line", [1, 2, 3]),
        ("# isort:skip_file", "quotes", []),
        ("# isort: off", "import_order", [2, 3]),
        ("# isort: off", "quotes", []),
        ("# pylint: disable=C0121", "none_comparison", [2, 3]),
        ("# ruff: disable[E711]", "none_comparison", [2, 3]),
    ],
)
def test_a_comment_about_the_file(comment: str, kind: str, lines: list[int]) -> None:
    assert governed(f"import a\n{comment}\nimport b\n", kind) == lines


def test_pylints_comment_on_a_definition_governs_all_of_it() -> None:
    text = "def f(a,\n      b):  # pylint: disable=singleton-comparison\n    c = a\n    return c\nd = 1\n"
    assert governed(text, "none_comparison") == [1, 2, 3, 4]
    assert governed(text, "wrapping") == [1, 2]


def test_what_is_enabled_again_is_not_silenced_any_more() -> None:
    text = "# pylint: disable=C0121,R1725\na\n# pylint: enable=C0121\nb\n"
    assert governed(text, "none_comparison") == [1, 2]
    assert governed(text, "super_form") == [1, 2, 3, 4]


def test_a_script_s_metadata_are_no_prose() -> None:
    text = "# /// script\n# dependencies = [\n#   'a'\n# ]\n# ///\n# why not\n"
    found = [
        (site.convention, Source.parse(text.encode(), GRAMMAR).line_of(site.start))
        for site in sites(Source.parse(text.encode(), GRAMMAR))
    ]
    assert [one for one in found if one[0].startswith("comment")] == [("comment_hash_spacing", 6)]


@pytest.mark.parametrize("string", ['"# fmt: off"', '"""\n# noqa\n"""', '"# pylint: disable=all"'])
def test_a_string_silences_nothing(string: str) -> None:
    assert of(f"a = {string}\nb = 1\n").lines == {}


def test_silenced_places_are_no_evidence() -> None:
    text = "# fmt: off\na = 'x'\n# fmt: on\nb = \"y\"\nc = 'z'  # noqa: Q000\n"
    assert [site.variant for site in sites(Source.parse(text.encode(), GRAMMAR)) if site.convention == "quotes"] == [
        "double"
    ]


def test_a_code_that_is_cut_short_stands_for_all_that_begin_so() -> None:
    assert {"none_comparison", "membership_negation"} < conventions_of(["E71", "E123"])
    assert conventions_of(["e128"]) == {"wrapping", "continuation_indent"}
    assert conventions_of(["F401", ""]) == frozenset()

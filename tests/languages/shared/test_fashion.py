"""What a file says about layout, in small files."""

from __future__ import annotations

import pytest

from codetune_git.languages.shared.fashion import Fashion

HEADS = frozenset({"def"})


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (b"f(\n  a)\n", b"  "),
        (b"def f(\n        a):\n    f(\n      b)\n", b"  "),
        (b"def f(\n        a):\n    pass\n", b"    "),
        (b"f(\n  a)\ng(\n  a)\nh(\n    a)\n", b"  "),
        (b"f(\n)\nif x:\n\ty\n", b"\t"),
        (b"    f(\n\ta)\n", b"    "),
    ],
)
def test_the_step_is_how_far_most_lists_hang(text: bytes, step: bytes) -> None:
    assert Fashion(text, HEADS).step == step


@pytest.mark.parametrize(("text", "has"), [(b"f(\n  a,\n)\n", True), (b"f(\n  a\n)\n", False), (b"f(a)\n", False)])
def test_commas_are_usual_where_most_lists_have_one(text: bytes, has: bool) -> None:
    assert Fashion(text, HEADS).has_commas == has


def test_the_limit_is_the_least_that_nearly_all_lines_respect() -> None:
    assert Fashion(b"x" * 79 + b"\n", HEADS).limit == 79
    assert Fashion((b"x" * 79 + b"\n") * 200 + b"x" * 90, HEADS).limit == 79
    assert Fashion(b"x" * 500, HEADS).limit == 120


def test_padding_is_what_most_brackets_of_a_kind_have() -> None:
    assert Fashion(b"f( a ) + g( b ) + h(c) + [d]", HEADS).padding == {b"(": b" ", b"[": b"", b"{": b""}

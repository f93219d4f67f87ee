"""What can be analysed, in which form; what cannot, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.text.decoding import BOM, MAX_BYTES, decode


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", b""),
        (b"a\nb", b"a\nb"),
        (BOM + b"a\n", b"a\n"),
        (b"a\r\n\r\nb", b"a\n\nb"),
        (BOM + b"a\r\n", b"a\n"),
        (BOM + BOM, BOM),
        ("ä = '\u2028\x0c'\n".encode(), "ä = '\u2028\x0c'\n".encode()),
    ],
)
def test_the_analysed_form(content: bytes, text: bytes) -> None:
    assert decode(content) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a = '\0'\n", "binary (NUL bytes)"),
        ("a = 1\n".encode("utf-16"), "binary (NUL bytes)"),
        ("# -*- coding: latin-1 -*-\na = 'ä'\n".encode("latin-1"), "not UTF-8"),
        (BOM[:2] + b"a = 1\n", "not UTF-8"),
        (b"a\r\nb\n", "mixed line ends"),
        (b"a\nb\r\n", "mixed line ends"),
        (b"a\rb\r", "mixed line ends"),
        (b"a\r\r\nb\r\n", "mixed line ends"),
        (b"#" * (MAX_BYTES + 1), "larger than 500 kB"),
    ],
)
def test_what_is_left_out_and_why(content: bytes, reason: str) -> None:
    assert decode(content) == reason


def test_the_largest_file_that_is_looked_at() -> None:
    assert decode(b"#" * MAX_BYTES) == b"#" * MAX_BYTES


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])), st.booleans(), st.booleans())
def test_nothing_is_lost_and_lines_keep_their_numbers(text: str, bom: bool, crlf: bool) -> None:
    unix = text.encode()
    content = (BOM if bom else b"") + (unix.replace(b"\n", b"\r\n") if crlf else unix)
    assert decode(content) == unix.removeprefix(b"" if bom else BOM)

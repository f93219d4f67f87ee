"""What can be analysed, in which form; what cannot, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.text.decoding import BOM, MAX_BYTES, Decoded, decode


@pytest.mark.parametrize(
    ("content", "decoded"),
    [
        (b"", Decoded(b"", b"\n", False)),
        (b"a\nb", Decoded(b"a\nb", b"\n", False)),
        (BOM + b"a\n", Decoded(b"a\n", b"\n", True)),
        (b"a\r\n\r\nb", Decoded(b"a\n\nb", b"\r\n", False)),
        (BOM + b"a\r\n", Decoded(b"a\n", b"\r\n", True)),
        (BOM + BOM, Decoded(BOM, b"\n", True)),
        ("ä = '\u2028\x0c'\n".encode(), Decoded("ä = '\u2028\x0c'\n".encode(), b"\n", False)),
    ],
)
def test_the_analysed_form(content: bytes, decoded: Decoded) -> None:
    assert decode(content) == decoded


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
    assert decode(b"#" * MAX_BYTES) == Decoded(b"#" * MAX_BYTES, b"\n", False)


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"])), st.booleans(), st.booleans())
def test_nothing_is_lost_and_lines_keep_their_numbers(text: str, bom: bool, crlf: bool) -> None:
    unix = text.encode()
    content = (BOM if bom else b"") + (unix.replace(b"\n", b"\r\n") if crlf else unix)
    found = decode(content)
    assert isinstance(found, Decoded)
    assert (BOM if found.bom else b"") + found.text.replace(b"\n", found.newline) == content
    assert found.text.count(b"\n") == content.count(b"\n")

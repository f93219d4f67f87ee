"""A block between markers comes into a text and out of it; everything else stays to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetune_git.domain import Refusal
from codetune_git.exports.block import BEGIN, END, with_block, without_block

BODY = "## How\n\n- so\n"
TEXTS = st.text(st.sampled_from("a# \n<!-"), max_size=60)


@given(TEXTS, TEXTS)
def test_what_stands_outside_the_markers_stays(before: str, after: str) -> None:
    text = f"{before}{BEGIN}\nold\n{END}{after}"
    made = with_block(text, BODY)
    assert made == f"{before}{BEGIN}\n{BODY}{END}{after}"
    assert with_block(made, BODY) == made


@given(TEXTS)
def test_a_text_without_markers_gets_the_block_behind_it(text: str) -> None:
    made = with_block(text, BODY)
    assert isinstance(made, str)
    assert made.startswith(text)
    assert made.endswith(f"{BEGIN}\n{BODY}{END}\n")
    assert with_block(made, BODY) == made
    without = without_block(made)
    assert isinstance(without, str)
    assert without.rstrip("\n") == text.rstrip("\n")


def test_a_file_with_carriage_returns_gets_them() -> None:
    made = with_block("# A\r\n", BODY)
    assert made == f"# A\r\n\r\n{BEGIN}\r\n## How\r\n\r\n- so\r\n{END}\r\n"
    assert with_block(made, BODY) == made


@pytest.mark.parametrize("text", [BEGIN, END, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}{END}"])
def test_markers_that_are_not_a_pair_are_refused(text: str) -> None:
    assert isinstance(with_block(text, BODY), Refusal)
    assert isinstance(without_block(text), Refusal)

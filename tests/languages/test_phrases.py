"""Plain words for every variant of every convention."""

from __future__ import annotations

import pytest

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.phrases import PHRASES
from codetune_git.languages.table import CATALOGUE


@pytest.mark.parametrize("convention", CATALOGUE, ids=lambda convention: convention.name)
def test_every_variant_reads_as_a_phrase_of_its_own(convention: Convention) -> None:
    assert set(convention.variants) <= set(convention.phrases), convention.name
    phrases = [convention.phrase(variant) for variant in convention.variants]
    assert len(set(phrases)) == len(phrases)
    assert all("_" not in phrase or phrase == "snake_case" for phrase in convention.phrases.values())


def test_no_phrase_is_left_over() -> None:
    bare = {convention.name.rpartition("/")[2] for convention in CATALOGUE}
    assert set(PHRASES) <= bare


def test_a_variant_without_a_phrase_reads_as_its_name() -> None:
    assert Convention("a", "b", ("x_y", "z"), lambda source: iter(()), lambda *_: None).phrase("x_y") == "x y"

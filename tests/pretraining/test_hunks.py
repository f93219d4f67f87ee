from __future__ import annotations

from collections import Counter
from random import Random

from support.convention_checks import standard_library

from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source
from pretraining.hunks import hunks_of


def test_hunks_are_short_different_and_say_something() -> None:
    rng, lengths = Random(32), Counter[int]()
    for path in standard_library(rng, 15):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        hunks = hunks_of(source, rng=rng, count=20, most=12)
        assert len(set(hunks)) == len(hunks) > 0
        for lines in hunks:
            assert 1 <= lines.first <= lines.last <= len(source.line_starts)
            assert source.text[slice(*source.span_of(lines))].strip()
            lengths[lines.last - lines.first + 1] += 1
    assert set(lengths) == set(range(1, 13))


def test_an_empty_file_has_no_hunks() -> None:
    assert hunks_of(Source.parse(b"", GRAMMAR), rng=Random(1)) == ()
    assert hunks_of(Source.parse(b"\n\n", GRAMMAR), rng=Random(1)) == ()

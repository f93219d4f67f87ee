from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from support.convention_checks import standard_library

from codetune_git.domain import LineRange, SampleKind
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import sites
from codetune_git.samples.infilling import infilling, next_token
from codetune_git.samples.restoration import evidence, restoration
from codetune_git.text.hunks import ContextSize, statements
from codetune_git.text.source import Source


def test_samples_are_pieces_of_their_file() -> None:
    rng, kinds = Random(31), Counter[str]()
    for path in standard_library(rng, 15):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        text, known = source.text.decode(), tuple(sites(source))
        short = [part for part in statements(source) if part.last - part.first < 12]
        for lines in rng.sample(short, min(8, len(short))):
            sample = restoration(path.name, source, lines, rng=rng, known=known)
            assert sample.before + sample.target + sample.after in text
            assert len(sample.before.encode()) <= 2000
            assert len(sample.after.encode()) <= 600
            assert bool(sample.broken) == (sample.staged != sample.target)
            kinds["broken" if sample.broken else "unbroken"] += 1
            middle = infilling(path.name, source, lines, rng=rng)
            if middle is not None:
                assert middle.before + middle.target + middle.after in text
                assert middle.target in sample.target
                kinds[middle.kind] += 1
            after = next_token(path.name, source, lines)
            assert after.before + after.target in text
    assert min(kinds.values()) > 20
    assert set(kinds) == {"broken", "unbroken", SampleKind.INFILLING}


def test_the_share_of_unbroken_hunks_is_as_asked() -> None:
    source = Source.parse(b"x = f(a, b)\n", GRAMMAR)
    for share in (0.0, 0.4, 1.0):
        drawn = [restoration("a.py", source, LineRange(1, 1), rng=Random(s), unbroken=share) for s in range(200)]
        assert sum(not sample.broken for sample in drawn) / 200 == pytest.approx(share, abs=0.1)


def test_context_can_be_empty() -> None:
    source = Source.parse(b"a = 1\nx = f(a, b)\nb = 2\n", GRAMMAR)
    sample = restoration("a.py", source, LineRange(2, 2), rng=Random(1), context=ContextSize(0, 0))
    assert (sample.before, sample.after, sample.target) == ("", "", "x = f(a, b)\n")


def test_what_the_context_shows_is_broken_more_often() -> None:
    shown = Source.parse(b"f(a, b)\nf(a, x == y)\n", GRAMMAR)
    drawn = [restoration("a.py", shown, LineRange(2, 2), rng=Random(seed), unbroken=0) for seed in range(200)]
    seen = Counter(name for sample in drawn for name in sample.broken)
    assert seen["comma_spacing"] > 1.5 * seen["comparison_spacing"] > 0


def test_weights_ask_for_what_is_shown_and_rare() -> None:
    source = Source.parse(b"f(a, b)\n" * 4 + b"g = 1\nf(a, b)\n" + b"pass\n" * 400 + b"h = x == y\n", GRAMMAR)
    found = evidence(source, LineRange(5, 5), ContextSize(100, 100), sites(source))
    assert found["comma_spacing"] == pytest.approx(4 / 5**0.5)
    assert found["comparison_spacing"] == 1.0


def test_middles_are_nodes_of_moderate_size() -> None:
    source = Source.parse(b"x = 1\nresult = compute(first, second)\n", GRAMMAR)
    assert infilling("a.py", source, LineRange(1, 1), rng=Random(1)) is None
    drawn = [infilling("a.py", source, LineRange(2, 2), rng=Random(seed)) for seed in range(40)]
    assert {s.target for s in drawn if s} == {
        *("result = compute(first, second)", "compute(first, second)", "(first, second)"),
    }

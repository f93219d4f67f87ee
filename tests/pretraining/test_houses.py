"""A house's layout is followed alike and parses; a broken hunk differs from the committed one nowhere else."""

from collections import Counter
from random import Random

import pytest

from codetune_git.domain import LineRange, SampleKind
from codetune_git.samples.breaking import new_errors
from codetune_git.text.hunks import ContextSize, statements
from codetune_git.text.source import Source
from pretraining.choices import choices
from pretraining.houses import Draw, house, layout_restoration, neighbours
from pretraining.hunks import hunks_of
from pretraining.languages import grammar_of

ALL = ContextSize(100_000, 100_000)


def _source(name: str, text: str) -> Source:
    grammar = grammar_of(name)
    assert grammar is not None
    return Source.parse(text.encode(), grammar)


def _tokens(source: Source) -> str:
    """The text without all that a layout is made of."""
    return "".join(c for c in source.text.decode().lower() if c not in " \t\n'\";,.()=#")


def test_a_house_parses_and_says_the_same(name: str, texts: dict[str, str]) -> None:
    source = _source(name, texts[name])
    seen = set()
    for seed in range(25):
        styled = house(source, Random(seed))
        assert not new_errors(source, styled)
        assert _tokens(styled) == _tokens(source)
        seen.add(styled.text)
    assert len(seen) > 15


@pytest.mark.parametrize(
    ("file", "kind"), [("sample.js", "quotes"), ("sample.ts", "semicolon"), ("sample.py", "comment_blank")]
)
def test_a_house_is_followed_alike(file: str, kind: str, texts: dict[str, str]) -> None:
    """A kind that is one rule for the whole file: most houses write it in one way only, and not all in the same."""

    def variants(source: Source) -> Counter[str]:
        found = (choice for choice in choices(source) if choice.keys[-1] == kind)
        return Counter(choice.variant for choice in found)

    source = _source(file, texts[file])
    houses = [variants(house(source, Random(seed))) for seed in range(30)]
    alike = [found for found in houses if len(found) == 1]
    assert len({next(iter(found)) for found in alike}) == 2
    assert len(alike) > 0.7 * len(houses)


def test_a_house_is_the_same_for_the_same_randomness(name: str, texts: dict[str, str]) -> None:
    source = _source(name, texts[name])
    assert house(source, Random(3)).text == house(source, Random(3)).text


def test_only_the_hunk_is_broken(name: str, texts: dict[str, str]) -> None:
    source = _source(name, texts[name])
    found, rng, broken = choices(source), Random(0), Counter[str]()
    for lines in hunks_of(source, rng=rng, count=40):
        sample = layout_restoration(name, source, lines, found, draw=Draw(ALL, 0.0), rng=rng)
        assert sample.kind is SampleKind.RESTORATION
        assert sample.before + sample.target + sample.after == texts[name]
        assert sample.before.count("\n") == lines.first - 1
        assert bool(sample.broken) == (sample.staged != sample.target)
        staged = source.with_text((sample.before + sample.staged + sample.after).encode())
        assert not new_errors(source, staged)
        assert _tokens(staged) == _tokens(source)
        broken.update(sample.broken)
    assert len(broken) >= 5


def test_some_hunks_stay_as_they_are(texts: dict[str, str]) -> None:
    source = _source("sample.ts", texts["sample.ts"])
    found, rng = choices(source), Random(0)
    lines = hunks_of(source, rng=rng, count=60)
    drawn = [
        [bool(layout_restoration("a", source, part, found, draw=Draw(ALL, share), rng=rng).broken) for part in lines]
        for share in (0.0, 0.5, 1.0)
    ]
    shares = [sum(some) / len(some) for some in drawn]
    assert shares[0] > 0.9
    assert 0.25 < shares[1] < 0.75
    assert shares[2] == 0


def test_a_context_is_whole_lines_within_its_size(texts: dict[str, str]) -> None:
    source = _source("sample.py", texts["sample.py"])
    found, rng = choices(source), Random(0)
    for lines in hunks_of(source, rng=rng, count=20):
        draw = Draw(ContextSize(120, 60), 0.5)
        sample = layout_restoration("a.py", source, lines, found, draw=draw, rng=rng)
        assert len(sample.before.encode()) <= 120
        assert len(sample.after.encode()) <= 60
        assert sample.before + sample.target + sample.after in texts["sample.py"]
        assert all(text == "" or text.endswith("\n") for text in (sample.before, sample.after))


def test_neighbours_are_the_most_alike_of_what_is_not_shown() -> None:
    text = "f(a, b)\nf(a, c)\ng(x)\nf(a, b, c)\nimport os\n"
    source = _source("a.py", text)
    hunk, parts = LineRange(1, 1), statements(source)
    found = neighbours(source, hunk, parts, hidden=LineRange(1, 1), count=2)
    assert found == ("f(a, c)\n", "f(a, b, c)\n")
    assert neighbours(source, hunk, parts, hidden=LineRange(1, 4), count=2) == ("import os\n",)
    assert neighbours(source, hunk, parts, hidden=LineRange(1, 5), count=2) == ()

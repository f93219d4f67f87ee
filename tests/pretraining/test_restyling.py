from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from support.convention_checks import standard_library

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.language import PYTHON
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.table import CATALOGUE, sites
from codetune_git.text.source import Source
from pretraining import restyling
from pretraining.restyling import restyle


def test_restyled_files_are_programs() -> None:
    rng, changed = Random(21), 0
    for path in standard_library(rng, 25):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        restyled = restyle(source, rng=rng)
        changed += restyled.text != source.text
        assert not restyled.has_error
        assert verify(source.text, restyled.text) is not None, path
    assert changed > 20


def test_the_same_seed_gives_the_same_house() -> None:
    source = Source.parse(standard_library(Random(1), 1)[0].read_bytes(), GRAMMAR)
    houses = [restyle(source, rng=Random(seed)).text for seed in (1, 1, 2)]
    assert houses[0] == houses[1] != houses[2]


def test_a_house_that_is_not_mixed_keeps_its_rules_everywhere() -> None:
    source = Source.parse(b"".join(b"print(first, second)\n" for _ in range(20)), GRAMMAR)
    seen = set[str]()
    for seed in range(60):
        variants = Counter(
            s.variant for s in sites(restyle(source, rng=Random(seed), share=1.0)) if s.convention == "comma_spacing"
        )
        assert len(variants) < 2  # none where each argument got a line of its own
        seen |= set(variants)
    assert seen == {"spaced", "tight"}


def test_nested_places_are_settled_too() -> None:
    source = Source.parse(b"if a:\n    if b:\n        if c:\n            d\n        e\n    f\n", GRAMMAR)
    seen = set[str]()
    for seed in range(60):
        found = sites(restyle(source, rng=Random(seed), share=1.0))
        widths = {site.variant for site in found if site.convention == "indentation_width"}
        assert len(widths) == 1
        seen |= widths
    assert seen == {"2", "4", "8", "tab"}


def test_rewrites_that_break_the_syntax_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site("careless", 0, 1, "name")
    careless = Convention(
        "careless", "", ("name", "bad"), lambda source: iter([site]), lambda source, site, variant: (Edit(0, 1, b"("),)
    )
    language = replace(PYTHON, families={"careless": (careless,)})
    monkeypatch.setattr(restyling, "language_in", lambda source: language)
    assert restyle(Source.parse(b"x = 1\n", GRAMMAR), rng=Random(1)).text == b"x = 1\n"


def test_a_mixed_house_has_exceptions() -> None:
    source = Source.parse(b"".join(b"print(first, second)\n" for _ in range(40)), GRAMMAR)
    mixed = 0
    for seed in range(100):
        found = sites(restyle(source, rng=Random(seed), share=0.8))
        mixed += len({site.variant for site in found if site.convention == "comma_spacing"}) > 1
    assert mixed > 0


def test_nothing_to_settle_leaves_the_file_alone() -> None:
    source = Source.parse(b"", GRAMMAR)
    assert not any(list(convention.sites(source)) for convention in CATALOGUE)
    assert restyle(source, rng=Random(1)).text == b""

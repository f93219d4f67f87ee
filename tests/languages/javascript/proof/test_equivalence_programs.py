"""Programs that could tell two spellings apart: what is proven to be the same prints the same."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from support.javascript_breaks import broken
from support.javascript_programs import program
from support.node import NODE, Pair, printed

from codetune_git.domain import Verification
from codetune_git.languages.javascript.grammars import GRAMMAR
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.text.source import Source, apply_edits


def rewritten(source: Source, rng: random.Random) -> list[tuple[str, bytes]]:
    """Some of what the conventions of JavaScript, and chance, make of a program."""
    found = []
    for convention in JAVASCRIPT.catalogue:
        for site in convention.sites(source):
            for variant in convention.variants:
                edits = convention.rewrite(source, site, variant) if variant != site.variant else None
                found += [(convention.name, apply_edits(source.text, edits))] if edits else []
    return rng.sample(found, min(20, len(found))) + [broken(source, rng) for _ in range(10)]


def test_what_is_proven_prints_the_same() -> None:
    if NODE is None:
        pytest.skip("no node on this machine")
    rng, proven = random.Random(0), Counter[str]()
    pairs: list[tuple[str, Pair]] = []
    for _ in range(40):
        source = Source.parse(program(rng).encode(), GRAMMAR)
        for name, text in [] if source.has_error else rewritten(source, rng):
            proof = JAVASCRIPT.verify(source.text, text)
            if proof is not None and proof.verification in (Verification.SAFE, Verification.RENAME):
                proven[name] += 1
                pairs.append((name, Pair(source.text, text)))
    said = printed([pair for _, pair in pairs])
    faults = [(n, p.difference()) for (n, p), (old, new) in zip(pairs, said, strict=True) if old != new]
    assert faults == []
    assert sum(proven.values()) > 500, proven


def test_programs_can_tell_spellings_apart() -> None:
    """A rewrite that is called proven and is not would be seen."""
    if NODE is None:
        pytest.skip("no node on this machine")
    pairs = [
        Pair(b"log(typeof x); var x = 1", b"log(typeof x); let x = 1"),
        Pair(b"log((() => 1).name)", b"log((function f() {}).name)"),
    ]
    assert printed(pairs) == [
        ('"undefined"\n{}', "ended by ReferenceError\n{}"),
        ('""\n{}', '"f"\n{}'),
    ]

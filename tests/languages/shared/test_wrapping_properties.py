"""Lists of real files, written in every layout: the program stays, and the layout is found again by its name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

from support.convention_checks import same_ast, standard_library

from codetune_git.domain import Site, Verification
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.shared.layouts import FLAT
from codetune_git.languages.shared.wrapping import CONVENTIONS
from codetune_git.text.source import Source, apply_edits

(WRAPPING,) = CONVENTIONS
FILES, SITES_EACH, VARIANTS_EACH = 30, 6, 3


def place(source: Source, site: Site) -> tuple[int, int]:
    """Where a site lies in a text of which blanks, line ends and commas are left out: no layout changes that."""
    start, end = (len(source.text[:offset].translate(None, b" \t\n,")) for offset in (site.start, site.end))
    return start, end


def test_every_layout_keeps_the_program_and_is_found_again() -> None:
    rng, outcomes, variants = Random(29), Counter[str](), Counter[str]()
    for path in standard_library(rng, FILES):
        source = replace(Source.parse(path.read_bytes(), GRAMMAR), limit=rng.choice([0, 72, 79, 100]))
        sites = list(WRAPPING.sites(source))
        assert [site.start for site in sites] == sorted({site.start for site in sites}), path
        for site in rng.sample(sites, min(SITES_EACH, len(sites))):
            drawn = {FLAT, *rng.sample(WRAPPING.variants, VARIANTS_EACH)}
            for variant in sorted(drawn - {site.variant}):
                edits = WRAPPING.rewrite(source, site, variant)
                if edits is None:
                    continue
                where = (path.name, source.line_of(site.start), site.variant, variant)
                after = Source.parse(apply_edits(source.text, edits), GRAMMAR)
                assert same_ast(source.text, after.text), where
                proof = verify(source.text, after.text)
                assert proof is not None, where
                assert proof.verification is Verification.SAFE, where
                found = [s.variant for s in WRAPPING.sites(after) if place(after, s) == place(source, site)]
                assert found == [variant] or (not found and "fill" in variant), (*where, found)
                outcomes["found" if found else "broken inside an element only"] += 1
                variants[variant] += 1
    assert outcomes["found"] > 20 * outcomes["broken inside an element only"], outcomes
    assert variants[FLAT] > 5, variants
    assert len(variants) > 6, variants  # what breaks loosely is mostly one of the others

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from support.convention_checks import standard_library

from codetune_git.domain import Edit, LineRange, Site, Verification
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.language import PYTHON
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.table import CATALOGUE, sites
from codetune_git.samples import breaking
from codetune_git.samples.breaking import Broken, break_hunk, new_errors
from codetune_git.text.hunks import statements
from codetune_git.text.source import Source

NAMES = {convention.name for convention in CATALOGUE}


def check(source: Source, lines: LineRange, broken: Broken) -> None:
    start, end = source.span_of(lines)
    written = Source.parse(broken.text, GRAMMAR)
    assert broken.text.startswith(source.text[:start])
    assert broken.text.endswith(source.text[end:])
    assert broken.text[start : start + len(broken.hunk)] == broken.hunk != source.text[start:end]
    assert written.span_of(broken.lines) == (start, start + len(broken.hunk))
    assert not new_errors(source, written)
    assert broken.broken
    assert set(broken.broken) <= NAMES
    assert verify(source.text, broken.text) is not None, broken


def test_only_the_hunk_is_broken_and_its_meaning_stays() -> None:
    rng, done, proven, total = Random(11), Counter[str](), 0, 0
    for path in standard_library(rng, 25):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        known = tuple(sites(source))
        short = [part for part in statements(source) if part.last - part.first < 12]
        for lines in rng.sample(short, min(8, len(short))):
            broken = break_hunk(source, lines, rng=rng, known=known)
            if broken is not None:
                check(source, lines, broken)
                done.update(broken.broken)
                proof = verify(source.text, broken.text)
                proven += proof is not None and proof.verification is not Verification.UNSAFE
                total += 1
    assert done.total() > 100
    assert proven > 0.8 * total  # the others rest on what their file says nothing about
    assert len(done) > len(PYTHON.catalogue) / 4


def test_finding_the_sites_beforehand_changes_nothing() -> None:
    source = Source.parse(b"x = f(a, b)\n", GRAMMAR)
    for seed in range(20):
        found = break_hunk(source, LineRange(1, 1), rng=Random(seed))
        assert found == break_hunk(source, LineRange(1, 1), rng=Random(seed), known=tuple(sites(source)))


def test_a_hunk_without_sites_cannot_be_broken() -> None:
    assert (
        break_hunk(Source.parse(b'x = f(a, b)\ny = """\npass\n"""\n', GRAMMAR), LineRange(3, 3), rng=Random(1)) is None
    )


def test_rare_conventions_are_broken_as_often_as_common_ones() -> None:
    source = Source.parse(b"f(" + b"a, " * 30 + b"a, x == y)\n", GRAMMAR)
    drawn = (break_hunk(source, LineRange(1, 1), rng=Random(seed)) for seed in range(300))
    seen = Counter(name for broken in drawn if broken for name in broken.broken)
    assert seen["comparison_spacing"] > seen["comma_spacing"] / 2 > 0


def test_a_weight_of_zero_means_never() -> None:
    source = Source.parse(b"f(a, x == y)\n", GRAMMAR)
    weights = dict.fromkeys(NAMES - {"comma_spacing"}, 0.0)
    drawn = [break_hunk(source, LineRange(1, 1), rng=Random(seed), weights=weights) for seed in range(20)]
    assert {broken.hunk for broken in drawn if broken} == {b"f(a,x == y)\n"}


def test_slips_are_single_or_consistent() -> None:
    source = Source.parse(b"f(a, b, c, d)\n", GRAMMAR)
    weights = dict.fromkeys(NAMES - {"comma_spacing"}, 0.0)
    drawn = [break_hunk(source, LineRange(1, 1), rng=Random(seed), weights=weights) for seed in range(60)]
    missing = Counter(3 - broken.hunk.count(b", ") for broken in drawn if broken)
    assert missing[1] > missing[3] > 0


def test_every_direction_is_taken() -> None:
    weights = dict.fromkeys(NAMES - {"comma_spacing"}, 0.0)
    odd = break_hunk(Source.parse(b"f(a,b)\n", GRAMMAR), LineRange(1, 1), rng=Random(1), weights=weights)
    assert odd is not None
    assert odd.hunk == b"f(a, b)\n"


def test_files_with_errors_get_no_new_ones() -> None:
    source = Source.parse(b"x = = 1\ny = f(a, b)\n", GRAMMAR)
    assert source.has_error
    broken = [break_hunk(source, LineRange(2, 2), rng=Random(seed)) for seed in range(20)]
    assert any(broken)
    assert not any(new_errors(source, Source.parse(b.text, GRAMMAR)) for b in broken if b)


def test_a_rewrite_that_reaches_beyond_the_hunk_is_not_made() -> None:
    source = Source.parse(b"def f():\n    some_name = 1\n    return some_name\n", GRAMMAR)
    weights = dict.fromkeys(NAMES - {"local_naming"}, 0.0)
    assert break_hunk(source, LineRange(2, 2), rng=Random(1), weights=weights) is None
    assert break_hunk(source, LineRange(1, 3), rng=Random(1), weights=weights) is not None


@pytest.mark.parametrize("bad", [Edit(5, 6, b"(\n"), Edit(5, 6, b""), Edit(10, 11, b"3")])
def test_a_rewrite_that_breaks_the_syntax_joins_lines_or_changes_others_is_not_made(
    monkeypatch: pytest.MonkeyPatch, bad: Edit
) -> None:
    source, site = Source.parse(b"x = 1\ny = 2\n", GRAMMAR), Site("careless", 5, 6, "newline")

    def rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
        return (Edit(5, 6, b";\n") if variant == "good" else bad,)

    for variant in ("good", "bad"):
        careless = Convention("careless", "", ("newline", variant), lambda source: iter([site]), rewrite)
        monkeypatch.setattr(breaking, "by_name", {"careless": careless}.get)
        broken = break_hunk(source, LineRange(1, 1), rng=Random(1), known=[site])
        assert (broken is not None) == (variant == "good")


def test_only_sites_that_stand_alike_are_broken_alike() -> None:
    text = (
        b'def f(x):\n    """Do it.\n\n    :returns: one\n    :return: two\n    :returns: three\n    """\n    return x\n'
    )
    source = Source.parse(text, GRAMMAR)
    known = [site for site in sites(source) if site.convention == "docstring_field"]
    assert {site.variant for site in known} == {"short", "long"}
    seen = set()
    for seed in range(20):
        broken = break_hunk(source, LineRange(1, 8), rng=Random(seed), known=known, consistent=1.0)
        assert broken is not None
        seen.add(broken.text)
    alike = {text.replace(b":returns:", b":return:"), text.replace(b":return:", b":returns:")}
    assert alike <= seen

"""The families of spacing on real files: rewrites keep the program, are found again and go back byte for byte."""

from __future__ import annotations

import calendar
import fractions
import textwrap
from collections.abc import Iterable
from pathlib import Path
from random import Random
from time import process_time

from support.convention_checks import check_properties, own_package, standard_library

from codetune_git import domain
from codetune_git.domain import LineRange, Site
from codetune_git.languages.python.conventions.spacing import (
    assignments,
    calls,
    comments,
    operators,
    padding,
    separators,
)
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source

FAMILIES = (operators, assignments, separators, padding, comments, calls)
# Between them these modules have sites of every convention.
EVERYTHING = [Path(str(module.__file__)) for module in (calendar, fractions, textwrap, domain)]
CONVENTIONS = tuple(convention for family in FAMILIES for convention in family.CONVENTIONS)


def test_rewrites_keep_the_program_and_go_back() -> None:
    rng = Random(7)
    files = [*EVERYTHING, *standard_library(rng, 8, most_bytes=15_000), *rng.sample(own_package(), 8)]
    checked = check_properties(CONVENTIONS, files, rng)
    assert all(checked[convention.name] > 0 for convention in CONVENTIONS), checked


def _inside(sites: Iterable[Site], span: tuple[int, int]) -> list[Site]:
    return [site for site in sites if span[0] <= site.start and site.end <= span[1]]


def test_a_window_shows_the_sites_that_lie_inside_it() -> None:
    rng = Random(11)
    for path in standard_library(rng, 6):
        whole = Source.parse(path.read_bytes(), GRAMMAR)
        first = rng.randrange(1, len(whole.line_starts) - 12)
        lines = LineRange(first, first + 10)
        window = Source.parse(whole.text, GRAMMAR, lines)
        for convention in CONVENTIONS:
            expected = _inside(convention.sites(whole), whole.span_of(lines))
            assert _inside(convention.sites(window), whole.span_of(lines)) == expected, (path, convention.name, lines)


def test_a_long_sum_costs_no_more_than_its_length() -> None:
    terms = 3000
    source = Source.parse(b"x = " + b" + ".join([b"a"] * terms) + b"\n", GRAMMAR)
    arithmetic = next(convention for convention in CONVENTIONS if convention.name == "arithmetic_spacing")
    began = process_time()
    assert len(list(arithmetic.sites(source))) == terms - 1
    assert process_time() - began < 0.5

"""The families of layout on real files: rewrites keep the program, are found again and go back byte for byte."""

from __future__ import annotations

import ast
import json.decoder
import textwrap
from collections.abc import Iterable
from concurrent.futures import thread
from pathlib import Path
from random import Random
from time import process_time
from wsgiref import simple_server

import pytest
from support.convention_checks import check_properties, own_package, standard_library

from codetune_git.domain import LineRange, Site, Verification
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout import (
    blank_lines,
    docstring_fields,
    docstrings,
    imports,
    indentation,
    lists,
    summaries,
    whitespace,
)
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.languages.python.proof.module_facts import facts_of
from codetune_git.languages.shared import operator_breaks, runs, wrapping
from codetune_git.samples.patch import Patch
from codetune_git.text.assumptions import Assumption
from codetune_git.text.source import Source

FAMILIES = (
    *(blank_lines, indentation, docstrings, summaries, docstring_fields, imports, lists),
    *(operator_breaks, runs, whitespace, wrapping),
)
CONVENTIONS = tuple(convention for family in FAMILIES for convention in family.CONVENTIONS)
# Between them these modules have sites of every convention.
EVERYTHING = [Path(str(module.__file__)) for module in (simple_server, json.decoder, textwrap, thread)]


def _is_safe(before: bytes, after: bytes) -> bool:
    """Safe, but for the order of imports, for what docstrings say, and for docstrings in files that read them."""
    proof = verify(before, after)
    if proof is None:
        return False
    if proof.verification is Verification.UNSAFE:
        return facts_of(ast.parse(before)).mentions("__doc__", "getdoc", "doctest") or b">>>" in before
    return set(proof.assumptions) <= {Assumption.IMPORTS, Assumption.DOCSTRINGS}


def test_rewrites_keep_the_program_and_go_back() -> None:
    rng = Random(7)
    files = [*EVERYTHING, *standard_library(rng, 5, most_bytes=10_000), *rng.sample(own_package(), 4)]
    one_way = frozenset({"wrapping"})  # whose lines broke where their author liked
    checked = check_properties(CONVENTIONS, files, rng, equal=_is_safe, samples=1, one_way=one_way)
    assert all(checked[convention.name] > 0 for convention in CONVENTIONS), checked


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_a_whole_file_can_be_rewritten_at_once(convention: Convention) -> None:
    rng, rewritten = Random(3), 0
    for path in [*EVERYTHING, *rng.sample(own_package(), 4)]:
        source = Source.parse(path.read_bytes(), GRAMMAR)
        for variant in convention.variants:
            patch = Patch()
            for site in convention.sites(source):
                if site.variant != variant:
                    patch.add(convention.rewrite(source, site, variant) or ())
            rewritten += len(patch)
            assert _is_safe(source.text, patch.apply(source.text)), (path, variant)
    assert rewritten


def _inside(sites: Iterable[Site], span: tuple[int, int]) -> list[Site]:
    return [site for site in sites if span[0] <= site.start and site.end <= span[1]]


def test_a_window_shows_the_sites_that_lie_inside_it() -> None:
    rng = Random(11)
    for path in (*EVERYTHING, *standard_library(rng, 4)):
        whole = Source.parse(path.read_bytes(), GRAMMAR)
        first = rng.randrange(1, len(whole.line_starts) - 32)
        lines = LineRange(first, first + 30)
        window, span = Source.parse(whole.text, GRAMMAR, lines), whole.span_of(lines)
        for convention in CONVENTIONS:
            expected = _inside(convention.sites(whole), span)
            found = _inside(convention.sites(window), span)
            assert found == expected, (path, convention.name, lines)
            for site in found:
                for variant in {*convention.variants} - {site.variant}:
                    rewritten = convention.rewrite(whole, site, variant)
                    assert convention.rewrite(window, site, variant) == rewritten, (path, site, variant)


def test_broken_code_is_read_without_complaint() -> None:
    rng, text = Random(5), EVERYTHING[1].read_bytes()
    for _ in range(40):
        start, cut = rng.randrange(len(text)), rng.randrange(len(text))
        broken = (
            text[start:][:cut] + rng.choice([b"(", b'"""', b"\n\t", b":", b"class A:\n", b"import "]) + text[cut:]
        )[:3000]
        source = Source.parse(broken.decode(errors="ignore").encode(), GRAMMAR)
        for convention in CONVENTIONS:
            for site in convention.sites(source):
                for variant in {*convention.variants} - {site.variant}:
                    convention.rewrite(source, site, variant)


@pytest.mark.parametrize(
    "code",
    [
        "".join(f"import a{i}\n" for i in range(1500)),
        "x = [\n" + "".join(f"    f(\n        {i},\n    ),\n" for i in range(1500)) + "]\n",
        "class A:\n" + "".join(f'    def f{i}(self):\n        """A\n        b."""\n        x\n\n' for i in range(800)),
        "x = (" * 60 + "\n" + ")" * 60 + "\n",
    ],
    ids=["imports", "calls", "methods", "nested"],
)
def test_long_code_costs_no_more_than_its_length(code: str) -> None:
    source = Source.parse(code.encode(), GRAMMAR)
    began = process_time()
    for convention in CONVENTIONS:
        list(convention.sites(source))
    assert process_time() - began < 2

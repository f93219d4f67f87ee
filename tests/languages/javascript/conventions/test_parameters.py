"""Parentheses around the only parameter of an arrow function: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.parameters import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
(PARENTHESES,) = CONVENTIONS


@pytest.mark.parametrize(
    ("language", "code", "variants"),
    [
        (JAVASCRIPT, "a => b; (c) => { d }; async e => f; async (g) => h\n", ["needed", "always", "needed", "always"]),
        (JAVASCRIPT, "() => a; (b, c) => d; ({ e }) => f; (g = 1) => h; (...i) => j; ([k]) => l\n", []),
        (JAVASCRIPT, "(a, ) => b; (a /* why */) => b; a ? (b) => c : d => e\n", []),
        (JAVASCRIPT, "async => a; (async) => a; (await) => b\n", []),
        (JAVASCRIPT, "(\n  a\n) => b\n", []),
        (TYPESCRIPT, "(a) => b; (c: D) => e; (f?) => g; (h): i => j; <K>(l) => m\n", ["always"]),
    ],
)
def test_what_is_a_choice(language: Language, code: str, variants: list[str]) -> None:
    assert [site.variant for site in PARENTHESES.sites(Source.parse(code.encode(), language.grammar))] == variants


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = b"f(a => b)\nconst c = async (d) => {\n  return e.map(f => g => h)\n}\n"
    source = Source.parse(before, language.grammar)
    sites = [*PARENTHESES.sites(source)]
    assert len(sites) == 4
    for place, site in enumerate(sites):
        (other,) = {*PARENTHESES.variants} - {site.variant}
        after = source.with_text(apply_edits(before, PARENTHESES.rewrite(source, site, other) or ()))
        proof = language.verify(before, after.text)
        assert proof is not None
        assert proof.verification is Verification.SAFE
        back = [*PARENTHESES.sites(after)][place]
        assert back.variant == other
        assert apply_edits(after.text, PARENTHESES.rewrite(after, back, site.variant) or ()) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [("f((a) => b)\n", "f(a, b)\n"), ("(a) => b\n", "(a, c) => b\n"), ("a => b\n", "({ a }) => b\n")],
)
def test_what_means_something_else_is_not_proven(before: str, after: str) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is None or proof.verification is Verification.UNSAFE

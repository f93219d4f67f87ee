"""Conventions of JavaScript beyond layout and quotes: what is a choice, how it is written otherwise, what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, _ = JAVASCRIPT.dialects
Row = tuple[str, str, list[str], dict[str, str]]
TABLE: list[Row] = [
    ("constants", "let a = 1", ["let"], {"const": "const a = 1"}),
    ("constants", "const a = 1", ["const"], {"let": "let a = 1"}),
    ("constants", "for (let a of b) c(a)", ["let"], {"const": "for (const a of b) c(a)"}),
    ("constants", "let a = 1, b\na = 2", [], {}),
    ("constants", "let a = 1\nif (b) a = 2", [], {}),
    ("constants", "let a = 1\n;[a] = b", [], {}),
    ("constants", "for (let a = 0; a < 3; a++);", [], {}),
    ("variables", "function f() { var a = 1; return a }", ["var"], {"block": "function f() { const a = 1; return a }"}),
    ("variables", "function f() { var a; a = 1 }", ["var"], {"block": "function f() { let a; a = 1 }"}),
    ("variables", "function f() { let a = 1; return a }", ["block"], {"var": "function f() { var a = 1; return a }"}),
    ("variables", "function f() { a; var a = 1 }", [], {}),
    ("variables", "var a = 1", [], {}),
    ("shorthand", "a = { b: b, c: d }", ["long"], {"short": "a = { b, c: d }"}),
    ("shorthand", "a = { b }", ["short"], {"long": "a = { b: b }"}),
    ("shorthand", "a = { __proto__, 'b': b, [b]: b }; var { c: c } = d", [], {}),
    ("key_quotes", "a = { 'b': 1 }", ["quoted"], {"bare": "a = { b: 1 }"}),
    ("key_quotes", 'a = { b: "" }', ["bare"], {"quoted": 'a = { "b": "" }'}),
    ("key_quotes", "a = { 'b-c': 1, 1: 2, '__proto__': d, [e]: f }", [], {}),
    ("arrow_body", "a = b => { return c }", ["block"], {"expression": "a = b => c"}),
    ("arrow_body", "a = b => { return { c } }", ["block"], {"expression": "a = b => ({ c })"}),
    ("arrow_body", "a = b => { return c, d }", ["block"], {"expression": "a = b => (c, d)"}),
    ("arrow_body", "a = b => { /* c */ return d }\nb = () => { return }\nc = () => { d }", [], {}),
    ("called_function", "(function () { a })(b)", ["outside"], {"inside": "(function () { a }(b))"}),
    ("called_function", "a = (function () { b }())", ["inside"], {"outside": "a = (function () { b })()"}),
    ("called_function", "(() => a)(); (a())", [], {}),
    ("hexadecimal_digits", "a = 0xfF + 0xab + 0x10", ["lower"], {"upper": "a = 0xfF + 0xAB + 0x10"}),
    ("leading_zero", "a = .5 + 1.5", ["point"], {"zero": "a = 0.5 + 1.5"}),
    ("leading_zero", "() => { return.5 }", [], {}),
    ("callbacks", "f(async function () { a })", ["function"], {"arrow": "f(async () => { a })"}),
    ("callbacks", "f(async a => { b })", ["arrow"], {"function": "f(async function (a) { b })"}),
    ("callbacks", "f(a => b)", ["arrow"], {}),
    ("callbacks", "f(function () { this }); f(function () { return () => arguments }); f(() => this.a)", [], {}),
    ("callbacks", "f(function a() {}); f(function* () {}); f(function (a, a) {}); a = function () {}", [], {}),
    ("callbacks", "f(function () { return { [this.a]() {} } })", [], {}),
    ("equality", "typeof a == 'b'", ["loose"], {"strict": "typeof a === 'b'"}),
    ("equality", "a == null; a == 1; a == b; 'a' == 1", [], {}),
]
ASSUMING: list[Row] = [
    ("callbacks", "f(function (a) { b })", ["function"], {"arrow": "f((a) => { b })"}),
    ("callbacks", "f(a => { b })", ["arrow"], {"function": "f(function (a) { b })"}),
    ("equality", "a == 'b'", ["loose"], {"strict": "a === 'b'"}),
    ("equality", "a !== 'b'", ["strict"], {"loose": "a != 'b'"}),
]
TYPED: list[Row] = [
    ("array_types", "let a: B[]", ["brackets"], {"generic": "let a: Array<B>"}),
    ("array_types", "let a: Array<B | C>", ["generic"], {"brackets": "let a: (B | C)[]"}),
    ("array_types", "let a: readonly B[], c: Map<D, E>", [], {}),
    ("array_types", "interface A extends Array<B> {}", [], {}),
    ("array_types", "type Array<T> = T\nlet a: B[]", [], {}),
    ("constants", "const a = 'b'", ["const"], {}),
    ("constants", "let a = b()", ["let"], {"const": "const a = b()"}),
    ("constants", "let a = 'b'", [], {}),
]


def check(language: Language, row: Row, verification: Verification = Verification.SAFE) -> None:
    name, code, variants, rewritten = row
    convention = next(each for each in language.catalogue if each.name == f"javascript/{name}")
    source = Source.parse(code.encode(), language.grammar)
    assert not source.has_error
    sites = [*convention.sites(source)]
    assert [site.variant for site in sites] == variants
    for variant in convention.variants if sites else ():
        edits = convention.rewrite(source, sites[0], variant) if variant != sites[0].variant else None
        assert (apply_edits(source.text, edits).decode() if edits else None) == rewritten.get(variant)
        if edits:
            after = source.with_text(apply_edits(source.text, edits))
            proof = language.verify(source.text, after.text)
            assert proof is not None
            assert proof.verification is verification
            assert variant in [site.variant for site in convention.sites(after)]


@pytest.mark.parametrize("row", TABLE)
def test_choices(row: Row) -> None:
    check(JAVASCRIPT, row)


@pytest.mark.parametrize("row", ASSUMING)
def test_choices_that_assume_something(row: Row) -> None:
    check(JAVASCRIPT, row, Verification.ASSUMING)


@pytest.mark.parametrize("row", TYPED)
def test_choices_of_types(row: Row) -> None:
    check(TYPESCRIPT, row)


def test_every_convention_has_words_for_its_variants() -> None:
    own = [each for family in list(JAVASCRIPT.families.values()) for each in family if each.phrases]
    assert all(variant in each.phrases for each in own for variant in each.variants)

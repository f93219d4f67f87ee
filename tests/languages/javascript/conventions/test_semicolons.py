"""Semicolons of JavaScript: where one is free, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.semicolons import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
(SEMICOLONS,) = CONVENTIONS


def written(language: Language, code: str) -> list[tuple[str, str]]:
    """The variants of all sites, each with the word before it."""
    source = Source.parse(code.encode(), language.grammar)
    assert not source.has_error
    return [(site.variant, code[: site.start].split()[-1]) for site in SEMICOLONS.sites(source)]


@pytest.mark.parametrize(
    ("code", "variants"),
    [
        ("'use strict'\nlet a = b;\n", [("never", "strict'"), ("always", "b")]),
        ("import a from 'b'\nexport { a };\nexport default a\n", [("never", "'b'"), ("always", "}"), ("never", "a")]),
        ("() => { a(); b() }\n", [("never", "b()"), ("never", "}")]),
        ("if (a) b; else c\n", [("never", "c")]),
        ("if (a) b;\nelse c\n", [("always", "b"), ("never", "c")]),
        ("for (let i = 0; i < 1; i++) a();\n", []),
        ("do a(); while (b)\n", []),
        ("export default function () {}\nexport class A {}\nexport const a = 1\n", [("never", "1")]),
        ("class A {\n  a = 1;\n  b\n  c() {}\n}\n", [("always", "1"), ("never", "b")]),
        ("a = 1 // why\nb; /* why */\nc\n", [("never", "1"), ("never", "c")]),
        ("a = 1 /*\n*/; b\n", [("never", "b")]),
    ],
)
def test_where_a_semicolon_is_free(code: str, variants: list[tuple[str, str]]) -> None:
    assert written(JAVASCRIPT, code) == variants


@pytest.mark.parametrize(
    "line",
    [
        "(b)",
        "[b]",
        "`b`",
        "+b",
        "-b",
        "/b/",
        "*b",
        ".b",
        "?.b",
        ", b",
        "++b",
        "--b",
        "<b />",
        "in b",
        "instanceof b",
        ";b",
    ],
)
def test_what_could_go_on_with_a_statement_makes_its_end_no_choice(line: str) -> None:
    source = Source.parse(f"a = c;\n{line}\n".encode(), JAVASCRIPT.grammar)
    assert all(site.start != len("a = c") for site in SEMICOLONS.sites(source))


@pytest.mark.parametrize(
    "code",
    [
        "class A {\n  get;\n  b() {}\n}\n",
        "class A {\n  static;\n  b\n}\n",
        "class A {\n  a;\n  ['b']\n}\n",
        "class A {\n  a = 1;\n  *b() {}\n}\n",
        "async;\nfunction f() {}\n",
    ],
)
def test_a_word_that_is_read_on_keeps_its_semicolon(code: str) -> None:
    source = Source.parse(code.encode(), JAVASCRIPT.grammar)
    assert ("always", code.split(";")[0].split()[-1]) not in written(JAVASCRIPT, code)
    assert not source.has_error


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = b"import a from 'a'\nconst f = () => { return 1 } // why\nthrow f;\nclass B { a = 1\n  b; }\nvar c, d\n"
    source = Source.parse(before, language.grammar)
    sites = [*SEMICOLONS.sites(source)]
    assert len(sites) == 7
    for place, site in enumerate(sites):
        (other,) = {*SEMICOLONS.variants} - {site.variant}
        after = source.with_text(apply_edits(before, SEMICOLONS.rewrite(source, site, other) or ()))
        proof = language.verify(before, after.text)
        assert after.text != before
        assert proof is not None
        assert proof.verification is Verification.SAFE
        back = [*SEMICOLONS.sites(after)][place]
        assert back.variant == other
        assert apply_edits(after.text, SEMICOLONS.rewrite(after, back, site.variant) or ()) == before


def test_types_end_with_a_free_semicolon() -> None:
    code = "type A = B\nlet a: A;\nclass C { declare a: A\n  b(): void\n  c: A; }\n"
    assert written(TYPESCRIPT, code) == [("never", "B"), ("always", "A"), ("never", "A"), ("always", "A")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = c;\n(b)\n", "a = c\n(b)\n"),
        ("a = c;\n[b]\n", "a = c\n[b]\n"),
        ("return\na\n", "return a\n"),
        ("for (;;) a\n", "for (;;);a\n"),
        ("if (a) b\n", "if (a); b\n"),
        ("while (a);\n", "while (a)\nb\n"),
        ("class A { get; b() {} }\n", "class A { get\nb() {} }\n"),
    ],
)
def test_what_means_something_else_is_not_proven(before: str, after: str) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is None or proof.verification is Verification.UNSAFE

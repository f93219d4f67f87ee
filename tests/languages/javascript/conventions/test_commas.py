"""Trailing commas of JavaScript: where one is free, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.commas import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
(COMMAS,) = CONVENTIONS


@pytest.mark.parametrize(
    ("language", "code", "found"),
    [
        (JAVASCRIPT, "f(\n  a,\n  b,\n)\n", [("comma", "call")]),
        (JAVASCRIPT, "f(a, {\n  b\n})\n", [("none", "data")]),
        (JAVASCRIPT, "a = [\n  1, // why\n  2 // why\n]\n", [("none", "data")]),
        (JAVASCRIPT, "a = [\n  1,,\n]\n", []),
        (JAVASCRIPT, "f(\n  ...a\n)\nlet { b, ...c } = d\n", []),
        (
            JAVASCRIPT,
            "import {\n  a,\n} from 'b'\nexport {\n  a\n}\n",
            [("comma", "data"), ("none", "data")],
        ),
        (JAVASCRIPT, "a = { set b(\n  c\n) {} }\nimport(\n  'd'\n)\n", []),
        (JAVASCRIPT, "f(\n  a\n  ,\n)\n", []),
        (TYPESCRIPT, "enum A {\n  B,\n}\n", [("comma", "data")]),
        (TYPESCRIPT, "function f(\n  a: B,\n  ...c: D\n) {}\n", []),
    ],
)
def test_where_a_comma_is_free(language: Language, code: str, found: list[tuple[str, str]]) -> None:
    source = Source.parse(code.encode(), language.grammar)
    assert sorted((site.variant, site.context[0]) for site in COMMAS.sites(source)) == sorted(found)


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = b"f(\n  a, // why\n  [1, 2]\n)\nlet {\n  b,\n} = c\nfunction d(\n  e,\n) {}\nimport {\n  f\n} from 'g'\n"
    source = Source.parse(before, language.grammar)
    sites = [*COMMAS.sites(source)]
    assert len(sites) == 4
    for place, site in enumerate(sites):
        (other,) = {*COMMAS.variants} - {site.variant}
        after = source.with_text(apply_edits(before, COMMAS.rewrite(source, site, other) or ()))
        proof = language.verify(before, after.text)
        assert proof is not None
        assert proof.verification is Verification.SAFE
        back = [*COMMAS.sites(after)][place]
        assert back.variant == other
        assert apply_edits(after.text, COMMAS.rewrite(after, back, site.variant) or ()) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = [1,,]\n", "a = [1,]\n"),
        ("a = [,]\n", "a = []\n"),
        ("a = { set b(c) {} }\n", "a = { set b(c,) {} }\n"),
        ("import('a')\n", "import('a',)\n"),
        ("(a, b)\n", "(a, b,)\n"),
        ("let [...a] = b\n", "let [...a,] = b\n"),
    ],
)
def test_what_means_something_else_is_not_proven(before: str, after: str) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is None or proof.verification is Verification.UNSAFE

"""Quotes of JavaScript: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.quotes import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
CODE, ATTRIBUTES = CONVENTIONS


@pytest.mark.parametrize(
    ("language", "code", "variants"),
    [
        (JAVASCRIPT, "'use strict'\nlet a = 'b'\n", ["single", "single"]),
        (JAVASCRIPT, 'f("a", \'\', "a b")\n', ["double", "single", "double"]),
        (JAVASCRIPT, "a = 'it\\'s' + \"it's\" + '\\n' + `b` + /'/\n", ["single"]),
        (JAVASCRIPT, "<a href=\"b\">'c'</a>\n", []),
        (TYPESCRIPT, "let a: string = 'b'; type C = \"d\"\n", ["single", "double"]),
    ],
)
def test_what_is_a_choice(language: Language, code: str, variants: list[str]) -> None:
    assert [site.variant for site in CODE.sites(Source.parse(code.encode(), language.grammar))] == variants


@pytest.mark.parametrize("language", [JAVASCRIPT, TSX])
def test_attributes_are_a_choice_of_their_own(language: Language) -> None:
    source = Source.parse(b"x = <a b=\"c\" d='e' f={'g'}/>\n", language.grammar)
    assert [site.variant for site in ATTRIBUTES.sites(source)] == ["double", "single"]
    assert [site.variant for site in CODE.sites(source)] == ["single"]


@pytest.mark.parametrize("language", [JAVASCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = b"import a from \"a\"\nx = <b c='d e\\n'>{f('', {'g': \"h\\n\\u{41}\"})}</b>\n"
    source = Source.parse(before, language.grammar)
    for convention in CONVENTIONS:
        for place, site in enumerate(convention.sites(source)):
            (other,) = {*convention.variants} - {site.variant}
            after = source.with_text(apply_edits(before, convention.rewrite(source, site, other) or ()))
            proof = language.verify(before, after.text)
            assert after.text != before
            assert proof is not None
            assert proof.verification is Verification.SAFE
            back = [*convention.sites(after)][place]
            assert back.variant == other
            assert apply_edits(after.text, convention.rewrite(after, back, site.variant) or ()) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 'b'\n", 'a = "c"\n'),
        ("a = 'b'\n", "a = b\n"),
        ("a = 'b' + c\n", 'a = "b + c"\n'),
        ("f`'a'`\n", 'f`"a"`\n'),
        ("a = /'b'/\n", 'a = /"b"/\n'),
        ("a = 'b\n", "a = 'b'\n"),
    ],
)
def test_what_means_something_else_is_not_proven(before: str, after: str) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is None or proof.verification is Verification.UNSAFE

"""What ends a member of a type: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.delimiters import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
(DELIMITERS,) = CONVENTIONS


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("interface A {\n  b: C;\n  d(): void\n}\n", [("semicolon", "broken"), ("none", "broken")]),
        ("type A = { b: C, d?: E }\n", [("comma", "inner"), ("none", "last")]),
        ("type A = {\n  b: C // why\n  d: E, // why\n}\n", [("none", "broken"), ("comma", "broken")]),
        ("interface A {}\nlet b = { c: 1 }\nclass D { e: F; }\n", []),
        ("type A = { b: C ; d: E }\n", [("none", "last")]),
        ("type A = { [K in B]: C; }\ntype D = { [k: B]: C }\n", [("none", "last")]),
    ],
)
def test_what_is_a_choice(code: str, found: list[tuple[str, str]]) -> None:
    sites = DELIMITERS.sites(Source.parse(code.encode(), TYPESCRIPT.grammar))
    assert [(site.variant, site.context[0]) for site in sites] == found


def test_there_and_back_is_proven() -> None:
    before = b"interface A {\n  b: C;\n  d(): void\n}\nfunction f(a: { b: C, d: E }) {}\n"
    source = Source.parse(before, TSX.grammar)
    sites = [*DELIMITERS.sites(source)]
    assert len(sites) == 4
    for place, site in enumerate(sites):
        for other in {*DELIMITERS.variants} - {site.variant}:
            edits = DELIMITERS.rewrite(source, site, other)
            if edits is None:
                assert (other, site.context[0]) == ("none", "inner")
                continue
            after = source.with_text(apply_edits(before, edits))
            proof = TSX.verify(before, after.text)
            assert proof is not None
            assert proof.verification is Verification.SAFE
            back = [*DELIMITERS.sites(after)][place]
            assert back.variant == other
            assert apply_edits(after.text, DELIMITERS.rewrite(after, back, site.variant) or ()) == before


@pytest.mark.parametrize("member", ["(): d", "[c: string]: d", "<T>(): d"])
def test_a_member_that_could_go_on_with_the_one_before_is_not_proven(member: str) -> None:
    before, after = (f"interface A {{\n  a: b{sign}\n  {member}\n}}\n".encode() for sign in (";", ""))
    proof = TYPESCRIPT.verify(before, after)
    assert proof is None or proof.verification is Verification.UNSAFE

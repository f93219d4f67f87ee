"""The place of opening braces: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.openings import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

(OPENINGS,) = CONVENTIONS
TYPESCRIPT, TSX = JAVASCRIPT.dialects


@pytest.mark.parametrize(
    ("code", "variants"),
    [
        ("function a() {\n  b\n}\nclass A\n{\n  a() {\n    b\n  }\n}\n", ["beside", "below", "beside"]),
        ("if (a) {\n  b\n} else\n{\n  c\n}\n", ["beside", "below"]),
        ("f(() => {\n  a\n})\nswitch (a)\n{\n  case 1: b\n}\n", ["beside", "below"]),
        ("if (a) { b }\nclass A {}\n", []),
        ("if (a){\n  b\n}\nif (a)  {\n  b\n}\nif (a)\n    {\n  b\n}\n", []),
        ("if (a) /* why */ {\n  b\n}\nif (a) // why\n{\n  b\n}\n", []),
        ("{\n  a\n}\nb: {\n  c\n}\nreturn_ = {\n  d\n}\n", []),
    ],
)
def test_which_braces_are_a_choice(code: str, variants: list[str]) -> None:
    assert [site.variant for site in OPENINGS.sites(Source.parse(code.encode(), JAVASCRIPT.grammar))] == variants


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = (
        b"export class A {\n  async *a() {\n    for (const b of c) {\n      d()\n    }\n    try {\n      e\n    }"
        b" catch (f) {\n      g\n    }\n  }\n}\nconst h = async (i) => {\n  return {\n    j\n  }\n}\n"
        b"do {\n  k()\n} while (l)\n"
    )
    source = Source.parse(before, language.grammar)
    sites = [*OPENINGS.sites(source)]
    assert [site.context[0] for site in sites] == ["class", "function", *["branch"] * 3, "arrow", "branch"]
    for place, site in enumerate(sites):
        edits = OPENINGS.rewrite(source, site, "below")
        assert edits
        after = apply_edits(before, edits)
        proof = language.verify(before, after)
        assert proof is not None
        assert proof.verification is Verification.SAFE
        there = Source.parse(after, language.grammar)
        found = [*OPENINGS.sites(there)][place]
        assert found.variant == "below"
        back = OPENINGS.rewrite(there, found, "beside")
        assert back
        assert apply_edits(after, back) == before

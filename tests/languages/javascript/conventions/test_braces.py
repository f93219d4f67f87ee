"""Braces around an only statement and the place of clauses: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.conventions.braces import CONVENTIONS
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
BODIES, CLAUSES = CONVENTIONS


@pytest.mark.parametrize(
    ("code", "variants"),
    [
        ("if (a) b\nif (a)\n  return\nif (a) {\n  throw b\n}\n", ["beside", "below", "block"]),
        ("for (const a of b) c\nwhile (a) {\n  break\n}\nfor (;;)\n  a()\n", ["beside", "block", "below"]),
        ("if (a) b\nelse c\n", []),
        ("if (a) {\n  b\n} else if (c) {\n  d\n}\n", []),
        ("if (a) { b }\n", []),
        ("if (a)\n{\n  b\n}\n", []),
        ("if (a) {\n  let b\n}\nif (a) {\n  b\n  c\n}\n", []),
        ("if (a) {\n  b // why\n}\nif (a) b // why\nif (a) {\n  // why\n  b\n}\n", []),
        ("if (a) {\n  b(\n    c)\n}\n", []),
        ("if (a &&\n    b) c\n", []),
        ("if (a) if (b) c\n", []),
    ],
)
def test_which_statements_are_a_choice(code: str, variants: list[str]) -> None:
    assert [site.variant for site in BODIES.sites(Source.parse(code.encode(), JAVASCRIPT.grammar))] == variants


def test_how_wide_the_line_is_decides_what_says_anything() -> None:
    code = f"if (a) b\nif (a) {'b' * 60}\n"
    assert [site.context[0] for site in BODIES.sites(Source.parse(code.encode(), JAVASCRIPT.grammar))] == [
        "narrow",
        "wide",
    ]


@pytest.mark.parametrize(
    ("code", "variants"),
    [
        ("try {\n  a\n} catch {\n  b\n}\nfinally {\n  c\n}\n", ["beside", "below"]),
        ("if (a) {\n  b\n}else {\n  c\n}\n", ["beside"]),
        ("if (a) b\nelse c\nif (a) { b } else { c }\n", []),
        ("if (a) {\n  b\n} // why\nelse {\n  c\n}\n", []),
        ("p.catch(() => {\n})\n.catch(b)\n", []),
        ("if (a) b = {\n  c\n}\nelse d\nif (a) b = () => {\n}\nelse d\n", []),
    ],
)
def test_which_clauses_are_a_choice(code: str, variants: list[str]) -> None:
    assert [site.variant for site in CLAUSES.sites(Source.parse(code.encode(), JAVASCRIPT.grammar))] == variants


@pytest.mark.parametrize("language", [JAVASCRIPT, TYPESCRIPT, TSX])
def test_there_and_back_is_proven(language: Language) -> None:
    before = (
        b"f(() => {\n  if (a) return b;\n  if (a)\n    c()\n  for (const d of e) {\n    f(d)\n  }\n"
        b"  try {\n    g\n  } catch {\n    h\n  }\n  finally {\n    i\n  }\n})\n"
    )
    source = Source.parse(before, language.grammar)
    for convention, count in ((BODIES, 3), (CLAUSES, 2)):
        sites = [*convention.sites(source)]
        assert len(sites) == count
        for place, site in enumerate(sites):
            for other in {*convention.variants} - {site.variant}:
                after = source.with_text(apply_edits(before, convention.rewrite(source, site, other) or ()))
                proof = language.verify(before, after.text)
                assert proof is not None
                assert proof.verification is Verification.SAFE
                back = [*convention.sites(after)][place]
                assert back.variant == other
                assert apply_edits(after.text, convention.rewrite(after, back, site.variant) or ()) == before

"""How far the lines of a block in braces stand inside it: what is a choice, there and back, and what is proven."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.go.language import GO
from codetune_git.languages.java.language import JAVA
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.languages.shared.indentation import CONVENTIONS
from codetune_git.text.source import Source, apply_edits

TYPESCRIPT, TSX = JAVASCRIPT.dialects
WIDTH, CASES = CONVENTIONS


@pytest.mark.parametrize(
    ("language", "code", "found"),
    [
        (JAVASCRIPT, "f(() => {\n  if (a) {\n    b\n  }\n})\n", ["2", "2"]),
        (JAVASCRIPT, "if (a) {\n\tb\n} else {\n    c\n}\n", ["tab", "4"]),
        (JAVASCRIPT, "switch (a) {\ncase 1:\n  b\n}\n", ["2"]),
        (JAVASCRIPT, "switch (a) {\n    case 1:\n      b\n      // c\n    default: d\n}\n", ["4", "2"]),
        (
            JAVA,
            "class A {\n  void b() {\n    switch (c) {\n      case 1:\n          d();\n    }\n  }\n}\n",
            ["2", "2", "2", "4"],
        ),
        (JAVASCRIPT, "if (a)\n  b\nelse if (c)\n    d(\n      e)\nelse\n\tf\n", ["2", "4", "tab"]),
        (JAVASCRIPT, "for (const a of b)\n  while (c) d\ndo\n  e\nwhile (f)\n", ["2", "2"]),
        (JAVASCRIPT, "if (a) b\nif (a) // why\n  b\nif (a)\nb\n", ["2"]),
        (JAVA, "class A {\n  void b() {\n    if (c)\n      d();\n    else\n      e();\n  }\n}\n", ["2"] * 4),
        (JAVASCRIPT, "define(() => {\na\n})\n", []),
        (JAVASCRIPT, "if (a) {\n  b\n c\n}\n", []),
        (JAVASCRIPT, "if (a) { b }\n", []),
        (JAVASCRIPT, "if (a) {\n  b }\n", []),
        (JAVASCRIPT, "if (a) {\n  b\n  }\n", []),
        (JAVASCRIPT, "if (a) {\n    // why\n  b\n}\n", []),
        (JAVASCRIPT, "if (a) {\n  b(`\nc\n`)\n}\n", ["2"]),
        (JAVASCRIPT, "if (a &&\n    b) {\n  c\n}\n", ["2"]),
        (TYPESCRIPT, "interface A {\n   b: C\n}\n", ["3"]),
        (JAVA, "class A {\n    void b() {\n        c();\n    }\n}\n", ["4", "4"]),
        (GO, "package a\n\nfunc b() {\n\tc()\n}\n", ["tab"]),
    ],
)
def test_what_is_a_choice(language: Language, code: str, found: list[str]) -> None:
    assert [site.variant for site in WIDTH.sites(Source.parse(code.encode(), language.grammar))] == found


TEXTS = [
    (JAVASCRIPT, "f(function () {\n  let a = {\n    b: `\n  c\n`,\n  }\n\n  /* d\n     e */\n  return a\n})\n"),
    (TSX, "const A = () => {\n  return (\n    <p>\n      b {c}\n      d\n    </p>\n  )\n}\n"),
    (JAVA, "class A {\n  void b() {\n    c(1,\n      2);\n  }\n}\n"),
    (JAVASCRIPT, "for (const a of b)\n  if (c) {\n    d()\n  } else\n    e(\n      f,\n    )\n"),
    (GO, "package a\n\nfunc b() {\n\tc(`\nd`)\n\tif e {\n\t\tf()\n\t}\n}\n"),
]


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_there_and_back_is_proven(language: Language, text: str) -> None:
    before = text.encode()
    source = Source.parse(before, language.grammar)
    sites = [*WIDTH.sites(source)]
    assert sites
    for place, site in enumerate(sites):
        for other in {*WIDTH.variants} - {site.variant}:
            after = source.with_text(apply_edits(before, WIDTH.rewrite(source, site, other) or ()))
            proof = language.verify(before, after.text)
            assert proof is not None
            assert proof.verification is Verification.SAFE
            back = [*WIDTH.sites(after)][place]
            assert back.variant == other
            assert apply_edits(after.text, WIDTH.rewrite(after, back, site.variant) or ()) == before


def test_between_tabs_and_blanks_what_hangs_by_whole_steps_goes_along() -> None:
    blanks = b"f(() => {\n    g({\n        a,\n      b,\n    })\n    if (c) {\n        d\n    }\n})\n"
    tabs = b"f(() => {\n\tg({\n\t\ta,\n\t  b,\n\t})\n\tif (c) {\n\t    d\n\t}\n})\n"
    source = Source.parse(blanks, JAVASCRIPT.grammar)
    outer, inner = WIDTH.sites(source)
    assert apply_edits(blanks, WIDTH.rewrite(source, outer, "tab") or ()) == tabs
    both = [*(WIDTH.rewrite(source, outer, "tab") or ()), *(WIDTH.rewrite(source, inner, "tab") or ())]
    assert apply_edits(blanks, both) == tabs.replace(b"\t    d", b"\t\td")
    after = Source.parse(tabs, JAVASCRIPT.grammar)
    outer, *_ = WIDTH.sites(after)
    assert apply_edits(tabs, WIDTH.rewrite(after, outer, "4") or ()) == blanks


def test_cases_stand_inside_their_switch_or_level_with_it() -> None:
    rest = "if (a) {\n  b\n}\nf({\n  a\n})\n"
    inside = "switch (a) {\n  case 1:\n    b\n    // c\n  case 2: {\n    d\n  }\n}\n"
    level = "switch (a) {\ncase 1:\n  b\n  // c\ncase 2: {\n  d\n}\n}\n"
    for text, other, variant, wanted in ((inside, level, "inside", "level"), (level, inside, "level", "inside")):
        source = Source.parse((rest + text).encode(), JAVASCRIPT.grammar)
        (site,) = CASES.sites(source)
        assert site.variant == variant
        assert apply_edits(source.text, CASES.rewrite(source, site, wanted) or ()) == (rest + other).encode()


def test_the_comment_below_a_case_moves_with_it() -> None:
    source = Source.parse(
        b"switch (a) {\n  case 1:\n      b\n      // falls through\n  default:\n}\n", JAVASCRIPT.grammar
    )
    _, case = WIDTH.sites(source)
    after = apply_edits(source.text, WIDTH.rewrite(source, case, "2") or ())
    assert after == b"switch (a) {\n  case 1:\n    b\n    // falls through\n  default:\n}\n"


@pytest.mark.parametrize(
    ("before", "after", "is_proven"),
    [
        ("a = <p>\n  b\n</p>\n", "a = <p>\n    b\n</p>\n", True),
        ("a = <p>\n  b\n</p>\n", "a = <p>b</p>\n", False),
        ("a = <p> b</p>\n", "a = <p>b</p>\n", False),
        ("a = <p>b c</p>\n", "a = <p>b  c</p>\n", False),
        ("a = <p>{b} {c}</p>\n", "a = <p>{b}{c}</p>\n", False),
        ("a = `\n  b`\n", "a = `\n    b`\n", False),
    ],
)
def test_blanks_at_the_line_breaks_of_jsx_mean_nothing(before: str, after: str, is_proven: bool) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is not None
    assert (proof.verification is Verification.SAFE) is is_proven

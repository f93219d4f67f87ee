"""Languages of which layout alone is known: what is found, proven, and left alone, in each of them."""

from __future__ import annotations

from collections import Counter

import pytest

from codetune_git.domain import Site, Verification
from codetune_git.languages.go.language import GO
from codetune_git.languages.java.language import JAVA
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.languages.table import CATALOGUE, kinds_named, language_in, language_of, version_at
from codetune_git.text.source import Source, apply_edits

TEXTS = {
    "javascript": """\
import { one, two } from "there";

const house = {
  rooms: [1, 2, 3],
  doors: { front: 1, back: 2 },
};

function open(door, key = null) {
  if (door && (key || door.open) ) {
    return walk(door.front, key.length + 1, [door, key]);
  }

  for (let i = 0; i < 3; i++) { knock(door,i); }
  return (
    door.left &&
    door.right
  );
}

export const opened = async (door) => { await open(door,  true); };
""",
    "typescript": """\
import type { One } from "there";

interface Door<T> extends Wall { front: number; back?: T[] }

enum Key { Left = 1, Right, Both }

export abstract class House<T extends Wall> {
  private rooms: Map<string, Array<T>> = new Map( );

  constructor(private readonly door: Door<T>, public key?: Key) { super(); }

  open(door: Door<T>, ...keys: Key[]): door is Door<T> {
    if (door && (keys || door.open) ) {
      return walk(door.front as unknown as number, keys!.length + 1, [door,keys]);
    }

    for (const key of keys) { knock(door,key); }
    return (
      door.front > 1 &&
      door.back !== undefined
    );
  }
}
""",
    "go": """\
package house

import (
\t"fmt"
)

type Door struct {
\tName string
}

func Open(door *Door, keys []string, force bool) (int, error) {
\tif len(keys) == 0 && !force {
\t\treturn 0, fmt.Errorf("no key for %s", door.Name)
\t}

\tturns := []int{1, 2, 3}
\treturn count(
\t\tdoor,
\t\tturns,
\t), nil
}
""",
    "java": """\
package house;

import java.util.List;

public class Door {
    private final int[] turns = {1, 2, 3};

    int open(List<String> keys, boolean force) {
        if (keys.isEmpty() && !force) {
            throw new IllegalStateException("no key for " + name( this ));
        }

        return count(keys, turns.length,  force);
    }
}
""",
}
TYPESCRIPT, TSX = JAVASCRIPT.dialects
NAMED = {"javascript": JAVASCRIPT, "typescript": TYPESCRIPT, "tsx": TSX, "go": GO, "java": JAVA}
LANGUAGES = [pytest.param(language, id=name) for name, language in NAMED.items()]


def text_of(language: Language) -> str:
    name = next(name for name, each in NAMED.items() if each is language)
    return TEXTS["typescript" if name == "tsx" else name]


def source_of(language: Language, text: str | None = None) -> Source:
    source = Source.parse((text_of(language) if text is None else text).encode(), language.grammar)
    assert not source.has_error
    return source


def rewritten(language: Language, source: Source, site: Site, variant: str) -> str | None:
    convention = next(each for each in language.catalogue if each.name == site.convention)
    edits = convention.rewrite(source, site, variant)
    return apply_edits(source.text, edits).decode() if edits else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_proven_is_found_again(language: Language) -> None:
    source, checked = source_of(language), Counter[str]()
    for convention in language.catalogue:
        for site in convention.sites(source):
            for variant in {*convention.variants} - {site.variant}:
                text = rewritten(language, source, site, variant)
                proof = language.verify(source.text, text.encode()) if text is not None else None
                if text is None or proof is None or proof.verification is not Verification.SAFE:
                    continue  # a line break that would end a statement is refused
                after = Counter(each.variant for each in convention.sites(source.with_text(text.encode())))
                before = Counter(each.variant for each in convention.sites(source))
                assert after[variant] > before[variant], (convention.name, site, variant, text)
                checked[convention.name] += 1
    assert len(checked) > 12, checked


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_carry_the_language(language: Language) -> None:
    assert all(each.name.startswith(f"{language.name}/") for each in language.catalogue)
    assert f"{language.name}/comma_spacing" in kinds_named("comma_spacing")
    assert kinds_named(f"{language.name}/comma_spacing") == {f"{language.name}/comma_spacing"}
    assert language_of(f"a{language.grammar.suffixes[0]}") is language


def test_a_dialect_has_the_conventions_of_its_language() -> None:
    assert [language_of(f"a{end}") for end in (".ts", ".mts", ".tsx")] == [TYPESCRIPT, TYPESCRIPT, TSX]
    assert len({version_at(f"a{end}") for end in (".js", ".ts", ".tsx")}) == 1
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)
    source = Source.parse(b"let a = <B>c;\n", TYPESCRIPT.grammar)
    assert language_in(source) is TYPESCRIPT
    assert language_in(Source.parse(b"let a = <B/>;\n", TSX.grammar)) is TSX
    assert {site.convention.partition("/")[0] for site in TYPESCRIPT.sites(source)} == {"javascript"}


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        (JAVASCRIPT, "function f() { return a\n + b; }\n", "function f() { return\n a + b; }\n"),
        (JAVASCRIPT, "a\n(b)\n", "a;\n(b)\n"),
        (JAVASCRIPT, "x = `a b`\n", "x = `a  b`\n"),
        (JAVASCRIPT, "f(a, b)\n", "f(b, a)\n"),
        (JAVASCRIPT, "x = [a, b]\n", "x = [a, b,,]\n"),
        (TYPESCRIPT, "type A = B\n", "type\nA = B\n"),
        (TYPESCRIPT, "abstract class A {}\n", "abstract\nclass A {}\n"),
        (TYPESCRIPT, "let a: B<C>\n", "let a: B<D>\n"),
        (TYPESCRIPT, "let a = b as C\n", "let a = b\nas C\n"),
        (GO, "package a\n\nvar x = 1 +\n\t2\n", "package a\n\nvar x = 1\n\t+ 2\n"),
        (JAVA, "class A { int x = f(a, b); }\n", "class A { int x = f(a, b, c); }\n"),
    ],
)
def test_what_means_something_else_is_not_proven(language: Language, before: str, after: str) -> None:
    proof = language.verify(before.encode(), after.encode())
    assert proof is None or proof.verification is Verification.UNSAFE


@pytest.mark.parametrize(
    ("before", "after"),
    [("f(a,b)\n", "f(\n  a,\n  b,\n)\n"), ("x = {a: 1,}\n", "x = {a: 1}\n"), ("// why  \nf()\n", "// why\nf()\n")],
)
def test_layout_is_proven(before: str, after: str) -> None:
    proof = JAVASCRIPT.verify(before.encode(), after.encode())
    assert proof is not None
    assert proof.verification is Verification.SAFE


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("// codetune: ignore", {2}),
        ("// codetune: ignore[comma_spacing]", {2}),
        ("// codetune: ignore[javascript/comma_spacing]", {2}),
        ("// codetune: ignore[call_spacing]", set()),
        ("// eslint-disable-line", {2}),
    ],
)
def test_comments_silence_their_line(comment: str, silent: set[int]) -> None:
    source = source_of(JAVASCRIPT, f"f(a,b);\nf(a,b); {comment}\nf(a,b);\n")
    spoken = {source.line_of(s.start) for s in JAVASCRIPT.sites(source) if s.convention == "javascript/comma_spacing"}
    assert spoken == {1, 2, 3} - silent


def test_comments_silence_what_follows_or_lies_between() -> None:
    code = "// prettier-ignore\nf(\n  a,b\n);\ng(a,b);\n// codetune: off\nh(a,b);\n// codetune: on\nk(a,b);\n"
    source = source_of(JAVASCRIPT, code)
    spoken = {source.line_of(s.start) for s in JAVASCRIPT.sites(source) if s.convention == "javascript/comma_spacing"}
    assert spoken == {5, 9}


def spoken(language: Language, code: str, name: str) -> list[tuple[str, tuple[str, ...]]]:
    """The variants and contexts of the sites of a convention."""
    sites = language.sites(source_of(language, code))
    return [(site.variant, site.context) for site in sites if site.convention == f"{language.name}/{name}"]


def test_a_blank_before_parameters_depends_on_what_stands_before_it() -> None:
    code = "function a () {}\nb(function(c) { return (d) => d })\nasync (e) => e(f)\nclass G { h () {} }\nif (i) {}\n"
    assert spoken(JAVASCRIPT, code, "function_spacing") == [
        ("spaced", ("named",)),
        ("tight", ("function",)),
        ("spaced", ("async",)),
        ("spaced", ("named",)),
    ]
    assert spoken(JAVASCRIPT, code, "keyword_spacing") == [("spaced", ("return",)), ("spaced", ("if",))]
    assert spoken(JAVASCRIPT, code, "call_spacing") == [("tight", ("arguments",))] * 2


def test_a_sign_may_stand_next_to_a_negation() -> None:
    code = "a = b&&!c\nd = e && !f\ng = h&&-i\n"
    assert [variant for variant, _ in spoken(JAVASCRIPT, code, "operator_spacing")] == ["tight", "spaced"]


def test_types_are_joined_by_operators() -> None:
    code = "let a: B|C\ntype D =\n  | E\n  | F\ntype G = H &\n  I\n"
    assert spoken(TYPESCRIPT, code, "operator_spacing") == [("tight", ("union_type", "|"))]
    assert spoken(TYPESCRIPT, code, "operator_break") == [("after", ("intersection_type",))]

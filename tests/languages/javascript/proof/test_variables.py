"""Which word may declare a variable: told by where it is used."""

from __future__ import annotations

import pytest

from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.text.assumptions import Proof
from codetune_git.text.source import Source

M = "module.exports = 1; "


def proofs(one: str, other: str) -> set[str]:
    found: list[Proof | None] = [JAVASCRIPT.verify(a.encode(), b.encode()) for a, b in ((one, other), (other, one))]
    return {str(proof.verification) for proof in found if proof is not None}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("let a = 1; f(a)", "const a = 1; f(a)"),
        ("let a = 1; function f(a) { a = 2 }", "const a = 1; function f(a) { a = 2 }"),
        ("for (let a of b) c(a)", "for (const a of b) c(a)"),
        ("for (let a of b) c(() => a)", "for (const a of b) c(() => a)"),
        ("function f() { var a = 1; return a }", "function f() { const a = 1; return a }"),
        (M + "var a = 1; f(a)", M + "let a = 1; f(a)"),
        (M + "var a = require('a'); function g() { a() } g()", M + "const a = require('a'); function g() { a() } g()"),
        ("function f() { if (b) { var a = 1; return a } }", "function f() { if (b) { let a = 1; return a } }"),
        ("function f() { while (b) { var a = 1; g(a) } }", "function f() { while (b) { let a = 1; g(a) } }"),
        ("function f() { for (var i = 0; i < 3; i++) g(i) }", "function f() { for (let i = 0; i < 3; i++) g(i) }"),
        ("function f() { for (var a of b) g(a) }", "function f() { for (const a of b) g(a) }"),
        ("function f() { var a = () => a() }", "function f() { let a = () => a() }"),
        ("function f() { var a = { b() { return a } } }", "function f() { let a = { b() { return a } } }"),
        ("function f() { var { a, b } = c; g(b) }", "function f() { const { a, b } = c; g(b) }"),
    ],
)
def test_words_that_mean_the_same(before: str, after: str) -> None:
    assert proofs(before, after) == {"safe"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("let a = 1; a = 2", "const a = 1; a = 2"),
        ("let a = 1; [a] = 2", "const a = 1; [a] = 2"),
        ("let a = 1; for (a of b);", "const a = 1; for (a of b);"),
        ("let a = 1; a++", "const a = 1; a++"),
        ("let a = 1; ({b: a = 3} = c)", "const a = 1; ({b: a = 3} = c)"),
        ("let a = 1; eval('a = 2')", "const a = 1; eval('a = 2')"),
        ("let a = 1; function f() { a = 2 }", "const a = 1; function f() { a = 2 }"),
        ("let a", "const a"),
        ("for (let a of b) a = 1", "for (const a of b) a = 1"),
        ("var a = 1; f(a)", "let a = 1; f(a)"),
        (
            M + "g(); var a = require('a'); function g() { a() }",
            M + "g(); const a = require('a'); function g() { a() }",
        ),
        (
            M + "h(); var a = require('a'); function g() { a() } function h() { g() }",
            M + "h(); const a = require('a'); function g() { a() } function h() { g() }",
        ),
        ("export var a = 1", "export let a = 1"),
        ("export function g() { a() }; var a = 1", "export function g() { a() }; let a = 1"),
        ("function f() { if (b) { var a = 1 } return a }", "function f() { if (b) { let a = 1 } return a }"),
        ("function f() { while (b) { var a; g(a); a = 1 } }", "function f() { while (b) { let a; g(a); a = 1 } }"),
        (
            "function f() { while (b) { var a = 1; g(() => a) } }",
            "function f() { while (b) { let a = 1; g(() => a) } }",
        ),
        (
            "function f() { for (var i = 0; i < 3; i++) g(() => i) }",
            "function f() { for (let i = 0; i < 3; i++) g(() => i) }",
        ),
        (
            "function f() { for (var i = 0; i < 3; i++) g(i); return i }",
            "function f() { for (let i = 0; i < 3; i++) g(i); return i }",
        ),
        (
            "function f() { for (var i = 0; i < 3; i++) g(i); for (var i = 0; i < 3; i++) g(i) }",
            "function f() { for (let i = 0; i < 3; i++) g(i); for (var i = 0; i < 3; i++) g(i) }",
        ),
        ("function f() { for (var a of a) g(a) }", "function f() { for (const a of a) g(a) }"),
        (
            "function f() { switch (b) { case 1: var a = 1; g(a) } }",
            "function f() { switch (b) { case 1: let a = 1; g(a) } }",
        ),
        ("function f(a) { var a = 1 }", "function f(a) { let a = 1 }"),
        ("function f() { try {} catch (a) { var a = 1 } }", "function f() { try {} catch (a) { let a = 1 } }"),
        ("function f() { var a = g(() => a) }", "function f() { let a = g(() => a) }"),
        ("function f() { g(a); var a = 1 }", "function f() { g(a); let a = 1 }"),
        ("function f() { g(function () { a }); var a = 1 }", "function f() { g(function () { a }); let a = 1 }"),
        ("function f() { var a = a || 1 }", "function f() { let a = a || 1 }"),
        ("function f() { with (b) { var a = 1 } }", "function f() { with (b) { let a = 1 } }"),
        (M + "var exports = 1", M + "let exports = 1"),
        ("function f() { var a = 1; { function a() {} } }", "function f() { let a = 1; { function a() {} } }"),
        ("function f(b = () => a) { var a = 1 }", "function f(b = () => a) { let a = 1 }"),
        ("function f() { var { a, b = a } = c; g(b) }", "function f() { let { a, b = a } = c; g(b) }"),
        ("function f() { { let a = 1; g(a) } { var a = 1 } }", "function f() { { var a = 1; g(a) } { var a = 1 } }"),
        ("let a = 1, b = () => { let c = a; a = 2 }", "const a = 1, b = () => { let c = a; a = 2 }"),
        (
            "function f() { while (b) { var a = 1; g(class { c = a }) } }",
            "function f() { while (b) { let a = 1; g(class { c = a }) } }",
        ),
        ("function f() { if (b) var a = 1; g(a) }", "function f() { if (b) let a = 1; g(a) }"),
        ("function f() { while (b) var a = 1 }", "function f() { while (b) const a = 1 }"),
        (
            "import './b.mjs'; var x = 1; function f() { return x } export { f }",
            "import './b.mjs'; let x = 1; function f() { return x } export { f }",
        ),
        (
            "import './b.mjs'; var x = 1; export default function () { return x }",
            "import './b.mjs'; let x = 1; export default function () { return x }",
        ),
        (M + "var { p } = { get p() { return typeof p } }", M + "let { p } = { get p() { return typeof p } }"),
        ("let x = 1; \\u0078 = 2", "const x = 1; \\u0078 = 2"),
        ("module('q'); var a = 1; f(a)", "module('q'); let a = 1; f(a)"),
        ("require(['q'], g); var a = 1; f(a)", "require(['q'], g); let a = 1; f(a)"),
        ("function f() { g(class { c = a }); var a = 1 }", "function f() { g(class { c = a }); let a = 1 }"),
    ],
)
def test_words_that_mean_something_else(before: str, after: str) -> None:
    assert proofs(before, after) == {"unsafe"}


def test_what_is_nested_too_deep_to_walk_has_no_choice() -> None:
    text = "function f() { var z = 1; if (a) { g(z) }" + " else if (a) { g(z) }" * 400 + " }"
    source = Source.parse(text.encode(), JAVASCRIPT.grammar)
    assert "javascript/variables" not in {site.convention for site in JAVASCRIPT.sites(source)}

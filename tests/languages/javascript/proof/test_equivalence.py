"""What is proven to be the same program of JavaScript or TypeScript, and what is not."""

from __future__ import annotations

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.text.assumptions import Assumption, Proof

TYPESCRIPT, TSX = JAVASCRIPT.dialects
SAFE, UNSAFE = Verification.SAFE, Verification.UNSAFE


def verdicts(language: Language, one: str, other: str) -> set[Verification | None]:
    """What is proven in either direction."""
    proofs = (language.verify(a.encode(), b.encode()) for a, b in ((one, other), (other, one)))
    return {None if proof is None else proof.verification for proof in proofs}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 'b'", 'a = "b"'),
        ("a = '\\''", 'a = "\'"'),
        ("a = 'b'", "a = `b`"),
        ("a = '\\x41'", "a = 'A'"),
        ("a = 0x10 + 1_000 + .5", "a = 16 + 1e3 + 0.50"),
        ("'use strict'\na", '"use strict";\na'),
        ("a = b\nc()", "a = b; c();"),
        ("a = b\n++c", "a = b;\n++c"),
        ("class A { a\n b }", "class A { a;\n b; }"),
        ("a = { b: 1, c: 2 }", "a = { 'b': 1, ['c']: 2, }"),
        ("a = { b: b, c }", "a = { b, c: c }"),
        ("var { a: a, b: b = 1 } = c", "var { a, b = 1 } = c"),
        ("a.b?.c", "a['b']?.['c']"),
        ("new A", "new A()"),
        ("a => b", "(a) => b"),
        ("async a => b", "async (a) => { return b }"),
        ("a => ({ b })", "a => { return { b }; }"),
        ("a => (b, c)", "a => { return b, c }"),
        ("(function () { a })()", "(function () { a }())"),
        ("x = ((a + b)) * (c)", "x = (a + b) * c"),
        ("if (a) b; else c", "if (a) { b } else { c }"),
        ("if (a) b; else { if (c) d }", "if (a) { b } else if (c) d"),
        ("for (;;) {}", "for (;;);"),
        ("while (a) { b(); }", "while (a) b()"),
        ("a;;b", "a; b"),
        ("f(a, b,)", "f(a, b)"),
        ("<a b='c'>{d}</a>", '<a b="c">{(d)}</a>'),
        ("<a b='c'/>", "<a b={'c'}/>"),
        ("a // b\nc", "a; // B.\nc"),
        ("f(async function (a) { return b })", "f(async a => b)"),
        ("typeof a == 'b'", "typeof a === 'b'"),
        ("!a != true", "!a !== true"),
    ],
)
def test_spellings_that_mean_the_same(one: str, other: str) -> None:
    assert verdicts(JAVASCRIPT, one, other) == {SAFE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("let a: B[]", "let a: Array<B>"),
        ("let a: readonly (B | C)[]", "let a: ReadonlyArray<B | C>"),
        ("interface A { b: C, d(): E }", "interface A { b: C; d(): E; }"),
        ("class A { public b: C; public d() {} }", "class A { b: C; d() {} }"),
        ("(a) => b as C", "a => { return b as C }"),
    ],
)
def test_types_that_are_the_same(one: str, other: str) -> None:
    assert verdicts(TYPESCRIPT, one, other) == {SAFE}
    assert verdicts(TSX, one, other) == {SAFE}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = b\n(c)", "a = b;\n(c)"),
        ("a = b\n[c].d()", "a = b;\n[c].d()"),
        ("a = b\n`c`", "a = b;\n`c`"),
        ("a = b\n+c", "a = b;\n+c"),
        ("a = b\n/c/g", "a = b;\n/c/g"),
        ("return a", "return\na"),
        ("return (a)", "return\n(a)"),
        ("throw a", "throw\na"),
        ("for (;;) break\na", "for (;;) break; a; b"),
        ("return /* a\n */ (b)", "return (b)"),
        ("a\n++b", "a++\nb"),
        ("a\n=> b", "a => b"),
        ("async function f() {}", "async\nfunction f() {}"),
        ("class A { get\n a() {} }", "class A { get; a() {} }"),
        ("class A { static\n a }", "class A { static; a }"),
        ("class A { a\n *b() {} }", "class A { a = 1; b() {} }"),
        ("'use strict'", "('use strict')"),
        ("'use strict'", ";'use strict'"),
        ("'use strict'", "`use strict`"),
        ("'use\\x20strict'", "'use strict'"),
        ("a = { __proto__: b }", "a = { ['__proto__']: b }"),
        ("a = { __proto__ }", "a = { __proto__: __proto__ }"),
        ("class A { constructor() {} }", "class A { ['constructor']() {} }"),
        ("(a?.b).c", "a?.b.c"),
        ("(a?.b)()", "a?.b()"),
        ("(0, a.b)()", "a.b()"),
        ("new (a())()", "new a()()"),
        ("new (a.b())", "new a.b()"),
        ("(-1) ** 2", "-1 ** 2"),
        ("a ?? (b || c)", "a ?? b || c"),
        ("(a, b)", "f(a, b)"),
        ("x = (a, b)", "x = a, b"),
        ("for (a of (b, c));", "for (a of b, c);"),
        ("for (var a = ('b' in c);;);", "for (var a = 'b' in c;;);"),
        ("(() => {})()", "() => {}()"),
        ("(a) = function () {}", "a = function () {}"),
        ("export default (function () {})", "export default function () {}"),
        ("(function () {})()", "function () {}()"),
        ("(function () {})()", "!function () {}()"),
        ("if (a) { if (b) c } else d", "if (a) if (b) c; else d"),
        ("if (a) { let b }", "if (a) let b"),
        ("if (a) { function b() {} }", "if (a) function b() {}"),
        ("a: { break a }", "a: break a"),
        ("[a, ,]", "[a,]"),
        ("[,]", "[]"),
        ("a = b`\\x41`", "a = b`A`"),
        ("a = 010", "a = 8"),
        ("a = '\\1'", "a = '\\x01'"),
        ("a = 1", "a = 1n"),
        ("a == b", "a === b"),
        ("a == null", "a === null"),
        ("a == 1", "a === 1"),
        ("f(function (a) { return this })", "f(a => { return this })"),
        ("f(function (a) { return eval(b) })", "f(a => { return eval(b) })"),
        ("x = function () { a }", "x = () => { a }"),
        ("new (function () { a })()", "new (() => { a })()"),
        ("a || b", "a ?? b"),
        ("<a> {b}</a>", "<a>{b}</a>"),
        ("<a b='&amp;'/>", "<a b={'&amp;'}/>"),
        ("/** @type {A} */ (b)", "/** @type {A} */ b"),
        ("a; // b\nc", "a; // d\nc"),
        ("function f() {}", "f = function () {}"),
        ("a && b || c", "a && (b || c)"),
        ("if (a) { b } else c", "if (a) b else c"),
        ("do { a } while (b)", "do a while (b)"),
        ("for (let a = () => { return 'b' in c };;);", "for (let a = () => 'b' in c;;);"),
        ("for (let a = 0; a < b;);", "for (let a = 0\n a < b;);"),
        ("() => ({}).a", "() => {}.a"),
        ("k(function () { return { arguments } })", "k(() => { return { arguments } })"),
        ("async function a() { b(function (await) {}) }", "async function a() { b((await) => {}) }"),
        ("a < !--b", "a<!--b"),
        ("1 == 1n", "1 === 1n"),
        ("-a == 1", "-a === 1"),
        ("'a';;'use strict';f()", "'a';'use strict';f()"),
        (";'use strict';'a'", "'use strict';;'a'"),
        ("(...a) => 1", "(...a,) => 1"),
        ("({ ...a } = b)", "({ ...a, } = b)"),
    ],
)
def test_what_means_something_else_is_not_proven(one: str, other: str) -> None:
    assert not verdicts(JAVASCRIPT, one, other) - {UNSAFE, None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("class Array {}\nlet a: B[]", "class Array {}\nlet a: Array<B>"),
        ("import { Array } from 'a'\nlet b: B[]", "import { Array } from 'a'\nlet b: Array<B>"),
        ("let a: B | C[]", "let a: (B | C)[]"),
        ("class A { constructor(public b: C) {} }", "class A { constructor(b: C) {} }"),
        ("class A { private b: C }", "class A { b: C }"),
        ("a.b", "a['b']"),
        ("interface A { b\n(c): D }", "interface A { b; (c): D }"),
        ("interface A { get\n b: C }", "interface A { get; b: C }"),
        ("let a = b as C", "let a = b\nas C"),
        ("let a: B", "let a: C"),
        ("enum A { B, C }", "enum A { C, B }"),
        ("@a class B {}", "class B {}"),
        ("function f(a: B): C\nfunction f(a) {}", "function f(a) {}"),
        ("namespace A { let b }", "let b"),
        ("interface A extends Array<B> {}", "interface A extends B[] {}"),
        ("(a?.b)!.c", "a?.b!.c"),
        ("(a as b).c", "a as b .c"),
        ("let x: any = 1; (x as any) = 2", "const x: any = 1; (x as any) = 2"),
        ("let x = f(); x!++", "const x = f(); x!++"),
        ("let a: B<C>", "let a: B\n<C>"),
        ("type A = { [K in B]: C; }", "type A = { [K in B]: C, }"),
        ("type A = { [K in B]: C }", "type A = {; [K in B]: C }"),
        ("let x = f(); (<any>x) = 2", "const x = f(); (<any>x) = 2"),
        ("declare global { var Z: any }; export {}", "declare global { let Z: any }; export {}"),
    ],
)
def test_types_that_are_others_are_not_proven(one: str, other: str) -> None:
    assert not verdicts(TYPESCRIPT, one, other) - {UNSAFE, None}


def test_what_does_not_parse_proves_nothing() -> None:
    assert JAVASCRIPT.verify(b"a = 'b\n", b"a = 'b'\n") is None
    assert JAVASCRIPT.verify(b"a = 'b'\n", b"a = 'b\n") is None


def test_what_is_assumed_is_named() -> None:
    proof = JAVASCRIPT.verify(b"a == 'b' && f(function () { c })", b"a === 'b' && f(() => { c })")
    assert proof == Proof(Verification.ASSUMING, (Assumption.NOT_MADE, Assumption.ONE_TYPE))
    proof = JAVASCRIPT.verify(b"a == 'b' && f(function () { c })", b"a == 'b' && f(() => { c })")
    assert proof == Proof(Verification.ASSUMING, (Assumption.NOT_MADE,))

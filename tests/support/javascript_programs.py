"""Programs of JavaScript that could tell two spellings apart: scenes with places for words, drawn at random."""

from __future__ import annotations

import random
import re

SLOTS = {
    "V": ("var", "let", "const"),
    "S": (";", "", ";;"),
    "K": ("a", "'a'", "['a']", "b", "'b-c'", "__proto__", "'__proto__'"),
    "E": ("==", "===", "!=", "!=="),
    "X": ("1", "'1'", "'a'", "`a`", "x", "null", "undefined", "[1]", "{ valueOf() { return 'v' } }", "typeof x"),
    "A": (
        "function (y) { return y }",
        "y => y",
        "(y) => { return y }",
        "(y) => ({ y })",
        "function () { return this }",
        "() => this",
        "function () { return arguments.length }",
        "async y => y",
        "function named(y) { return y }",
    ),
    "D": ("'use strict'", "'use\\x20strict'", "('use strict')", ";'use strict'", "`use strict`", ""),
    "N": ("\n", " ", "\n\n", " // why\n", " /* a\n b */ "),
}

SCENES = (
    "$V x = $X$S\nlog(x)$S\nlog(typeof x, x + 'b')",
    "$V x = 1$S\nx = 2$S\nlog(x)",
    "log(typeof x)$S\n$V x = 1$S\nlog(x)",
    "$V list = []$S\nfor ($V i = 0; i < 3; i++) list.push(() => i)$S\nlog(list.map(each => each()))",
    "$V list = []$S\nfor ($V x of [1, 2]) { list.push(x) }\nlog(list)",
    "$V list = []$S\nfor ($V x of [1, 2]) { $V y = x; list.push(() => y) }\nlog(list.map((each) => { return each() }))",
    "for ($V i = 0; i < 2; i++) { $V y; log(y); y = i }",
    "for (let i = 0; i < 2; i++) { let y = i; log(y); if (y) { $V z = y; log(z) } }",
    "if (1) { $V x = 1 }\nlog(typeof x)",
    "{ $V x = 1; log(x) }\n{ $V x = 2; log(x) }",
    "switch (1) { case 0: $V x = 1; case 1: x = 2; log(x) }",
    "$V x = 1;\nfunction f() { return x }\nlog(f())",
    "log(f());\n$V x = 1;\nfunction f() { return x }",
    "$V f = function () { return x };\n$V x = 1;\nlog(f())",
    "log(g());\n$V x = 1;\nfunction f() { return x }\nfunction g() { return f() }",
    "$V x = (() => typeof x)();\nlog(x)",
    "$V x = { get() { return x.y }, y: 1 };\nlog(x.get())",
    "(function (x) { $V y = x; { $V x = 3; log(x) } log(x, y) })(1)",
    "try { throw 1 } catch (e) { $V x = e; log(x) }\nlog(typeof x)",
    "$V x = 1;\nlog(eval('x = 2'), x)",
    "with ({ x: 2 }) { $V y = x; log(y) }\nlog(typeof y)",
    "$V { x, y = x } = { x: 1 };\nlog(x, y)",
    "$V x = 1, y = x + 1;\n[x] = [3];\nlog(x, y)",
    "$V o = { $K: 1, $K: 2 }$S\nlog(Object.keys(o), o.a, o['a'], Object.getPrototypeOf(o) === null)",
    "$V a = 1, o = { a, b: a, 'c': a };\nlog(o)",
    "$V __proto__ = null, o = { __proto__ };\nlog(Object.keys(o))",
    "class A { 'constructor'() { log('made') } 'a'() { return 1 } static 'b' = 2 }\nnew A$S\nlog(new A().a(), A.b)",
    "class A { a = 1$S\nb = 2$S\n'c'() { return this.a } }\nlog(new A().c(), new A)",
    "class A { get$N x() { return 1 } }\nlog('get' in new A, new A().x)",
    "class A { static$N x() { return 1 } }\nlog('static' in new A, 'x' in new A)",
    "$V f = $A;\nlog(f.name, f.length, typeof f.call('t', 1))",
    "$V f;\n(f) = $A;\nlog(f.name)",
    "log([1, 2].map($A).length)",
    "$V f = () => { return { a: 1 } }$S\nlog(f(), (() => ({}))(), (() => {})())",
    "(function () { log('called', arguments.length) })()$S",
    "(function () { log('called', typeof this) }())$S",
    "function f() { return$N 1 }\nlog(f())",
    "function f() { return$N (1) }\nlog(f())",
    "function f() { return$N [1] }\nlog(f())",
    "function* f() { yield$N 1 }\nlog([...f()])",
    "$V x = 1, y = 2$S\nx$N++y$S\nlog(x, y)",
    "$V x = log$S\n(log)(1)",
    "$V x = [1]$S\n[0].forEach(each => log(each))",
    "$V x = log$S\n`a`$S\nlog(typeof x)",
    "$V x = 4, g = 2, i = 1$S\n/2/g$S\nlog(x)",
    "$V x = 1$S\n+1$S\nlog(x)",
    "$V x = (1, 2)$S\nlog(x, (1, 2))",
    "log((1 + 2) * 3, 1 + (2 * 3), -(2 ** 2), (-2) ** 2, (1, 2))",
    "log(null ?? (0 || 1), (null ?? 0) || 1, (null?.a).b)",
    "$V o = null;\nlog(o?.a.b, o?.['a'])",
    "$V o = { f() { return this === o } };\nlog((o.f)(), (0, o.f)(), o['f']())",
    "log(typeof $X $E typeof $X, $X $E $X)",
    "log(`a${1}b`, 'a' + 1 + 'b', 1 + 1 + 'b', `${1 + 1}b`, '\\'', \"'\", '\\u0041', 0x10, .5, 1e3)",
    "function tag(s, ...v) { return s.raw.join() + s.join() + v }\nlog(tag`a\\n${1}b`, tag`a`)",
    "function f() { $D; return this === undefined }\nlog(f())",
    "function f(a) { $D\na = 2; return arguments[0] }\nlog(f(1))",
    "if (0) if (1) log(1); else log(2)\nif (0) { if (1) log(3) } else log(4)",
    "if (0) { log(1) } else { if (1) { log(2) } }\nif (1) { function h() { return 1 } }\nlog(typeof h)",
    "a: { if (1) { break a } log(1) }\nfor (;;) { break }\nb: for ($V i of [1, 2]) { if (i) continue b; log(i) }",
    "$V i = 0;\nwhile (i < 2) i++\ndo i++; while (i < 5)\nlog(i)",
    "for ($V x = ('a' in { a: 1 }); x; x = false) log(x)",
    "$V d = new Date(0), e = new (class { })$S\nlog(typeof d, typeof e, new Array().length, new Array(1).length)",
    "$V m = require('m')$S\nfunction f() { return m.call() }\nmodule.exports = { f: f() }",
    "module.exports.g = g$S\n$V m = 1$S\nfunction g() { return m }\nlog(g())",
    "log([,].length, [1,].length, [1,,].length, Math.max(1, 2,))",
    "$V x = { valueOf() { return 1 }, toString() { return 's' } };\nlog(x + 'b', `${x}b`, x == 1, x == 's')",
)
_SLOT = re.compile(r"\$([A-Z])")


def program(rng: random.Random) -> str:
    """Some scenes in a row, each in a function of its own or on the top level of the file."""
    parts = [] if rng.random() < 0.7 else ["'use strict'"]
    for scene in rng.sample(SCENES, rng.randint(1, 4)):
        text = _SLOT.sub(lambda match: rng.choice(SLOTS[match[1]]), scene)
        parts.append(
            text
            if rng.random() < 0.2
            else f"try {{ (function () {{\n{text}\n}}).call(log) }} catch (e) {{ log(e.name) }}"
        )
    return "\n".join(parts) + "\n"

"""What verify proves, in both directions of every pair, and that it proves nothing about a changed program."""

from __future__ import annotations

import ast
import random
import time
from itertools import product

import pytest
from support.convention_checks import standard_library

from codetune_git.domain import Verification
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.text.assumptions import Proof

TYPING = "from typing import Any, Dict, List, Literal, Optional, Union\nimport typing as t\n"
LOGGING = "import logging\nlog = logging.getLogger()\n"
METHOD = "class A(B):\n    def f(self):\n        {}\n"
OWN_METHOD = "class A(dict):\n    def f(self):\n        {}\n"
NEW_TYPES = TYPING + "def known(a: int | str, b: list[int]): ...\n"

SAFE = [
    ("x = 'a'", 'x = "a"'),
    ("x = 0XFF", "x = 255"),
    ("x = u'a' 'b'", "x = 'ab'"),
    ("len(x) == None", "len(x) is None"),
    ("def f(x):\n    y = 1\n    return y != None", "def f(x):\n    y = 1\n    return y is not None"),
    ("not x in y", "x not in y"),
    ("not x is y", "x is not y"),
    ("def f(b): return a < b and b <= 3", "def f(b): return a < b <= 3"),
    ("def f(b): return z and a < b and b < c", "def f(b): return z and a < b < c"),
    ("x in [a, b]", "x in (a, b)"),
    ("for x in [a, b]: pass", "for x in (a, b): ..."),
    ("f(dict(), list(), tuple())", "f({}, [], ())"),
    ("dict(a=1, b=2)", "{'a': 1, 'b': 2}"),
    ("dict((k, 1) for k in x)", "{k: 1 for k in x}"),
    ("list([f(k) for k in x])", "[f(k) for k in x]"),
    ("[a for a in [b] for c in [a]]", "[a for a in (b,) for c in (a,)]"),
    ("set([a, b])", "{a, b}"),
    ("set([a, 1, 2])", "{a, 1, 2}"),
    ("set([1, 2])", "{1, 2}"),
    ("def f():\n    import os\n    import re", "def f():\n    import re\n    import os"),
    ("set(a for a in b)", "{a for a in b}"),
    ("list(a for a in b)", "[a for a in b]"),
    ("'a %s%%' % len(x)", "'a {}%'.format(len(x))"),
    ("'a %s %s' % (len(x), str(y))", "f'a {len(x)} {str(y)}'"),
    ("'a %r' % (x,)", "f'a {x!r}'"),
    ("'a %s' % (x,)", "f'a {x!s}'"),
    ("def f(x, y): return '{0} {1:>3}'.format(x, y)", "def f(x, y): return f'{x} {y:>3}'"),
    ("'%r%r' % (x, y)", "'{a!r}{b!r}'.format(a=x, b=y)"),
    (OWN_METHOD.format("super(A, self).f()"), OWN_METHOD.format("super().f()")),
    ("class A(object): pass", "class A: pass"),
    ("def f():\n    return None", "def f():\n    return"),
    ("raise ValueError()", "raise ValueError"),
    ("class E(Exception): pass\nraise E() from None", "class E(Exception): pass\nraise E from None"),
    ("while 1: pass", "while True: pass"),
    ("range(0, n)", "range(n)"),
    ("open(p, 'r', encoding='u8')", "open(p, encoding='u8')"),
    (
        "def f():\n    if a:\n        return 1\n    else:\n        b()\n",
        "def f():\n    if a:\n        return 1\n    b()\n",
    ),
    (
        "def f():\n    if a: return 1\n    elif b: return 2\n    else: c()\n    d()",
        "def f():\n    if a: return 1\n    if b: return 2\n    c()\n    d()",
    ),
    ('def f():\n    """A.\n\n    B."""', 'def f():\n    """\n    A.\n\n    B.\n    """'),
    ("import os, re\nfrom sys import argv", "from sys import argv\nimport re\nimport os"),
    (
        "x = dict()\nimport gevent, os\nimport re\ny = dict()",
        "x = {}\nimport gevent, re\nimport os\ny = {}",
    ),
    ("import a, b", "import a\nimport b"),
    ("from a import b, c", "from a import b\nfrom a import c"),
    (TYPING + "def f():\n    x: Optional[int] = 1", TYPING + "def f():\n    x: int | None = 1"),
]

RENAME = [
    ("def f(a):\n    fooBar = a\n    return fooBar", "def f(a):\n    foo_bar = a\n    return foo_bar"),
    ("def f(a):\n    b = 1\n    return [b for c in a]", "def f(a):\n    e = 1\n    return [e for d in a]"),
    ("def f(a):\n    b = 1\n    return lambda: b", "def f(a):\n    c = 1\n    return lambda: c"),
    ("def f():\n    try: a()\n    except E as e: b(e)", "def f():\n    try: a()\n    except E as err: b(err)"),
    (
        "def f():\n    a = 1\n    def g():\n        a = 2\n        return a\n    return g, a",
        "def f():\n    a = 1\n    def g():\n        b = 2\n        return b\n    return g, a",
    ),
    ("x = {a: b for a, b in c}", "x = {d: b for d, b in c}"),
    ("def f():\n    for a in g(): not a in c", "def f():\n    for b in g(): b not in c"),
    ("def f():\n    with g() as a: h(a.a, a=a)", "def f():\n    with g() as b: h(b.a, a=b)"),
]

UNSAFE = [
    ("set([16, 1, 2])", "{16, 1, 2}"),
    ("set(['a', 'b', -1])", "{'a', 'b', -1}"),
    ("x = 1", "x = True"),
    ("x = 1", "x = 1.0"),
    ("x = 'a'", "x = b'a'"),
    ("not x == y", "x != y"),
    ("x == True", "x is True"),
    ("a < f() and f() < c", "a < f() < c"),
    ("def f(dict):\n    return dict()", "def f(dict):\n    return {}"),
    ("dict(**a)", "{}"),
    ("'%d' % x", "f'{x}'"),
    ("'%s %s' % x", "f'{x} {x}'"),
    ("'{1}{0}'.format(x, y)", "'{}{}'.format(x, y)"),
    ("'{0}{0}'.format(x)", "f'{x}{x}'"),
    ("'{a}'.format(**b)", "f'{a}'"),
    ("parser.error('%s' % x)", "parser.error('%s', x)"),
    (LOGGING + "parser.error('%s' % x)", LOGGING + "parser.error('%s', x)"),
    ("class A(object, metaclass=M): pass", "class A(metaclass=M): pass"),
    ("log.info('%s' % x)", "log.info('%s', x)"),
    (METHOD.format("super(B, self).f()"), METHOD.format("super().f()")),
    (METHOD.format("self = 1; super(A, self).f()"), METHOD.format("self = 1; super().f()")),
    (METHOD.format("return [super(A, self).f() for a in b]"), METHOD.format("return [super().f() for a in b]")),
    ("@d\n" + METHOD.format("super(A, self).f()"), "@d\n" + METHOD.format("super().f()")),
    ("class C:\n class A(B):\n  def f(s): super(A, s).f()", "class C:\n class A(B):\n  def f(s): super().f()"),
    ("raise make()", "raise make"),
    ("def f():\n    if a: b()\n    else: c()", "def f():\n    if a: b()\n    c()"),
    ("import a as x\nimport b as x", "import b as x\nimport a as x"),
    ("from a import *\nfrom b import c", "from b import c\nfrom a import *"),
    ("def f():\n    'a'", "def f():\n    'b'"),
    ("x = '''\n a'''", "x = '''\n  a'''"),
    (TYPING + "x = Optional[int]", TYPING + "x = int | None"),
    (TYPING + "x: Optional['A']", TYPING + "x: 'A' | None"),
    (TYPING + "x: Literal['a']", TYPING + "x: Literal['b']"),
    ("x: List[int]", "x: list[int]"),
    ("def f(fooBar): return fooBar", "def f(foo_bar): return foo_bar"),
    ("def f(a):\n    b = 1\n    return b + c", "def f(a):\n    c = 1\n    return c + c"),
    ("def f(a):\n    b = 1\n    return b + a", "def f(a):\n    a = 1\n    return a + a"),
    ("def f():\n    a = 1\n    b = 2\n    return a - b", "def f():\n    a = 1\n    b = 2\n    return b - a"),
    ("def f():\n    a = 1\n    def g(): return a", "def f():\n    b = 1\n    def g(): return b"),
    (
        "def f():\n    a = b = 1\n    def g():\n        nonlocal a\n        a = 2\n    return g, a",
        "def f():\n    a = b = 1\n    def g():\n        nonlocal b\n        b = 2\n    return g, a",
    ),
    ("def f():\n    a = 1\n    return locals()", "def f():\n    b = 1\n    return locals()"),
    ("def f():\n    global a\n    a = 1", "def f():\n    global b\n    b = 1"),
    ("def f():\n    import a\n    a.x", "def f():\n    import b\n    b.x"),
    ("def f(a):\n    b = 1\n    return [b for c in a]", "def f(a):\n    b = 1\n    return [b for b in a]"),
    ("def f():\n    a = 1\n    b = lambda: 1\n    b()", "def f():\n    a = 1\n    b = lambda: 1\n    a()"),
    ("def f():\n    a = 1\n    print(f'{a=}')", "def f():\n    b = 1\n    print(f'{b=}')"),
    ("a = 1", "b = 1"),
]

CASES = [
    *product(SAFE, [Verification.SAFE]),
    *product(RENAME, [Verification.RENAME]),
    *product(UNSAFE, [Verification.UNSAFE]),
]


def proven(before: str, after: str) -> Proof | None:
    return verify(before.encode(), after.encode())


@pytest.mark.parametrize(("pair", "expected"), CASES)
def test_proves_the_same_in_both_directions(pair: tuple[str, str], expected: Verification) -> None:
    for before, after in (pair, pair[::-1]):
        assert proven(before, after) == Proof(expected)


@pytest.mark.parametrize("code", [b"print 1\n", b"x = \n", b"x = '\xff'\n", b"\0"])
def test_says_nothing_about_what_does_not_parse(code: bytes) -> None:
    assert verify(code, b"x = 1\n") is None
    assert verify(b"x = 1\n", code) is None


@pytest.mark.parametrize("code", ["return 1", "def f(a, a): pass", "x = dict(__debug__=1)", "def f():\n    nonlocal x"])
def test_says_nothing_about_what_the_compiler_refuses(code: str) -> None:
    assert proven("x = 1", code) is None


def test_finds_a_difference_deep_inside_a_large_expression() -> None:
    before = b"x = " + b" + ".join([b"a"] * 3000)
    assert verify(before, before + b" + 1") in (None, Proof(Verification.UNSAFE))


def test_line_endings_and_byte_order_mark_mean_nothing() -> None:
    assert verify(b"\xef\xbb\xbfx = '''\r\n'''\r\n", b'x = """\n"""\n') == Proof(Verification.SAFE)


class _Mutation(ast.NodeTransformer):
    """Changes the n-th node that can be changed in a way that always changes what the program does."""

    def __init__(self, position: int) -> None:
        self.left = position
        self.made = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.Name | ast.Attribute | ast.BinOp | ast.Compare | ast.keyword | ast.arg):
            self.left -= 1
            if self.left == -1:
                self.made = True
                return self._mutate(node)
        return node

    def _mutate(self, node: ast.AST) -> ast.AST:
        match node:
            case ast.Name():
                node.id += "_other"
            case ast.Attribute():
                node.attr += "_other"
            case ast.keyword() | ast.arg():
                node.arg = (node.arg or "kwargs") + "_other"
            case ast.BinOp():
                node.op = ast.FloorDiv() if isinstance(node.op, ast.Sub) else ast.Sub()
            case ast.Compare():
                node.ops = [ast.GtE() if isinstance(node.ops[0], ast.Lt) else ast.Lt(), *node.ops[1:]]
        return node


def test_a_changed_program_is_never_proven_equal() -> None:
    rng = random.Random(5)
    checked = 0
    for path in standard_library(rng, 12):
        code = path.read_bytes()
        for _ in range(6):
            tree = ast.parse(code)
            mutation = _Mutation(rng.randrange(sum(1 for _ in ast.walk(tree)) // 3))
            changed = ast.unparse(mutation.visit(tree)).encode()
            if mutation.made:
                checked += 1
                assert verify(code, changed) == Proof(Verification.UNSAFE), f"{path}: {changed.decode()}"
    assert checked > 40


def test_unparsed_code_is_equal() -> None:
    for path in standard_library(random.Random(6), 12):
        code = path.read_bytes()
        assert verify(code, ast.unparse(ast.parse(code)).encode()) == Proof(Verification.SAFE), path


def test_is_quick_on_a_large_file() -> None:
    body = "".join(f"    def method_{i}(self, a, b):\n        return a.f(b[{i}], c='x') + {i}\n\n" for i in range(700))
    before = f"class A:\n{body}".encode()
    after = before.replace(b"'x') + 350", b'"x") + 350')
    assert len(before) > 50_000
    assert before != after
    started = time.process_time()
    for text in (before, after):
        compile(ast.parse(text), "<file>", "exec")
    compiled = time.process_time()
    assert verify(before, after) == Proof(Verification.SAFE)
    assert time.process_time() - compiled < 15 * (compiled - started)  # about 2 times

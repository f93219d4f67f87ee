"""Every synonym that rests on an assumption: where the file proves it, where it supports it, where it contradicts it.

The table below is the one that README.md shows; a synonym or an assumption that stands in neither fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from codetune_git.domain import Verification
from codetune_git.languages.python.proof import synonyms
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.text.assumptions import Assumption, Proof

README = Path(__file__).parents[4] / "README.md"
LOGGING = "import logging\nlog = logging.getLogger()\n"
TYPING = "from typing import List, Optional\n"
BARS = TYPING + "def known(a: int | str, b: list[int]): ...\n"
METHOD = "class A({}):\n    def f(self):\n        {}\n"


@dataclass(frozen=True, slots=True)
class Row:
    """Pairs that say the same: `proven` needs no assumption, `supported` needs this one alone, `refused` is silent.

    A pair of None: there is no such place in any file.
    """

    assumption: Assumption
    rules: tuple[str, ...]
    proven: tuple[tuple[str, str], ...]
    supported: tuple[tuple[str, str], ...]
    refused: tuple[tuple[str, str], ...]


def _in(head: str, *pair: str) -> tuple[str, str]:
    before, after = pair
    return head.replace("@", before), head.replace("@", after)


PERCENT = ("'a %s' % x", "'a {!s}'.format(x)")
NONE = ("x == None", "x is None")
SUPER = ("super(A, self).f()", "super().f()")
RAISE = ("raise StockError()", "raise StockError")
LIST = ("list({})", "[{}]")
SQUARE = ("square = lambda x: x", "def square(x): return x")
LOG = ("log.info('%r', a)", "log.info('%r' % (a,))")
OPTIONAL = ("x: Optional[{}]", "x: {} | None")

TABLE = (
    Row(
        Assumption.NO_TUPLE,
        ("modulo",),
        (
            _in("x = 'b'\ndef f():\n    x = len(y)\n    return @", *PERCENT),
            _in("def f():\n    try: f()\n    except E as e: g(@)", "'%r' % e", "f'{e!r}'"),
            _in("@", "'%r' % str(x)", "f'{str(x)!r}'"),
            _in("def f(): return [@ for i, x in enumerate(y)]", "'%r' % i", "f'{i!r}'"),
        ),
        (
            _in("def f(x: str): return @", *PERCENT),
            _in("def f(x=1): return @", *PERCENT),
            _in("def f(x):\n    x.strip()\n    return @", *PERCENT),
            _in("x = 'b'\ndef f(): return @", *PERCENT),
            _in("class A:\n  def __init__(self): self.x = 'b'\n  def f(self): g(@)", "'%r' % self.x", "f'{self.x!r}'"),
        ),
        (
            _in("def f(x): return @", *PERCENT),
            _in("def f(*x): return @", *PERCENT),
            _in("def f(x: tuple): return @", *PERCENT),
            _in("def f(x: object): return @", *PERCENT),
            _in("@", "'%r' % error.args", "f'{error.args!r}'"),
            _in("def f(x='a'):\n    x = g()\n    return @", *PERCENT),
            _in("def f():\n    x = 'a'\n    def g():\n        nonlocal x\n        x = 1, 2\n    return @", *PERCENT),
            _in("def f():\n    x = 'a'\n    exec(y)\n    return @", *PERCENT),
            _in("from a import *\ndef f(): return @", "'%r' % len(x)", "f'{len(x)!r}'"),
            _in("def f(x):\n    if isinstance(x, (tuple, str)): x.strip()\n    return @", *PERCENT),
        ),
    ),
    Row(
        Assumption.FORMAT,
        ("field", "format_call", "f_string"),
        (_in("@", "'%s' % len(x)", "f'{len(x)}'"), _in("@", "f'{str(x)!s}'", "f'{str(x)}'")),
        (_in("@", "'%s' % (x,)", "f'{x}'"), _in("try: f()\nexcept E as e: g(@)", "'%s' % e", "f'{e}'")),
        (
            _in("import enum\ng(@)", "'%s' % (x,)", "f'{x}'"),
            _in("class A:\n    def __format__(self, spec): ...\ng(@)", "'%s' % (x,)", "f'{x}'"),
        ),
    ),
    Row(
        Assumption.ORDER,
        ("_compare", "_constructor"),
        (
            _in("def f(a, b): return @", "'%r %r' % (a, b)", "f'{a!r} {b!r}'"),
            _in("g(@)", "'%r %r' % (1, f())", "f'{1!r} {f()!r}'"),
            _in("def f(b): return @", "a < b < c", "a < b and b < c"),
            _in("def f(b): return d or @", "a < b < c", "a < b and b < c"),
            _in("def f(b):\n    if @ and d: g()", "a < b < c", "a < b and b < c"),
            _in("def f():\n    b = 2\n    return @ and d", "1 < b < 3", "1 < b and b < 3"),
        ),
        (
            _in("g(@)", "'%r %r' % (a, b.c)", "f'{a!r} {b.c!r}'"),
            _in("g(@)", "a < b < c", "a < b and b < c"),
            _in("def f(b): return @ and d", "a < b < c", "a < b and b < c"),
            _in("def f(b):\n    if -(@ and d): g()", "a < b < c", "a < b and b < c"),
            _in("def f(b): return d and (@) or e", "a < b < c", "a < b and b < c"),
            _in("g(@)", "set([a for a in b])", "{a for a in b}"),
            _in("g(@)", "dict([(a, c) for a, c in b])", "{a: c for a, c in b}"),
        ),
        (
            _in("g(@)", "'%r %r' % (a, a.pop())", "f'{a!r} {a.pop()!r}'"),
            _in("async def f(): g(@)", "'%r %r' % (a, await b)", "f'{a!r} {await b!r}'"),
            _in("g(@)", "a < f() < c", "a < f() and f() < c"),
            _in("g(@)", "x in [a] == y", "x in (a,) == y"),
        ),
    ),
    Row(
        Assumption.LOGGER,
        ("logged",),
        (),
        (),
        (
            _in("import logging\nfrom fancy import log\n@", *LOG),
            _in("import logging\ndef f(log): @", *LOG),
            _in(LOGGING + "log = other()\n@", *LOG),
            _in("import logging\n@", "parser.error('%r', a)", "parser.error('%r' % (a,))"),
        ),
    ),
    Row(
        Assumption.LATER,
        ("logged",),
        (),
        (
            _in(LOGGING + "@", *LOG),
            _in("import logging as log\n@", *LOG),
            _in("from logging import getLogger\nlog = getLogger(__name__)\n@", *LOG),
        ),
        (),
    ),
    Row(
        Assumption.NONE,
        ("_compare", "_not"),
        (_in("def f():\n    x = 'a'\n    return @", *NONE), _in("g(@)", "len(x) != None", "len(x) is not None")),
        (
            _in("if @: f()", *NONE),
            _in("def f(x: str): return @", *NONE),
            _in("[a for x in y if a and @]", *NONE),
            _in("f(@)", "not x == None", "x is not None"),
            _in("class A: pass\ndef f(x: A): g(@)", *NONE),
        ),
        (
            _in("y = @", *NONE),
            _in("f(a=(@))", *NONE),
            _in("y.append(@)", *NONE),
            _in("y[@]", *NONE),
            _in("(@).any()", *NONE),
            _in("import numpy\nif @: f()", *NONE),
            _in("class A:\n    def __eq__(self, other): ...\nif @: f()", *NONE),
            _in("class A:\n    def __eq__(self, other): ...\ndef f(x: A):\n    if @: f()", *NONE),
        ),
    ),
    Row(
        Assumption.EXCEPTION,
        ("_raise",),
        (
            _in("@", "raise KeyError()", "raise KeyError"),
            _in("class StockError(Exception): pass\n@", *RAISE),
            _in("class Base(ValueError): pass\nclass StockError(Base): pass\n@", *RAISE),
        ),
        (
            _in("from shop import StockError\n@", *RAISE),
            _in("import shop\n@", "raise shop.StockError()", "raise shop.StockError"),
            _in("from shop import Base\nclass StockError(Base): pass\n@", *RAISE),
        ),
        (
            _in("def StockError(): ...\n@", *RAISE),
            _in("def f(StockError): @", *RAISE),
            _in("StockError = make()\n@", *RAISE),
            _in("class StockError(Exception): pass\nStockError = f(StockError)\n@", *RAISE),
            _in("class StockError(Exception, metaclass=M): pass\n@", *RAISE),
            _in("class StockError(Exception):\n    def __new__(cls): ...\n@", *RAISE),
            _in("def f(client): @", "raise client.NotFoundError()", "raise client.NotFoundError"),
            _in("class E(Exception): pass\n@", "raise E() from f()", "raise E from f()"),
        ),
    ),
    Row(
        Assumption.OWNER,
        ("_super",),
        (_in(METHOD.format("dict", "@"), *SUPER), _in("class B: pass\n" + METHOD.format("B", "@"), *SUPER)),
        (_in(METHOD.format("Unknown", "@"), *SUPER),),
        (
            _in(METHOD.format("B", "@") + "A = f(A)\n", *SUPER),
            _in(METHOD.format("B, metaclass=M", "@"), *SUPER),
            _in("class B:\n    def __init_subclass__(cls): cls().f()\n" + METHOD.format("B", "@"), *SUPER),
            _in("class __A(B):\n    def f(self):\n        @", "super(__A, self).f()", "super().f()"),
            _in(METHOD.format("B", "return [@ for b in c]"), *SUPER),
            _in("def f():\n    global A\n    A = 1\n" + METHOD.format("B", "@"), *SUPER),
        ),
    ),
    Row(
        Assumption.STOP_ITERATION,
        ("_constructor",),
        (_in("g(@)", "list(a for a in b)", "[a for a in b]"), _in("g(@)", "set(a for a in b)", "{a for a in b}")),
        (
            _in("g(@)", "list(f(a) for a in b)", "[f(a) for a in b]"),
            _in("g(@)", "list(a for a in b if a.c)", "[a for a in b if a.c]"),
            _in("g(@)", "dict((a, c) for a, c in b)", "{a: c for a, c in b}"),
        ),
        (
            _in("g(@)", "list(next(a) for a in b)", "[next(a) for a in b]"),
            _in("try: g(@)\nexcept StopIteration: h()", "list(f(a) for a in b)", "[f(a) for a in b]"),
            _in("async def f(): g(@)", "list(await c(a) for a in b)", "[await c(a) for a in b]"),
            _in("async def f(): g(@)", "set(a async for a in b)", "{a async for a in b}"),
            _in("g(@)", "list(locals() for a in b)", "[locals() for a in b]"),
            _in("from a import *\ng(@)", "list(a for a in b)", "[a for a in b]"),
        ),
    ),
    Row(
        Assumption.IMPORTS,
        (),
        (
            ("import os\nimport re", "import re\nimport os"),
            ("from os import a, b", "from os import b, a"),
            _in("@\nimport a\n@", "import os\nimport re", "import re\nimport os"),
        ),
        (("import a\nimport b", "import b\nimport a"), ("from . import a, b", "from . import b, a")),
        (
            ("import os\nimport this", "import this\nimport os"),
            ("import os\nimport this\nimport re", "import re\nimport this\nimport os"),
            ("import gevent.monkey\nimport a", "import a\nimport gevent.monkey"),
            ("try:\n    import os\n    import re\nexcept E: f()", "try:\n    import re\n    import os\nexcept E: f()"),
            ("import a as x\nimport b as x", "import b as x\nimport a as x"),
            ("with f():\n    import os\n    import re", "with f():\n    import re\n    import os"),
            (
                "def f():\n    global os\n    import os\n    import re",
                "def f():\n    global os\n    import re\n    import os",
            ),
        ),
    ),
    Row(
        Assumption.ANNOTATIONS,
        (),
        (_in(TYPING + "def f():\n    @ = 1", "x: Optional[int]", "x: int | None"),),
        (
            _in(BARS + "@", "x: Optional[int]", "x: int | None"),
            _in(BARS + "@", "x: List[int]", "x: list[int]"),
            _in("from __future__ import annotations\n" + TYPING + "@", "x: Optional[a.b]", "x: a.b | None"),
            _in("class A: pass\n" + BARS + "@", "x: Optional[A]", "x: A | None"),
        ),
        (
            _in("from typing import get_type_hints\n" + BARS + "@", "x: Optional[int]", "x: int | None"),
            _in("import pydantic\n" + BARS + "@", "x: List[int]", "x: list[int]"),
            _in(BARS + "@", "x: Optional['A']", "x: 'A' | None"),
            _in(BARS + "@", "x: Optional[callable]", "x: callable | None"),
            _in("import threading\n" + BARS + "@", "x: Optional[threading.Lock]", "x: threading.Lock | None"),
        ),
    ),
    Row(
        Assumption.BAR,
        (),
        (),
        (),
        (_in(BARS + "from a import B\n@", "x: Optional[B]", "x: B | None"),),
    ),
    Row(
        Assumption.DOCSTRINGS,
        (),
        (),
        (_in("def f():\n    @", "'say why'", "'Say why.'"),),
        (_in("def f():\n    @\nf.__doc__", "'say why'", "'Say why.'"),),
    ),
    Row(
        Assumption.FUNCTION_NAME,
        ("_assignment",),
        (),
        (_in("@\nsquare(2)", *SQUARE),),
        (
            _in("@", *SQUARE),
            _in("@\nmap(square, x)\nsquare(2)", *SQUARE),
            _in("@\nsquare(2)\nf.__name__", *SQUARE),
            _in("import pickle\n@\nsquare(2)", *SQUARE),
        ),
    ),
)
# What the language defines as equal: these rules ask for nothing, whatever the file says.
SAFE_RULES = ("_bool", "_call", "_class", "_default_argument", "_expression", "_loop", "_return", "_while")

PROVEN = [pair for row in TABLE for pair in row.proven]
SUPPORTED = [(row.assumption, pair) for row in TABLE for pair in row.supported]
REFUSED = [pair for row in TABLE for pair in row.refused]


def proof(before: str, after: str) -> Proof:
    found = verify(before.encode(), after.encode())
    assert found is not None, (before, after)
    return found


@pytest.mark.parametrize("pair", PROVEN)
def test_what_the_file_proves_needs_no_assumption(pair: tuple[str, str]) -> None:
    assert proof(*pair) == proof(*reversed(pair)) == Proof(Verification.SAFE)


@pytest.mark.parametrize(("assumption", "pair"), SUPPORTED)
def test_what_the_file_supports_names_its_assumption(assumption: Assumption, pair: tuple[str, str]) -> None:
    for before, after in (pair, pair[::-1]):
        found = proof(before, after)
        assert found.verification is Verification.ASSUMING
        assert assumption in found.assumptions


@pytest.mark.parametrize("pair", REFUSED)
def test_what_the_file_contradicts_or_says_nothing_about_is_not_proven(pair: tuple[str, str]) -> None:
    assert proof(*pair) == proof(*reversed(pair)) == Proof(Verification.UNSAFE)


def test_a_logger_that_is_a_parameter_is_assumed_to_be_what_it_is_annotated_as() -> None:
    head = "import logging\ndef f(log: logging.Logger): @"
    found = proof(*_in(head, *LOG))
    assert found.assumptions == (Assumption.LOGGER, Assumption.LATER)


def test_a_class_that_a_file_catches_is_assumed_to_be_joined() -> None:
    head = "from a import B\ntry: f()\nexcept B: g()\n" + BARS + "@"
    found = proof(*_in(head, "x: Optional[B]", "x: B | None"))
    assert found.assumptions == (Assumption.ANNOTATIONS, Assumption.BAR)


def test_new_syntax_is_written_only_where_the_file_has_it_in_code() -> None:
    for head in (TYPING, TYPING + "'a: int | str'\n", TYPING + "FLAGS = {1: a | b}\n"):
        assert proof(*_in(head + "@", "x: Optional[int]", "x: int | None")) == Proof(Verification.UNSAFE)


def test_several_assumptions_are_joined_in_words() -> None:
    found = proof(*_in("def f(x: str): g(@)", "'%s' % x", "f'{x}'"))
    assert found.verification is Verification.ASSUMING
    assert found.assumption == f"{Assumption.NO_TUPLE}, {Assumption.FORMAT}"


def test_a_renaming_with_an_assumption_is_the_weaker_of_the_two() -> None:
    before = "def f():\n    a = g()\n    if a == None: h(a)"
    found = proof(before, "def f():\n    b = g()\n    if b is None: h(b)")
    assert found == Proof(Verification.ASSUMING, (Assumption.NONE,))


def test_docstrings_are_free_only_where_nobody_reads_them() -> None:
    pair = _in("!def f(x):\n    @\n    return x", "'''A.\n\n    B.'''", "'''\n    A.\n\n    B.\n    '''")
    for head, expected in (
        ("", Verification.SAFE),
        ("@staticmethod\n", Verification.SAFE),
        ("@app.command()\n", Verification.UNSAFE),
        ("print(f.__doc__)\n", Verification.UNSAFE),
    ):
        before, after = (code.replace("!", head) for code in pair)
        assert proof(before, after) == Proof(expected), head
    tested = [code.replace("!", "").replace("B.", ">>> f(1)") for code in pair]
    assert proof(*tested) == Proof(Verification.UNSAFE)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("'''A. '''", "'''A.'''", Proof(Verification.SAFE)),
        ("'''A \n\n  \nb'''", "'''A\n\n\nb'''", Proof(Verification.SAFE)),
        ("'''A  \nb'''", "'''A\nb'''", Proof(Verification.ASSUMING, (Assumption.DOCSTRINGS,))),
        ("'''a b'''", "'''A b.'''", Proof(Verification.ASSUMING, (Assumption.DOCSTRINGS,))),
        ("'''A.\nB'''", "'''A.\n\nB'''", Proof(Verification.ASSUMING, (Assumption.DOCSTRINGS,))),
        ("'''A\n:return: b'''", "'''A\n:returns: b'''", Proof(Verification.ASSUMING, (Assumption.DOCSTRINGS,))),
        ("'''A\nArgs:\n b'''", "'''A\nArguments:\n b'''", Proof(Verification.ASSUMING, (Assumption.DOCSTRINGS,))),
        ("'''A\n:return: b'''", "'''A\n:raises: b'''", Proof(Verification.UNSAFE)),
        ("'''A b'''", "'''A c'''", Proof(Verification.UNSAFE)),
        ("'''A b'''\nprint(__doc__)", "'''A b.'''\nprint(__doc__)", Proof(Verification.UNSAFE)),
        ("'''A >>> b'''", "'''A >>> b.'''", Proof(Verification.UNSAFE)),
        ("x = '''A b'''", "x = '''A b.'''", Proof(Verification.UNSAFE)),
    ],
)
def test_what_a_docstring_says_is_free_where_only_people_read_it(before: str, after: str, expected: Proof) -> None:
    assert proof(before, after) == expected


@pytest.mark.parametrize(
    "use",
    [
        "return table.query('size > @foo_bar')",
        "return '{foo_bar}'.format_map(x)",
        "return x, inspect.currentframe()",
        "return x, sys._getframe(1).f_locals",
        "return eval(x)",
    ],
)
def test_a_local_that_a_string_may_name_is_not_renamed(use: str) -> None:
    before = f"def f(x):\n    foo_bar = x\n    g(foo_bar)\n    {use}"
    assert proof(before, before.replace("foo_bar = x\n    g(foo_bar)", "fooBar = x\n    g(fooBar)")) == Proof(
        Verification.UNSAFE
    )


def test_every_rule_is_in_the_table() -> None:
    rules = {rule.__name__ for rule in synonyms.RULES.values()} - {"_call"}
    called = {"_constructor", "_super", "format_call", "logged", "_default_argument"}
    assert {rule.__name__ for rule in synonyms.CALL_RULES} == called
    listed = {name for row in TABLE for name in row.rules} | set(SAFE_RULES)
    assert rules | called == listed - {"_call"}


def test_every_assumption_is_in_the_table_and_in_the_manual() -> None:
    of_javascript = (Assumption.NOT_MADE, Assumption.ONE_TYPE)
    assert [*(row.assumption for row in TABLE), *of_javascript] == list(Assumption)
    manual = README.read_text(encoding="utf-8")
    assert [one for one in Assumption if one.value not in manual] == []
    assert all(len(one.value.split()) <= 6 for one in Assumption)

"""Idioms at small examples: what is found, how it is written otherwise, and where there is no choice."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.idioms import (
    annotations,
    branches,
    classes,
    comparisons,
    default_arguments,
    formatting,
    lambdas,
    literals,
    naming,
    numbers,
    parentheses,
    quotes,
    statements,
)

ROOMS = (
    *(annotations, branches, classes, comparisons, default_arguments, formatting, lambdas),
    *(literals, naming, numbers, parentheses, quotes, statements),
)
CONVENTIONS = {convention.name: convention for room in ROOMS for convention in room.CONVENTIONS}

TYPING = "from __future__ import annotations\nfrom typing import Dict, List, Optional, Union\n"
MODULE = "from __future__ import annotations\nimport typing as t\n"
LOGGING = "import logging\nlog = logging.getLogger()\n"
METHOD = "class A(B):\n    def f(self, x):\n        {}\n"
FUNCTION = "def f(a):\n    if a:\n        return 1\n"

TABLES: dict[str, list[Row]] = {
    "quotes": [
        ("x = 'a b'\n", "single", "double", 'x = "a b"\n'),
        ('f("")\n', "double", "single", "f('')\n"),
        ("f(rb'\\n')\n", "single", "double", 'f(rb"\\n")\n'),
        ("f(f'{a} b')\n", "single", "double", 'f(f"{a} b")\n'),
        ("f(f'{a[\"b\"]}')\n", None, None, None),
        ("f('a\"')\n", None, None, None),
        ('f("a\'")\n', None, None, None),
        ("f('a\\'')\n", None, None, None),
        ("'a docstring'\n", None, None, None),
        ("def f():\n    'a docstring'\n", None, None, None),
        ("x = '''a'''\n", None, None, None),
    ],
    "triple_quotes": [
        ("x = '''a\n'b' \"c\" '''\n", "single", "double", 'x = """a\n\'b\' "c" """\n'),
        ('x = """a\n\'b\'"""\n', None, None, None),
        ('"""A docstring."""\n', None, None, None),
    ],
    "unicode_prefix": [
        ("x = u'a'\n", "u", "bare", "x = 'a'\n"),
        ('x = """a"""\n', "bare", "u", 'x = u"""a"""\n'),
        ("x = b'a' if y else r'b'\n", None, None, None),
        ("x = u'ä'.encode('utf-8')\n", "bare", "u", "x = u'ä'.encode(u'utf-8')\n"),
        ("x = u'\\\\u2728'\n", None, None, None),
    ],
    "none_comparison": [
        ("if a.b is None: pass\n", "is", "eq", "if a.b == None: pass\n"),
        ("x = y != None\n", "eq", "is", "x = y is not None\n"),
        ("q.filter(A.b == None)\n", None, None, None),
        ("d[d.x == None]\n", None, None, None),
        ("x = (a == None) & b\n", None, None, None),
        ("x = a == 0\n", None, None, None),
    ],
    "membership_negation": [
        ("if a not in b: pass\n", "x_not_in", "not_x_in", "if not a in b: pass\n"),
        ("if a and not b.c is d: pass\n", "not_x_in", "x_not_in", "if a and b.c is not d: pass\n"),
        ("x = not (a in b)\n", "not_(x_in)", "x_not_in", "x = a not in b\n"),
        ("x = not not a in b\n", None, None, None),
        ("x = not a == b\n", None, None, None),
        ("x = not (a in b and c)\n", None, None, None),
    ],
    "chained_comparison": [
        ("x = 0 <= a < len(b)\n", "chained", "joined", "x = 0 <= a and a < len(b)\n"),
        ("x = b or c > a and a > 0\n", "joined", "chained", "x = b or c > a > 0\n"),
        ("x = a < f() and f() < b\n", None, None, None),
        ("x = a < b and b > c\n", None, None, None),
        ("x = a and b < c < d\n", None, None, None),
        ("x = not a < b < c\n", None, None, None),
        ("x = a == b == c\n", None, None, None),
    ],
    "searched_literal": [
        ("x = a in ('b', 'c')\n", "tuple", "list", "x = a in ['b', 'c']\n"),
        ("for a in [\n    b,\n    c,\n]: pass\n", "list", "tuple", "for a in (\n    b,\n    c,\n): pass\n"),
        ("x = a in (b,)\n", None, None, None),
        ("x = [b, c] in a\n", None, None, None),
        ("for a, b in c: pass\n", None, None, None),
    ],
    "condition_parens": [
        ("if (a or b): pass\n", "parens", "bare", "if a or b: pass\n"),
        ("f( a, b )\nwhile a: pass\n", "bare", "parens", "f( a, b )\nwhile ( a ): pass\n"),
        ("assert a, b\n", "bare", "parens", "assert (a), b\n"),
        ("if (a or\n        b): pass\n", None, None, None),
        ("if(a): pass\n", None, None, None),
        ("if (a := b): pass\n", None, None, None),
        ("if (a, b): pass\n", None, None, None),
    ],
    "return_parens": [
        ("def f(): return (a)\n", "parens", "bare", "def f(): return a\n"),
        ("def f(): return a.b\n", "bare", "parens", "def f(): return (a.b)\n"),
        ("def f(): return (yield a)\n", None, None, None),
        ("def f(): return (a, b)\n", None, None, None),
    ],
    "assignment_parens": [
        ("x = (a or b)\n", "parens", "bare", "x = a or b\n"),
        ("x = a\n", None, None, None),
    ],
    "tuple_parens": [
        ("def f(): return (a, b)\n", "parens", "bare", "def f(): return a, b\n"),
        ("for a, b in c: pass\n", "bare", "parens", "for (a, b) in c: pass\n"),
        ("x = [a for (a, b) in c]\n", "parens", "bare", "x = [a for a, b in c]\n"),
        ("a, b = c\n", "bare", "parens", "(a, b) = c\n"),
        ("x = (a, b)\n", "parens", "bare", "x = a, b\n"),
        ("x: int = (a, b)\n", None, None, None),
        ("f((a, b))\n", None, None, None),
        ("x = (a,)\n", None, None, None),
        ("def f(): return (a, *b)\n", None, None, None),
    ],
    "empty_literal": [
        ("x = {}\n", "literal", "call", "x = dict()\n"),
        ("f(a=list())\n", "call", "literal", "f(a=[])\n"),
        ("def f(a=()): pass\n", "literal", "call", "def f(a=tuple()): pass\n"),
        ("def f(dict):\n    return {}\n", None, None, None),
        ("x: Callable[[], int]\n", None, None, None),
        ("x = dict(a)\n", None, None, None),
    ],
    "dict_constructor": [
        ("x = {'a': 1, 'b': c}\ny = 'z'\n", "literal", "call", "x = dict(a=1, b=c)\ny = 'z'\n"),
        ('f( a, "b" )\nx = dict( a=b )\n', "call", "literal", 'f( a, "b" )\nx = {"a": b}\n'),
        ('x = {"class": 1}\n', None, None, None),
        ('x = {"a-b": 1}\n', None, None, None),
        ("x = {'a': 1, **b}\n", None, None, None),
        ("x = dict(a, b=c)\n", None, None, None),
        ('x = {\n    "a": 1}\n', None, None, None),
    ],
    "comprehension_constructor": [
        ("x = {a: b for a in c}\n", "display", "call", "x = dict((a, b) for a in c)\n"),
        ("x = dict([(a, b) for a in c])\n", "call_list", "display", "x = {a: b for a in c}\n"),
        ("x = set([a, b])\n", "call_list", "display", "x = {a, b}\n"),
        ("x = {a for a in b}\n", "display", "call_list", "x = set([a for a in b])\n"),
        ("x = [a for a in b if c]\n", "display", "call", "x = list(a for a in b if c)\n"),
        ("x = {a, b}\n", "display", "call", None),
        ("x = set(a)\n", None, None, None),
        ("x = tuple(a for a in b)\n", None, None, None),
    ],
    "number_case": [
        ("x = 0xfF\n", None, None, None),
        ("x = 0xff\n", "lower", "upper", "x = 0xFF\n"),
        ("x = 1E-5\n", "upper", "lower", "x = 1e-5\n"),
        ("x = 0x12 + 1.5\n", None, None, None),
    ],
    "float_zero": [
        ("x = 1.0\n", "written", "left_out", "x = 1.\n"),
        ("x = .5\n", "left_out", "written", "x = 0.5\n"),
        ("x = 1.5 + 10\n", None, None, None),
        ("x = 1.if a else b\n", None, None, None),
    ],
    "optional_annotation": [
        (TYPING + "def f(a: Optional[int]): pass\n", "typing", "pipe", TYPING + "def f(a: int | None): pass\n"),
        (MODULE + "x: List[a.B | None]\n", "pipe", "typing", MODULE + "x: List[t.Optional[a.B]]\n"),
        ("from typing import Optional\ndef f(a: Optional[int]): pass\n", "typing", "pipe", None),
        ("def f(a: int | None): pass\n", "pipe", "typing", None),
        (TYPING + "x = Optional[int]\n", None, None, None),
        (TYPING + "x: Union[int, str]\n", None, None, None),
        (TYPING + "x: Literal[a | None]\n", "pipe", None, None),
    ],
    "union_annotation": [
        (TYPING + "def f() -> Union[A, B]: pass\n", "typing", "pipe", TYPING + "def f() -> A | B: pass\n"),
        (TYPING + "x: A | B | None\n", "pipe", "typing", TYPING + "x: Optional[Union[A, B]]\n"),
        (TYPING + "x: Union[A, None, B]\n", None, None, None),
        (TYPING + "x: Optional[A | B]\n", None, None, None),
        (TYPING + "x = a | b\n", None, None, None),
    ],
    "generic_annotation": [
        (TYPING + "x: List[int] = []\n", "typing", "builtin", TYPING + "x: list[int] = []\n"),
        (TYPING + "x: dict[str, int]\n", "builtin", "typing", TYPING + "x: Dict[str, int]\n"),
        (MODULE + "def f() -> tuple[int]: pass\n", "builtin", "typing", MODULE + "def f() -> t.Tuple[int]: pass\n"),
        ("from typing import List\nx: List[int]\n", "typing", "builtin", None),
        (TYPING + "x: List\n", None, None, None),
        (TYPING + "x = list[int]\n", None, None, None),
    ],
    "string_formatting": [
        ("x = 'a %s: %r%%' % (b, c.d)\n", "percent", "fstring", "x = f'a {b}: {c.d!r}%'\n"),
        ("x = 'a %s' % b\n", "percent", "format", "x = 'a {}'.format(b)\n"),
        ('f(f"{a} {{{b}}}")\n', "fstring", "percent", 'f("%s {%s}" % (a, b))\n'),
        ('f( a, b )\nx = f"{a}{b}"\n', "fstring", "percent", 'f( a, b )\nx = "%s%s" % ( a, b )\n'),
        ("x = '{:>3}'.format(a + 1)\n", "format", "percent", None),
        ("x = f'{a:>3}'\n", "fstring", "format", "x = '{:>3}'.format(a)\n"),
        ("x = f'{a}'.strip()\n", "fstring", "percent", None),
        ("x = '%s' % a['b']\n", "percent", "fstring", None),
        ("x = '%d %s' % (a, b)\n", None, None, None),
        ("x = '%s %s' % a\n", None, None, None),
        ("x = '%(a)s' % b\n", None, None, None),
        ("x = '{a.b} {0[1]}'.format(c, a=d)\n", None, None, None),
        ("x = '{}'.format(*a)\n", None, None, None),
        ("x = f'a'\n", None, None, None),
        ("x = f'{a=}'\n", None, None, None),
        ("x = f'{a}' 'b'\n", None, None, None),
        ("x = '\\x25s %s' % a\n", None, None, None),
        (LOGGING + "log.info('%s' % a)\n", None, None, None),
    ],
    "logging_arguments": [
        (LOGGING + "log.info('a %s', b)\n", "lazy", "percent", LOGGING + "log.info('a %s' % b)\n"),
        (
            LOGGING + "log.info(f'a {b}', exc_info=c)\n",
            "fstring",
            "lazy",
            LOGGING + "log.info('a %s', b, exc_info=c)\n",
        ),
        (
            LOGGING + "self._log.warning('{} {}'.format(a, b))\n",
            "format",
            "lazy",
            LOGGING + "self._log.warning('%s %s', a, b)\n",
        ),
        (LOGGING + "parser.error('%s' % a)\n", None, None, None),
        (LOGGING + "log.info('%d', a)\n", None, None, None),
        (LOGGING + "log.info('a', b)\n", None, None, None),
        ("log.info('a %s', b)\n", None, None, None),
    ],
    "format_fields": [
        ("x = '{0} {1!r}'.format(a, b)\n", "numbered", "automatic", "x = '{} {!r}'.format(a, b)\n"),
        ("x = '{}'.format(\n    a)\n", "automatic", "numbered", "x = '{0}'.format(\n    a)\n"),
        ("x = '{1} {0}'.format(a, b)\n", None, None, None),
        ("x = '{a}'.format(a=b)\n", None, None, None),
    ],
    "super_form": [
        (METHOD.format("super(A, self).f(x)"), "arguments", "bare", METHOD.format("super().f(x)")),
        (METHOD.format("return super().f"), "bare", "arguments", METHOD.format("return super(A, self).f")),
        (METHOD.format("super(B, self).f(x)"), None, None, None),
        (METHOD.format("return [super(A, self).f(x) for y in z]"), None, None, None),
        (METHOD.format("self = 1; super(A, self).f(x)"), None, None, None),
        ("@d\n" + METHOD.format("super().f(x)"), None, None, None),
        ("class C:\n    class A(B):\n        def f(self): super().f()\n", None, None, None),
        ("def f(self): super(A, self).f()\n", None, None, None),
    ],
    "object_base": [
        ("class A(object): pass\n", "object", "bare", "class A: pass\n"),
        ("class A: pass\n", "bare", "empty", "class A(): pass\n"),
        ("f( a, b )\nclass A( object ): pass\n", "object", "empty", "f( a, b )\nclass A(): pass\n"),
        ("class A(B): pass\n", None, None, None),
        ("class A(object, metaclass=M): pass\n", None, None, None),
    ],
    "pass_ellipsis": [
        ("def f(): pass\n", "pass", "ellipsis", "def f(): ...\n"),
        ("class A:\n    'a'\n    ...\n", "ellipsis", "pass", "class A:\n    'a'\n    pass\n"),
        ("def f():\n    a()\n    pass\n", None, None, None),
        ("x = ...\n", None, None, None),
    ],
    "return_none": [
        ("def f():\n    return\n", "bare", "none", "def f():\n    return None\n"),
        ("def f():\n    return None\n", "none", "bare", "def f():\n    return\n"),
        ("async def f():\n    yield 1\n    return\n", None, None, None),
        ("f = lambda: None\n", None, None, None),
    ],
    "raise_form": [
        ("raise ValueError()\n", "instance", "class", "raise ValueError\n"),
        ("raise a.SomeError from b\n", "class", "instance", "raise a.SomeError() from b\n"),
        ("raise error\n", None, None, None),
        ("raise WinError()\n", None, None, None),
        ("raise ValueError(a)\n", None, None, None),
        ("raise\n", None, None, None),
    ],
    "infinite_loop": [
        ("while 1: pass\n", "one", "true", "while True: pass\n"),
        ("while a: pass\n", None, None, None),
    ],
    "range_start": [
        ("range(0, n)\n", "zero", "implicit", "range(n)\n"),
        ("range( n )\n", "implicit", "zero", "range( 0, n )\n"),
        ("range(0, n, 2)\n", None, None, None),
        ("range(*a)\n", None, None, None),
        ("def range(n): pass\nrange(n)\n", None, None, None),
    ],
    "open_mode": [
        ("open(a, 'r')\nf('b')\n", "written", "implicit", "open(a)\nf('b')\n"),
        ("open(a, encoding=b)\n", "implicit", "written", 'open(a, "r", encoding=b)\n'),
        ("open(a, mode='r')\n", None, None, None),
        ("open(a, 'w')\n", None, None, None),
        ("from io import open\nopen(a)\n", None, None, None),
    ],
    "else_after_return": [
        (FUNCTION + "    else:\n        return 2\n", "else", "close", FUNCTION + "    return 2\n"),
        (
            FUNCTION + "    b()\n    return 2\n",
            "close",
            "else",
            FUNCTION + "    else:\n        b()\n        return 2\n",
        ),
        (FUNCTION + "\n    return 2\n", "apart", "else", FUNCTION + "    else:\n        return 2\n"),
        (
            FUNCTION + "    elif b: raise c\n    else:\n        d()\n",
            "else",
            "apart",
            FUNCTION + "    elif b: raise c\n\n    d()\n",
        ),
        (FUNCTION + "    # why\n    return 2\n", None, None, None),
        (FUNCTION + "    else:\n        b()\n    return 2\n", None, None, None),
        (FUNCTION + "    return '''\n    '''\n", None, None, None),
        ("def f(a):\n    if a:\n        b()\n    else:\n        return 2\n", None, None, None),
    ],
    "lambda_assignment": [
        ("f = lambda x, *y: x.a\n", "lambda", "def", "def f(x, *y):\n    return x.a\n"),
        ("def f():\n    return g(1)\n", "def", "lambda", "f = lambda: g(1)\n"),
        ("f = lambda: 1  # why\n", None, None, None),
        ("def f(a: int):\n    return g(1)\n", None, None, None),
        ("def f():\n    'a'\n    return g(1)\n", None, None, None),
        ("class A:\n    f = lambda self: 1\n", None, None, None),
        ("@d\ndef f():\n    return 1\n", None, None, None),
        ("async def f():\n    return 1\n", None, None, None),
        ("def f() -> int:\n    return 1\n", None, None, None),
        ("a.f = lambda: 1\n", None, None, None),
    ],
    "local_naming": [
        (
            "def f(a):\n    fooBar = a\n    return [fooBar.fooBar(fooBar=b) for b in a]\n",
            "camel",
            "snake",
            "def f(a):\n    foo_bar = a\n    return [foo_bar.fooBar(fooBar=b) for b in a]\n",
        ),
        ("def f():\n    for a_b, c in d: a_b()\n", "snake", "camel", "def f():\n    for aB, c in d: aB()\n"),
        ("def f():\n    with a as b_c: b_c = d[b_c]\n", "snake", "camel", "def f():\n    with a as bC: bC = d[bC]\n"),
        ("def f(a_b): a_b = 1\n", None, None, None),
        ("a_b = 1\n", None, None, None),
        ("class A:\n    a_b = 1\n    def f(self): self.c_d = 1\n", None, None, None),
        ("def f():\n    global a_b\n    a_b = 1\n", None, None, None),
        ("def f():\n    import a_b\n    a_b = 1\n", None, None, None),
        ("def f():\n    a_b = 1\n    return aB\n", None, None, None),
        ("def f():\n    a_b = 1\n    def g(): return a_b\n", None, None, None),
        ("def f():\n    a_b = 1\n    return locals()\n", None, None, None),
        ("def f():\n    a_b = 1\n    return [a_b for a_b in c]\n", None, None, None),
        ("def f():\n    a_b = 1\n    return lambda a_b: c\n", None, None, None),
        ("def f():\n    a_b = 1\n    return f'{a_b=}'\n", None, None, None),
        ("def f():\n    a_b = 1\n    match c:\n        case [a_b]: pass\n", None, None, None),
        ("def f():\n    foo_2 = 1\n    _a_b = 2\n    A_B = 3\n", None, None, None),
    ],
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_writes_every_variant_and_finds_no_choice_where_there_is_none(name: str) -> None:
    check_table(CONVENTIONS[name], TABLES[name])


def test_every_idiom_is_named_once() -> None:
    assert len(CONVENTIONS) == sum(len(room.CONVENTIONS) for room in ROOMS)
    assert all(isinstance(convention, Convention) and convention.title for convention in CONVENTIONS.values())

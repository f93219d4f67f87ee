"""What programs are made of: what all begin with, templates of scenes, and what may stand in their slots.

A scene is a function without required parameters whose name begins with `scene`; `attempt` prints what becomes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_TEXTS = Path(__file__).parent / "program_texts"
PRELUDE = (_TEXTS / "prelude.txt").read_text() + "\n\n"
SCENES = tuple(f"{scene.rstrip()}\n" for scene in (_TEXTS / "scenes.txt").read_text().split("\n---\n"))

SLOTS: Mapping[str, tuple[str, ...]] = {
    # an expression where x is bound
    "E": (
        "x",
        "x",
        "x",
        "note(x)",
        "Odd()",
        "note(Odd())",
        "None",
        "1",
        '"a"',
        "(1, 2)",
        "(1,)",
        "()",
        "[1]",
        "{}",
        "1.5",
        "True",
        'Text("t")',
        "x or None",
        "missing",
        "x.name",
        "(x, x)",
        "{'x': x}",
        "(lambda: x)",
    ),
    # what x is
    "D": (
        "1",
        "0",
        "None",
        '"a"',
        "(1, 2)",
        "(1,)",
        "()",
        "[1, 2]",
        "{}",
        '{"a": 1}',
        "Odd()",
        'Text("t")',
        "1.5",
        'float("nan")',
        "True",
        "b'b'",
        "(None,)",
        "range(3)",
        "int",
        "[Odd()]",
    ),
    # a name or a constant
    "C": ("x", "x", "0", "1", "2", '"a"', "None"),
    # formats
    "F": ("%s", "%s", "%r", "%d", "%5s", "%-4s|", "%.2f", "%x", "%s%%", "%c", "%i", "%+d", "%a"),
    "B": ("{}", "{}", "{!r}", "{!s}", "{:>5}", "{:d}", "{:.2f}", "{!s:^7}", "{:5}", "{!a}", "{{}}{}"),
    # what a function may be
    "K": ("def", "async def"),
    # something iterable
    "I": ("x", "[1, 2, 3]", "(1, 2)", "Odd()", '"ab"', "range(3)", "{1: 2}.items()", "[('a', 1)]", "iter([1, 2])"),
    # annotations
    "T": (
        "Optional[int]",
        "Union[int, str]",
        "List[int]",
        "Dict[str, int]",
        "Optional['Odd']",
        "int | None",
        "list[int]",
        "Optional[List[int]]",
        "Union[None, Odd]",
        "'Optional[int]'",
        "Optional[Any]",
        "Union[int, None, str]",
    ),
    # loggers
    "L": ("log", "log", "Odd()", "logging"),
    # what is raised
    "R": (
        "ValueError",
        "Needs",
        "made_error",
        "KeyError()",
        "x",
        "StopIteration",
        "ValueError()",
        "Odd",
        "made_error()",
    ),
    # what reads names of locals
    "N": (
        "locals()['fooBar']",
        "eval('fooBar')",
        "'{fooBar}'.format_map(locals())",
        "'{fooBar}'.format(**locals())",
        "vars()['fooBar']",
        "sorted(locals())",
        "f'{fooBar=}'",
        "fooBar",
        "[fooBar for y in (1,)]",
        "(lambda: fooBar)()",
        "'%(fooBar)s' % locals()",
        "eval('fooBar + 1', globals(), locals())",
        "dict(fooBar=fooBar)",
        "(fooBar := fooBar + 1)",
        "exec('print(fooBar)')",
        "dir()",
    ),
}

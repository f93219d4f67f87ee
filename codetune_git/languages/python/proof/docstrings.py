"""Docstrings as far as a program can tell them apart: to the letter, as `inspect.cleandoc` shows them, or as people do.

Knows definitions, their decorators and what the file says about docstrings. Does not know who reads them elsewhere:
tools that show docstrings clean them first. Beside that nobody sees blanks at the end of a line, but for two of them
before a further line of a paragraph, which Markdown makes a line break of. To a person who reads, blank lines,
indentation, a full stop at the end of a line, the first letter and which of two words names a field say nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from inspect import cleandoc

from codetune_git.languages.python.proof.module_facts import Facts

_READING = ("__doc__", "getdoc", "docopt", "doctest", "pydoc", "Cmd", "cmd")
_HARMLESS = frozenset(
    {"abstractmethod", "asynccontextmanager", "cache", "cached_property", "classmethod", "contextmanager", "dataclass"}
    | {"deleter", "final", "getter", "lru_cache", "overload", "override", "property", "setter", "staticmethod"}
    | {"total_ordering", "runtime_checkable", "unique"}
)
_EXAMPLE = ">>>"
_FIELDS = ((re.compile(r"^:(return|raise)s(?=[: ])"), r":\1"), (re.compile(r"^Arguments:$"), "Args:"))


class Docstring(Enum):
    """Whether a string that stands first in a block documents it, and whether its blanks are free."""

    NONE = auto()
    EXACT = auto()
    FREE = auto()


def _decorator(node: ast.expr) -> str:
    inner = node.func if isinstance(node, ast.Call) else node
    return inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")


def free_docstring(node: ast.AST, facts: Facts) -> Docstring:
    """What a string at the start of a module, class or function is; a decorator may make help of it."""
    decorators = {_decorator(one) for one in getattr(node, "decorator_list", [])}
    return Docstring.EXACT if facts.mentions(*_READING) or decorators - _HARMLESS else Docstring.FREE


def _shown(text: str) -> tuple[str, ...]:
    """What a tool shows of it, line by line."""
    lines = cleandoc(text).split("\n")
    breaks = (a.endswith("  ") and bool(a.strip() and b.strip()) for a, b in zip(lines, [*lines[1:], ""], strict=True))
    return tuple(line if keeps else line.rstrip() for line, keeps in zip(lines, breaks, strict=True))


def _field(line: str) -> str:
    """A line in which a field that goes by two words has the shorter one."""
    for long, short in _FIELDS:
        line = long.sub(short, line)
    return line


def _read(text: str) -> tuple[str, ...]:
    """What a person reads in it: the words line by line."""
    lines = [_field(line.strip()).removesuffix(".") for line in text.split("\n") if line.strip()]
    return (lines[0][:1].lower() + lines[0][1:], *lines[1:]) if lines else ()


def docstring_form(
    statements: Sequence[ast.stmt], docstring: Docstring, only_read: Callable[[], bool]
) -> tuple[str, object] | None:
    """The form of the docstring; None where there is none. `only_read`: whether people alone read it."""
    first = statements[0] if docstring is not Docstring.NONE and statements else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    text = first.value.value
    if not isinstance(text, str):
        return None
    if docstring is Docstring.EXACT or _EXAMPLE in text:
        return "docstring", text
    return "docstring", _read(text) if only_read() else _shown(text)

"""Docstrings as far as a program can tell them apart: to the letter, or as `inspect.cleandoc` shows them.

Knows definitions, their decorators and what the file says about docstrings. Does not know who reads them elsewhere:
tools that show docstrings clean them first.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
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


def docstring_form(statements: Sequence[ast.stmt], docstring: Docstring) -> tuple[str, str] | None:
    """The form of the docstring; None where there is none."""
    first = statements[0] if docstring is not Docstring.NONE and statements else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
        return None
    text = first.value.value
    if not isinstance(text, str):
        return None
    return "docstring", cleandoc(text) if docstring is Docstring.FREE and _EXAMPLE not in text else text

"""Runs of import statements as one form: which modules and names they bring, in their order or in any.

Knows import statements. Does not know whether the order of two modules matters (judging.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable
from itertools import groupby

_Entry = tuple[str, str, str]


def is_import(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    return all(alias.name != "*" for alias in statement.names)


def _entries(statements: Iterable[ast.stmt]) -> list[_Entry]:
    """Module with a colon (`from` imports), name and alias of everything that is imported."""
    entries: list[_Entry] = []
    for statement in statements:
        prefix = ""
        if isinstance(statement, ast.ImportFrom):
            prefix = "." * statement.level + (statement.module or "") + ":"
        if isinstance(statement, ast.Import | ast.ImportFrom):
            entries += [(prefix, alias.name, alias.asname or "") for alias in statement.names]
    return entries


def _module(entry: _Entry) -> str:
    """What is imported or imported from; a relative one with its dots."""
    prefix, name, _ = entry
    return prefix.removesuffix(":") if prefix else name


def _compete(entries: Iterable[_Entry]) -> bool:
    """Whether two of them bring different things under one name."""
    names: dict[str, tuple[str, str]] = {}
    for prefix, name, alias in entries:
        source = (prefix, name if prefix or alias else name.partition(".")[0])
        if names.setdefault(alias or source[1], source) != source:
            return True
    return False


def import_run(statements: Iterable[ast.stmt], is_free: Callable[[str], bool]) -> Hashable:
    """The form of a run of imports; neighbours that are free, by their modules, stand in any order."""
    entries: list[_Entry] = []
    for free, group in groupby(_entries(statements), key=lambda entry: is_free(_module(entry))):
        neighbours = list(group)
        entries += sorted(neighbours) if free and not _compete(neighbours) else neighbours
    return "imports", tuple(entries)

"""Whether a rewritten Python file still means the same: proven equal, equal up to local names, or not proven.

Knows whole files as bytes. Does not know which edits were made, or why, or any other file; nothing is executed.

    1 parse both; a file that does not parse as Python 3 proves nothing
    2 leave out statements at the start and at the end of the file that are spelled the same; where one class remains
      on both sides, go on inside it
    3 compare the normal forms (normal_form.py) of what is left; then those with local names numbered

SAFE takes some forms as equal that a program could tell apart on purpose; they are named in synonyms.py. The one that
ordinary code can meet: `'%s' % x` formats x itself only if x is no tuple.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from codetune_git.domain import Verification
from codetune_git.text.module_facts import Facts, facts_of
from codetune_git.text.normal_form import NormalForm, owner_name


@dataclass(frozen=True, slots=True)
class _Module:
    """A parsed file: its UTF-8 text, the offsets at which its lines start, its tree and what its names mean."""

    text: bytes
    starts: tuple[int, ...]
    tree: ast.Module
    facts: Facts

    def spelling(self, statement: ast.stmt) -> bytes:
        """The bytes of a statement, decorators included."""
        decorators = getattr(statement, "decorator_list", [])
        first = decorators[0] if decorators else statement
        end = self.starts[(statement.end_lineno or 1) - 1] + (statement.end_col_offset or 0)
        return self.text[self.starts[first.lineno - 1] + first.col_offset : end]


@lru_cache(maxsize=4)
def _parse(text: bytes) -> _Module | None:
    try:
        code = text.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    text = code.encode()
    starts = (0, *(offset + 1 for offset, byte in enumerate(text) if byte == 0x0A))
    return _Module(text, starts, tree, facts_of(tree))


def _common(left: Sequence[bytes], right: Sequence[bytes]) -> int:
    """How many items the two have in common at the start."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


@dataclass(frozen=True, slots=True)
class _Difference:
    """Blocks that are left to compare. `docstring`: they may start with one. `owner`: see `owner_name`."""

    old: Sequence[ast.stmt]
    new: Sequence[ast.stmt]
    docstring: bool
    owner: str | None


def _header(module: _Module, node: ast.ClassDef, *, owner: str | None) -> object:
    return NormalForm(module.facts, owner=owner).class_header(node)


def _difference(old: _Module, new: _Module) -> _Difference:
    """The smallest blocks of classes or modules, nested ones included, outside of which the files are spelled alike."""
    left, right, owner = old.tree.body, new.tree.body, None
    while True:
        spellings = [old.spelling(statement) for statement in left], [new.spelling(statement) for statement in right]
        start = _common(*spellings)
        tail = _common(spellings[0][start:][::-1], spellings[1][start:][::-1])
        a, b = left[start : len(left) - tail], right[start : len(right) - tail]
        if not (len(a) == len(b) == 1 and isinstance(a[0], ast.ClassDef) and isinstance(b[0], ast.ClassDef)):
            return _Difference(a, b, start == 0, owner)
        if _header(old, a[0], owner=owner) != _header(new, b[0], owner=owner):
            return _Difference(a, b, start == 0, owner)
        left, right, owner = a[0].body, b[0].body, owner_name(a[0], owner)


def _equal(old: _Module, new: _Module, *, alpha: bool) -> bool:
    difference = _difference(old, new)
    forms = (
        NormalForm(module.facts, alpha=alpha, owner=difference.owner).block(block, docstring=difference.docstring)
        for module, block in ((old, difference.old), (new, difference.new))
    )
    return next(forms) == next(forms)


def verify(before: bytes, after: bytes) -> Verification | None:
    """What is proven about `after` as a rewrite of the Python file `before`; None if either is not valid Python 3."""
    old, new = _parse(before), _parse(after)
    if old is None or new is None:
        return None
    try:
        if _equal(old, new, alpha=False):
            return Verification.SAFE
        return Verification.RENAME if _equal(old, new, alpha=True) else Verification.UNSAFE
    except RecursionError:  # an expression too deep to walk: nothing is proven
        return Verification.UNSAFE

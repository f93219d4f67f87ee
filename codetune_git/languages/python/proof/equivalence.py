"""Whether a rewritten Python file still means the same: proven, proven up to local names or under assumptions, or not.

Knows whole files as bytes. Does not know which edits were made, or why, or any other file; nothing is executed.

    1 parse both; a file that is no Python 3 proves nothing; equal trees are SAFE, as most rewrites of layout are
    2 compile both: a file that the compiler takes only before proves nothing; leave out statements at the start and at
      the end of the file that are spelled the same; where one class remains on both sides, go on inside it
    3 compare the normal forms (normal_form.py) of what is left, assuming nothing: equal forms are SAFE; then those with
      local names numbered: RENAME; then with all assumptions that the files support: ASSUMING
    4 which assumptions are needed is found by leaving out one after another of those that were asked for

SAFE takes for granted that no other file puts something else under a name of this file or of the built-ins.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from codetune_git.domain import Refusal, Verification
from codetune_git.languages.python.proof.bindings import Scope, scope_of
from codetune_git.languages.python.proof.docstrings import Docstring, free_docstring
from codetune_git.languages.python.proof.kinds import Flow
from codetune_git.languages.python.proof.module_facts import Facts, facts_of
from codetune_git.languages.python.proof.normal_form import UNREAD, Around, NormalForm
from codetune_git.text.assumptions import Assumption, Proof

_THIS_PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"
_NOTHING = frozenset[Assumption]()
_EVERYTHING = frozenset(Assumption)


@dataclass(frozen=True)
class _Module:
    """A parsed file: its UTF-8 text and its tree; what costs more than that is worked out when it is asked for."""

    text: bytes
    tree: ast.Module

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The offsets at which its lines start."""
        return (0, *(offset + 1 for offset, byte in enumerate(self.text) if byte == 0x0A))

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self.tree)

    @cached_property
    def scope(self) -> Scope:
        return scope_of(self.tree)

    @cached_property
    def compiles(self) -> bool:
        """Whether the compiler takes it, which refuses some of what can be parsed."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(self.text, "<file>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True

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
            return _Module(code.encode(), ast.parse(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _are_equal(left: object, right: object) -> bool:
    """Whether two trees, lists or values are the same, wherever they stand and however strings were prefixed."""
    pairs = [(left, right)]
    while pairs:
        a, b = pairs.pop()
        if type(a) is not type(b):
            return False
        if isinstance(a, ast.AST):
            pairs += ((getattr(a, name, None), getattr(b, name, None)) for name in a._fields if name not in UNREAD)
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            pairs += zip(a, b, strict=True)
        elif a != b:
            return False
    return True


def _common(left: Sequence[bytes], right: Sequence[bytes]) -> int:
    """How many items the two have in common at the start."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _have_equal_trees(old: _Module, new: _Module) -> bool:
    start, tail = _ends(*([module.spelling(one) for one in module.tree.body] for module in (old, new)))
    left, right = (module.tree.body[start : len(module.tree.body) - tail] for module in (old, new))
    return _are_equal(left, right)


def _ends(left: Sequence[bytes], right: Sequence[bytes]) -> tuple[int, int]:
    """How many items the two have in common at the start, and of the others at the end."""
    start = _common(left, right)
    return start, _common(left[start:][::-1], right[start:][::-1])


@dataclass(frozen=True, slots=True)
class _Block:
    """Statements of one file that are left to compare, what stands around them, and what a string before them is."""

    flow: Flow
    statements: Sequence[ast.stmt]
    around: Around
    docstring: Docstring

    def form(self, allowed: frozenset[Assumption], *, alpha: bool) -> tuple[object, frozenset[Assumption]]:
        """The normal form, and what of `allowed` was assumed for it."""
        form = NormalForm(self.flow, self.around, allowed=allowed, alpha=alpha)
        return form.block(self.statements, self.docstring), form.used

    def header(self, node: ast.ClassDef) -> object:
        return NormalForm(self.flow, self.around, allowed=_NOTHING).class_header(node)

    def trimmed(self, start: int, tail: int) -> _Block:
        """Without statements at both ends, of which the other file has the same."""
        kept = self.statements[start : len(self.statements) - tail]
        return replace(self, statements=kept, docstring=Docstring.NONE if start else self.docstring)

    def inside(self, node: ast.ClassDef) -> _Block:
        docstring = free_docstring(node, self.flow.facts)
        return _Block(self.flow, node.body, self.around.inside(node), docstring)


def _whole(module: _Module, facts: Facts) -> _Block:
    flow = Flow(facts, (module.scope,))
    return _Block(flow, module.tree.body, Around((module.scope,)), free_docstring(module.tree, facts))


def _difference(old: _Module, new: _Module) -> tuple[_Block, _Block]:
    """The smallest blocks of classes or modules, nested ones included, outside of which the files are spelled alike.

    Which Python the file is for follows from what stood in it before.
    """
    newer = replace(new.facts, new_unions=old.facts.new_unions, new_generics=old.facts.new_generics)
    left, right = _whole(old, old.facts), _whole(new, newer)
    while True:
        spellings = [old.spelling(s) for s in left.statements], [new.spelling(s) for s in right.statements]
        start, tail = _ends(*spellings)
        left, right = left.trimmed(start, tail), right.trimmed(start, tail)
        if not len(left.statements) == len(right.statements) == 1:
            return left, right
        a, b = left.statements[0], right.statements[0]
        if not isinstance(a, ast.ClassDef) or not isinstance(b, ast.ClassDef) or left.header(a) != right.header(b):
            return left, right
        left, right = left.inside(a), right.inside(b)


def _equal(
    blocks: tuple[_Block, _Block], allowed: Iterable[Assumption] = (), *, alpha: bool
) -> frozenset[Assumption] | None:
    """What of `allowed` was assumed for two forms that are equal; None where they differ."""
    (left, there), (right, here) = (block.form(frozenset(allowed), alpha=alpha) for block in blocks)
    return there | here if left == right else None


def _needed(blocks: tuple[_Block, _Block], used: frozenset[Assumption], *, alpha: bool) -> tuple[Assumption, ...]:
    """Step 4: the assumptions without which the forms differ, of those that were `used` for equal ones."""
    needed = [one for one in Assumption if one in used]
    for one in tuple(needed):
        without = [other for other in needed if other is not one]
        if _equal(blocks, without, alpha=alpha) is not None:
            needed = without
    return tuple(needed)


def _proof(blocks: tuple[_Block, _Block]) -> Proof:
    if _equal(blocks, alpha=False) is not None:
        return Proof(Verification.SAFE)
    if _equal(blocks, alpha=True) is not None:
        return Proof(Verification.RENAME)
    for alpha in (False, True):
        if (used := _equal(blocks, _EVERYTHING, alpha=alpha)) is not None:
            return Proof(Verification.ASSUMING, _needed(blocks, used, alpha=alpha))
    return Proof(Verification.UNSAFE)


def unprovable(text: bytes) -> Refusal | None:
    """Why nothing can be proven about `text`: this Python does not parse it."""
    if _parse(text) is not None:
        return None
    return Refusal(f"does not parse as {_THIS_PYTHON}, with which codetune runs")


def verify(before: bytes, after: bytes) -> Proof | None:
    """What is proven about `after` as a rewrite of the Python file `before`; None if either is not valid Python 3."""
    old, new = _parse(before), _parse(after)
    if old is None or new is None:
        return None
    if _have_equal_trees(old, new):
        return Proof(Verification.SAFE)
    if old.compiles and not new.compiles:
        return None
    try:
        return _proof(_difference(old, new))
    except RecursionError:  # an expression too deep to walk: nothing is proven
        return Proof(Verification.UNSAFE)

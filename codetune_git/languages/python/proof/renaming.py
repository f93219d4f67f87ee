"""Which names of a function are purely its own, so that renaming them changes nothing that others can see.

Knows Python's scopes as far as it must. Does not know whether a new name is free: that follows from comparing normal
forms, in which such names stand as numbers. Left out, though a careful renaming could be right: parameters, imports,
nested functions and classes, patterns of `match`, names that nested functions or classes take from outside, and every
name of a function that could look names up at run time (`locals`, `eval`, frames and the like), and names that stand in
one of its strings.
Source: the Python language reference, "Naming and binding".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Self

from codetune_git.languages.python.proof.kept import kept_with_node

Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
# What looks up names of a function by strings, or hands out its frame.
REFLECTIVE = frozenset(
    {"dir", "eval", "exec", "locals", "vars", "_getframe", "currentframe", "f_locals", "getargvalues", "getinnerframes"}
    | {"getouterframes", "gi_frame", "tb_frame", "set_trace", "_current_frames"}
)
_WORD = re.compile(r"\w+")


def reflective(node: ast.AST) -> bool:
    """Whether names could be looked up by a string somewhere below `node`."""
    found = (getattr(inner, "id", getattr(inner, "attr", "")) for inner in ast.walk(node))
    return not REFLECTIVE.isdisjoint(found)


def named_in_texts(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The words of all strings below `nodes` but those that are statements: a query or a template may name a local."""
    words: set[str] = set()
    for inner in (inner for node in nodes for inner in ast.walk(node)):
        children = [] if isinstance(inner, ast.Expr) else ast.iter_child_nodes(inner)
        for child in children:
            if isinstance(child, ast.Constant) and isinstance(child.value, str):
                words.update(_WORD.findall(child.value))
    return frozenset(words)


def target_names(generators: Iterable[ast.comprehension]) -> frozenset[str]:
    """The variables of a comprehension."""
    names = (inner for generator in generators for inner in ast.walk(generator.target))
    return frozenset(name.id for name in names if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store))


def parameter_names(arguments: ast.arguments) -> frozenset[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return frozenset(argument.arg for argument in every if argument)


def _mentioned(node: ast.AST) -> set[str]:
    """Every name that `node` uses, binds or declares in whatever way."""
    names: set[str] = set()
    for inner in ast.walk(node):
        found = [getattr(inner, field, None) for field in ("id", "name", "arg", "asname", "rest")]
        names.update(name.partition(".")[0] for name in found if isinstance(name, str))
        names.update(inner.names if isinstance(inner, ast.Global | ast.Nonlocal) else [])
    return names


class _Scope(ast.NodeVisitor):
    """Collects names of a function: `bound` in it, `fixed` because they must stay, `declared` as those of others."""

    @classmethod
    def of(cls, function: Function) -> Self:
        scope = cls()
        for statement in function.body:
            scope.visit(statement)
        return scope

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.fixed: set[str] = set()
        self.declared: set[str] = set()
        self._hidden: frozenset[str] = frozenset()

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load) and node.id not in self._hidden:
            self.bound.add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.bound.add(node.target.id)
        self.visit(node.value)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.bound.update([node.name] if node.name else [])
        self.generic_visit(node)

    def _fix_all(self, node: ast.AST) -> None:
        self.fixed |= _mentioned(node)

    def _visit_function(self, node: Function) -> None:
        self.fixed.add(node.name)
        for header in (*node.decorator_list, node.args, *([node.returns] if node.returns else [])):
            self.visit(header)
        inner = _Scope.of(node)
        own = (inner.bound | parameter_names(node.args)) - inner.declared
        self.fixed |= set[str]().union(*map(_mentioned, node.body)) - own

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.declared.update(node.names)

    visit_Nonlocal = visit_Global
    visit_FunctionDef = _visit_function
    visit_AsyncFunctionDef = _visit_function
    visit_ClassDef = _fix_all
    visit_Import = _fix_all
    visit_ImportFrom = _fix_all

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        inner = (name for name in ast.walk(node.body) if isinstance(name, ast.Name))
        self.fixed.update(name.id for name in inner if not isinstance(name.ctx, ast.Load))

    def visit_match_case(self, node: ast.match_case) -> None:
        self._fix_all(node.pattern)
        self.generic_visit(node)

    def _visit_comprehension(self, node: Comprehension) -> None:
        outer, self._hidden = self._hidden, self._hidden | target_names(node.generators)
        self.generic_visit(node)
        self._hidden = outer

    visit_ListComp = _visit_comprehension
    visit_SetComp = _visit_comprehension
    visit_DictComp = _visit_comprehension
    visit_GeneratorExp = _visit_comprehension


@kept_with_node
def own_names(function: Function) -> tuple[frozenset[str], frozenset[str]]:
    """The names that `function` may rename freely, and the other names that are known in its scope."""
    scope = _Scope.of(function)
    fixed = (
        scope.fixed | scope.declared | parameter_names(function.args) | (named_in_texts(function.body) & scope.bound)
    )
    if reflective(function):
        fixed |= scope.bound
    return frozenset(scope.bound - fixed), frozenset(fixed)


@kept_with_node
def comprehension_names(node: Comprehension) -> tuple[frozenset[str], frozenset[str]]:
    """The variables of a comprehension that it may rename freely, and the others."""
    names = target_names(node.generators)
    fixed = names if reflective(node) else names & named_in_texts([node])
    return names - fixed, fixed

"""What a module says as a whole, as far as equivalence depends on it: imports from typing, bound names, words it uses.

Knows the module's syntax tree. Does not know other modules: of a star import it knows only that there is one.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

BUILTIN_GENERICS = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Tuple": "tuple",
    "Type": "type",
}
_TYPING = ("typing", "typing_extensions")
_CHECKING = "TYPE_CHECKING"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one module.

    `typing`: local name -> member of typing, of imports that run with the module (with `postponed`, of those for type
    checkers, too). `typing_modules`: local names of the module typing.
    `times`: how often every name is bound, in whatever scope, parameters included; `assigned`: those that are bound
    otherwise than as a parameter. `star`: some names come from a star import.
    `postponed`: annotations are not evaluated (`from __future__ import annotations`).
    `new_unions`, `new_generics`: some evaluated annotation is written with `|`, as `list[...]`.
    `words`: every identifier in the module. `classes`: the classes whose name is bound once.
    `tested`: the comparisons, by `id`, of which only the truth is used. `asked_twice`: the chains `a < b < c`,
    by `id`, of which a part that is false is asked for its truth once more, by an `and` or `or` around them.
    `called`, `loaded`: how often a name is called, and used in whatever way.
    """

    typing: Mapping[str, str]
    typing_modules: frozenset[str]
    times: Mapping[str, int]
    assigned: frozenset[str]
    star: bool
    postponed: bool
    new_unions: bool
    new_generics: bool
    words: frozenset[str]
    classes: Mapping[str, ast.ClassDef]
    tested: frozenset[int]
    asked_twice: frozenset[int]
    called: Mapping[str, int]
    loaded: Mapping[str, int]

    @property
    def bound(self) -> frozenset[str]:
        return frozenset(self.times)

    def means_builtin(self, name: str) -> bool:
        """Whether `name` surely stands for the built-in of that name."""
        return name not in self.times and not self.star and hasattr(builtins, name)

    def is_builtin(self, node: ast.expr, name: str) -> bool:
        return isinstance(node, ast.Name) and node.id == name and self.means_builtin(name)

    def mentions(self, *words: str) -> bool:
        return not self.words.isdisjoint(words)

    def typing_member(self, node: ast.expr) -> str:
        """The member of typing that an annotation names, or "" for anything else."""
        if isinstance(node, ast.Name):
            return self.typing.get(node.id, "")
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            return node.attr if node.value.id in self.typing_modules else ""
        return ""


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only mark a name as loaded or stored, in no order; faster than `ast.walk`."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                stack += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                stack.append(value)


def _is_checking(node: ast.stmt) -> bool:
    """Whether it is `if TYPE_CHECKING:`."""
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (test.id if isinstance(test, ast.Name) else getattr(test, "attr", "")) == _CHECKING


def _running(block: list[ast.stmt], *, checking: bool) -> Iterator[ast.stmt]:
    """The statements that run with the module; with `checking`, also those that only type checkers read."""
    for statement in block:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            if checking or not _is_checking(statement):
                yield from _running(statement.body, checking=checking)
            yield from _running(getattr(statement, "orelse", []), checking=checking)
            for handler in getattr(statement, "handlers", []):
                yield from _running(handler.body, checking=checking)


def _annotations(tree: ast.AST, *, inside: bool = False) -> Iterator[ast.expr]:
    """The annotations that are evaluated when they are met, if annotations are not postponed."""
    for child in ast.iter_child_nodes(tree):
        function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(child, ast.arg | ast.AnnAssign) and child.annotation is not None:
            if isinstance(child, ast.arg) or not inside:
                yield child.annotation
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and child.returns is not None:
            yield child.returns
        yield from _annotations(child, inside=(inside or function) and not isinstance(child, ast.ClassDef))


def _is_new(node: ast.AST, new: type[ast.AST]) -> bool:
    """Whether `node` is a union with `|`, or a built-in container in brackets, as `new` says."""
    if isinstance(node, ast.BinOp):
        return new is ast.BinOp and isinstance(node.op, ast.BitOr)
    if isinstance(node, ast.Subscript) and new is ast.Subscript:
        return isinstance(node.value, ast.Name) and node.value.id in BUILTIN_GENERICS.values()
    return False


@dataclass(slots=True)
class _Walk:
    """What one walk over a module collects."""

    times: Counter[str] = field(default_factory=Counter)
    assigned: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    tested: set[int] = field(default_factory=set)
    asked_twice: set[int] = field(default_factory=set)
    jumped: set[int] = field(default_factory=set)
    called: Counter[str] = field(default_factory=Counter)
    loaded: Counter[str] = field(default_factory=Counter)
    from_typing: Counter[str] = field(default_factory=Counter)
    star: bool = False

    def see(self, node: ast.AST) -> None:
        names = tuple(_bound_by(node))
        self.times.update(names)
        self.assigned.update(names)
        if isinstance(node, ast.arg):
            self.times[node.arg] += 1
        if isinstance(node, ast.ClassDef):
            self.classes[node.name] = node
        if isinstance(node, ast.ImportFrom) and node.module in _TYPING:
            self.from_typing.update(alias.asname or alias.name for alias in node.names)
        self._words(node)
        self._truth(node)

    def _words(self, node: ast.AST) -> None:
        for name in ("id", "attr", "name", "asname", "module", "arg"):
            word = getattr(node, name, None)
            if isinstance(word, str):
                self.words.update(word.split("."))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            self.loaded[node.id] += 1
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self.called[node.func.id] += 1
        self.star |= isinstance(node, ast.alias) and node.name == "*"

    def _truth(self, node: ast.AST) -> None:
        if isinstance(node, ast.If | ast.While | ast.Assert | ast.IfExp):
            self._test(node.test)
            self._jump(node.test)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._test(node.operand)
        elif isinstance(node, ast.comprehension):
            for condition in node.ifs:
                self._test(condition)
                self._jump(condition)
        elif isinstance(node, ast.BoolOp):
            for value in node.values[:-1]:
                self._ask_again(value)

    def _ask_again(self, node: ast.expr) -> None:
        """What stands before `and` or `or` is asked for its truth, which the chain has asked its false part already."""
        if isinstance(node, ast.Compare):
            self.asked_twice.add(id(node))
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                self._ask_again(value)

    def _jump(self, node: ast.expr) -> None:
        """In a condition, `and`, `or` and `not` in it included, every part is asked once."""
        self.jumped.add(id(node))
        for part in node.values if isinstance(node, ast.BoolOp) else []:
            self._jump(part)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            self._jump(node.operand)

    def _test(self, node: ast.expr) -> None:
        for value in node.values if isinstance(node, ast.BoolOp) else [node]:
            if isinstance(value, ast.BoolOp):
                self._test(value)
            else:
                self.tested.add(id(value))


def _typing(tree: ast.Module, walk: _Walk, *, postponed: bool) -> tuple[dict[str, str], set[str]]:
    """The members of typing by their names here, and the names of the module."""
    members: dict[str, str] = {}
    modules: set[str] = set()
    for node in _running(tree.body, checking=postponed):
        if isinstance(node, ast.ImportFrom) and node.module in _TYPING and not node.level:
            members |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            modules.update(alias.asname or alias.name for alias in node.names if alias.name in _TYPING)
    rebound = {name for name in members if walk.times[name] != walk.from_typing[name]}
    return {name: member for name, member in members.items() if name not in rebound}, modules


def _is_postponed(tree: ast.Module) -> bool:
    futures = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__")
    return any(alias.name == "annotations" for node in futures for alias in node.names)


def facts_of(tree: ast.Module) -> Facts:
    """The facts of a module."""
    walk = _Walk()
    for node in nodes(tree):
        walk.see(node)
    postponed = _is_postponed(tree)
    typing, modules = _typing(tree, walk, postponed=postponed)
    parts = [part for annotation in _annotations(tree) for part in ast.walk(annotation)]
    return Facts(
        typing=typing,
        typing_modules=frozenset(modules),
        times=walk.times,
        assigned=frozenset(walk.assigned),
        star=walk.star,
        postponed=postponed,
        new_unions=any(_is_new(part, ast.BinOp) for part in parts),
        new_generics=any(_is_new(part, ast.Subscript) for part in parts),
        words=frozenset(walk.words),
        classes={name: node for name, node in walk.classes.items() if walk.times[name] == 1},
        tested=frozenset(walk.tested),
        asked_twice=frozenset(walk.asked_twice - walk.jumped),
        called=walk.called,
        loaded=walk.loaded,
    )

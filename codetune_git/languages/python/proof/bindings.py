"""What names are bound to: every binding of a name in the module, a class, a function, a lambda or a comprehension.

Knows syntax trees. Does not know what kind a bound value is of (kinds.py). Conservative: what cannot be said in one of
a few ways, and what another scope may bind, is an OTHER binding, which says nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from codetune_git.languages.python.proof.kept import kept_with_node
from codetune_git.languages.python.proof.module_facts import nodes
from codetune_git.languages.python.proof.renaming import Comprehension, Function, reflective

Binder = ast.Module | ast.ClassDef | Function | ast.Lambda | Comprehension


class How(Enum):
    """In which way a name is bound."""

    VALUE = auto()
    ELEMENT = auto()
    POSITION = auto()
    DECLARED = auto()
    PARAMETER = auto()
    ARGUMENTS = auto()
    KEYWORDS = auto()
    EXCEPTION = auto()
    CLASS = auto()
    FUNCTION = auto()
    IMPORT = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Bound:
    """One binding: `node` is the value, the iterated value, the default or the definition.

    `source`: of an import, `module` or `module:name`.
    """

    how: How
    node: ast.AST | None = None
    annotation: ast.expr | None = None
    source: str = ""


_OTHER = Bound(How.OTHER)


@dataclass(frozen=True, slots=True)
class Scope:
    """The bindings of one scope. `node`: what makes the scope; `owner`: the class whose method it is."""

    node: Binder
    names: Mapping[str, tuple[Bound, ...]]
    owner: ast.ClassDef | None = None

    @property
    def first(self) -> str:
        """The first parameter of a method, or ""."""
        if self.owner is None or not isinstance(self.node, Function):
            return ""
        arguments = [*self.node.args.posonlyargs, *self.node.args.args]
        return arguments[0].arg if arguments else ""


class _Collector(ast.NodeVisitor):
    """Collects the bindings of one scope; nested scopes are looked into only for what they bind here."""

    def __init__(self) -> None:
        self.names: dict[str, list[Bound]] = {}

    def bind(self, name: str, bound: Bound) -> None:
        self.names.setdefault(name, []).append(bound)

    def targets(self, target: ast.expr, bound: Bound) -> None:
        """Bind all names of `target`; only a plain name is bound to `bound`."""
        if isinstance(target, ast.Name):
            self.bind(target.id, bound)
            return
        for inner in ast.walk(target):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                self.bind(inner.id, _OTHER)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            pairs = _pairs(target, node.value)
            for part, value in pairs or [(target, node.value)]:
                self.targets(part, Bound(How.VALUE, value))
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        sums = isinstance(node.op, ast.Add | ast.Sub | ast.Mult)
        self.targets(node.target, Bound(How.VALUE, node.value) if sums else _OTHER)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        how = How.DECLARED if node.value is None else How.VALUE
        self.targets(node.target, Bound(how, node.value, node.annotation))
        if node.value is not None:
            self.visit(node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.bind(node.target.id, Bound(How.VALUE, node.value))
        self.visit(node.value)

    def _visit_loop(self, node: ast.For | ast.AsyncFor) -> None:
        bind_elements(self, node.target, node.iter, plain=isinstance(node, ast.For))
        for statement in (*node.body, *node.orelse):
            self.visit(statement)
        self.visit(node.iter)

    visit_For = _visit_loop
    visit_AsyncFor = _visit_loop

    def visit_withitem(self, node: ast.withitem) -> None:
        if node.optional_vars is not None:
            self.targets(node.optional_vars, _OTHER)
        self.visit(node.context_expr)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name, Bound(How.EXCEPTION))
        self.generic_visit(node)

    def _visit_pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.bind(name, _OTHER)
        self.generic_visit(node)

    visit_MatchAs = _visit_pattern
    visit_MatchStar = _visit_pattern
    visit_MatchMapping = _visit_pattern

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        for name in node.names:
            self.bind(name, _OTHER)

    visit_Nonlocal = visit_Global

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.bind(name, Bound(How.IMPORT, node, source=alias.name if alias.asname else name))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            source = "." * node.level + (node.module or "") + ":" + alias.name
            self.bind(alias.asname or alias.name, Bound(How.IMPORT, node, source=source))

    def _visit_definition(self, node: Function | ast.ClassDef) -> None:
        how = How.CLASS if isinstance(node, ast.ClassDef) else How.FUNCTION
        self.bind(node.name, Bound(how, node))
        headers = [*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else [node.args])]
        self._walrus(headers)

    visit_FunctionDef = _visit_definition
    visit_AsyncFunctionDef = _visit_definition
    visit_ClassDef = _visit_definition

    def _visit_inner(self, node: ast.expr) -> None:
        self._walrus([node])

    visit_ListComp = _visit_inner
    visit_SetComp = _visit_inner
    visit_DictComp = _visit_inner
    visit_GeneratorExp = _visit_inner
    visit_Lambda = _visit_inner

    def _walrus(self, nodes: Iterable[ast.AST]) -> None:
        for inner in (inner for node in nodes for inner in ast.walk(node)):
            if isinstance(inner, ast.NamedExpr):
                self.bind(inner.target.id, _OTHER)


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The parts of `a, b = c, d`; none where they do not match one by one."""
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(value, ast.Tuple | ast.List):
        return []
    if len(target.elts) != len(value.elts) or any(isinstance(e, ast.Starred) for e in (*target.elts, *value.elts)):
        return []
    return list(zip(target.elts, value.elts, strict=True))


def bind_elements(collector: _Collector, target: ast.expr, iterated: ast.expr, *, plain: bool) -> None:
    """Bind the target of a loop; of `enumerate` the first name is a position."""
    counted = isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name) and iterated.func.id == "enumerate"
    if plain and counted and isinstance(target, ast.Tuple) and len(target.elts) == 2:
        collector.targets(target.elts[0], Bound(How.POSITION, iterated))
        collector.targets(target.elts[1], _OTHER)
    else:
        collector.targets(target, Bound(How.ELEMENT, iterated) if plain else _OTHER)


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, Bound]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults]
    for argument, default in zip(
        (*positional, *arguments.kwonlyargs), (*defaults, *arguments.kw_defaults), strict=True
    ):
        yield argument.arg, Bound(How.PARAMETER, default, argument.annotation)
    if arguments.vararg:
        yield arguments.vararg.arg, Bound(How.ARGUMENTS)
    if arguments.kwarg:
        yield arguments.kwarg.arg, Bound(How.KEYWORDS)


def _declared_elsewhere(node: Binder) -> Iterator[str]:
    """Names that scopes inside of `node` bind here: as `global` in a module, as `nonlocal` in a function."""
    wanted = ast.Global if isinstance(node, ast.Module) else ast.Nonlocal
    for inner in nodes(node):
        if isinstance(inner, wanted):
            yield from inner.names


@kept_with_node
def declares_globals(node: Binder) -> bool:
    """Whether a `global` statement stands anywhere inside."""
    return any(isinstance(part, ast.Global) for part in ast.walk(node))


@kept_with_node
def scope_of(node: Binder, owner: ast.ClassDef | None = None) -> Scope:
    """The scope that `node` makes; `owner`: the class that `node` is a method of."""
    collector = _Collector()
    if isinstance(node, Function | ast.Lambda):
        for name, bound in _parameters(node.args):
            collector.bind(name, bound)
    if isinstance(node, Comprehension):
        for generator in node.generators:
            bind_elements(collector, generator.target, generator.iter, plain=not generator.is_async)
    elif isinstance(node, ast.Lambda):
        collector.visit(node.body)
    else:
        for statement in node.body:
            collector.visit(statement)
    unclear = set(collector.names) if isinstance(node, Function) and reflective(node) else _declared_elsewhere(node)
    for name in unclear:
        collector.bind(name, _OTHER)
    return Scope(node, {name: tuple(found) for name, found in collector.names.items()}, owner)

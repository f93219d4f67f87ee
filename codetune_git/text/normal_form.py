"""The normal form of Python statements: nested tuples that are equal where the code means the same in practice.

Knows blocks of statements, docstrings, annotations and scopes; single nodes come from synonyms.py. With `alpha`, names
that are purely local stand as numbers in the order of their appearance: forms are equal up to local renaming.
Does not know source text: layout, comments, quotes and the spelling of literals are gone before it starts.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from inspect import cleandoc
from itertools import groupby
from typing import Any

from codetune_git.text.module_facts import BUILTIN_GENERICS, Facts
from codetune_git.text.renaming import Comprehension, Function, own_names, parameter_names, reflective, target_names
from codetune_git.text.synonyms import Place, simplest

Form = Hashable
_SKIPPED = frozenset({"ctx", "kind", "type_comment"})
_NONE: Form = ("Constant", "NoneType", None)


@dataclass(slots=True)
class _Frame:
    """A scope: the names it knows; the free ones get numbers when they first appear."""

    depth: int
    free: frozenset[str]
    fixed: frozenset[str]
    numbers: dict[str, int] = field(default_factory=dict)

    def form(self, name: str) -> Form:
        if name in self.fixed:
            return name
        return "local", self.depth, self.numbers.setdefault(name, len(self.numbers))


def leaves(block: Sequence[ast.stmt]) -> bool:
    """Whether control never passes the end of `block`."""
    last = block[-1]
    if isinstance(last, ast.If):
        return bool(last.orelse) and leaves(last.body) and leaves(last.orelse)
    return isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break)


def _flat(block: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """`block` with what follows `else:` moved behind an `if` whose body always leaves."""
    for statement in block:
        if isinstance(statement, ast.If) and statement.orelse and leaves(statement.body):
            yield ast.If(statement.test, statement.body, [])
            yield from _flat(statement.orelse)
        else:
            yield statement


def _imports(statements: Iterable[ast.stmt]) -> Form:
    """A run of imports: their order does not matter unless they compete for a name."""
    entries: list[tuple[str, str, str]] = []
    for statement in statements:
        prefix = ""
        if isinstance(statement, ast.ImportFrom):
            prefix = "." * statement.level + (statement.module or "") + ":"
        if isinstance(statement, ast.Import | ast.ImportFrom):
            entries += [(prefix, alias.name, alias.asname or "") for alias in statement.names]
    names: dict[str, tuple[str, str]] = {}
    for prefix, name, alias in entries:
        source = (prefix, name if prefix or alias else name.partition(".")[0])
        if names.setdefault(alias or source[1], source) != source:
            return "imports", tuple(entries)
    return "imports", tuple(sorted(entries))


def _is_import(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        return False
    return all(alias.name != "*" for alias in statement.names)


def owner_name(node: ast.ClassDef, outer: str | None) -> str:
    """The name under which the methods of a class can name it, given its outer class's (None: in no class), or "".

    A decorator may replace the class by another; a class in a class is no name that its methods can see.
    """
    return node.name if outer is None and not node.decorator_list else ""


class NormalForm:
    """Builds normal forms for one module. `owner`: see `owner_name`."""

    def __init__(self, facts: Facts, *, alpha: bool = False, owner: str | None = None) -> None:
        self._place = Place(facts)
        self._alpha = alpha
        self._frames: list[_Frame] = []
        self._owner = owner

    def block(self, statements: Sequence[ast.stmt], *, docstring: bool = False) -> Form:
        """The form of consecutive statements; `docstring`: a string that stands first documents the block."""
        forms: list[Form] = []
        first = statements[0] if docstring and statements else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            forms.append(("docstring", cleandoc(first.value.value).strip()))
            statements = statements[1:]
        for imports, group in groupby(_flat(statements), key=_is_import):
            run = tuple(group)
            forms += [_imports(run)] if imports else [self.form(statement) for statement in run]
        return tuple(forms)

    def form(self, node: Any) -> Form:
        """The form of a syntax node, of a list of nodes, or of a plain value."""
        if isinstance(node, ast.AST):
            node = simplest(node, self._place)
            special = getattr(self, f"_of_{type(node).__name__}", None)
            return special(node) if special else self._fields(node)
        if isinstance(node, list):
            return self.block(node) if node and isinstance(node[0], ast.stmt) else tuple(map(self.form, node))
        return node  # type: ignore[no-any-return]

    def _fields(self, node: ast.AST, **known: Form) -> Form:
        names = [name for name in node._fields if name not in _SKIPPED]
        return type(node).__name__, *(
            known[name] if name in known else self.form(getattr(node, name, None)) for name in names
        )

    def _of_Constant(self, node: ast.Constant) -> Form:
        return "Constant", type(node.value).__name__, node.value

    # Names and scopes

    def _named(self, name: str | None) -> Form:
        frame = next((f for f in reversed(self._frames) if name in f.free or name in f.fixed), None)
        return frame.form(name) if frame and name else name

    def _of_Name(self, node: ast.Name) -> Form:
        return "Name", self._named(node.id)

    def _of_ExceptHandler(self, node: ast.ExceptHandler) -> Form:
        return self._fields(node, name=self._named(node.name))

    @contextmanager
    def _scope(self, free: frozenset[str], fixed: frozenset[str], method: tuple[str, str] | None) -> Iterator[None]:
        """Inside a function, a lambda or a comprehension."""
        place, owner = self._place, self._owner
        self._place, self._owner = replace(place, method=method), None
        self._frames.append(_Frame(len(self._frames), free, fixed))
        yield
        self._frames.pop()
        self._place, self._owner = place, owner

    def _function(self, node: Function) -> Form:
        header = self.form(node.decorator_list), self.form(node.args), self._annotation(node.returns)
        free, fixed = own_names(node) if self._alpha else (frozenset[str](), frozenset[str]())
        name = self._named(node.name)
        with self._scope(free, fixed, self._method(node)):
            body = self.block(node.body, docstring=True)
        return type(node).__name__, name, header, self.form(getattr(node, "type_params", [])), body

    _of_FunctionDef = _function
    _of_AsyncFunctionDef = _function

    def _method(self, node: Function) -> tuple[str, str] | None:
        """Class and first parameter, where `super()` and `super(class, parameter)` are the same in this function."""
        first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:1]
        if not self._owner or not first or first[0] in self._place.facts.assigned:
            return None
        return self._owner, first[0]

    def _of_Lambda(self, node: ast.Lambda) -> Form:
        arguments = self.form(node.args)
        with self._scope(frozenset(), parameter_names(node.args), None):
            return "Lambda", arguments, self.form(node.body)

    def _comprehension(self, node: Comprehension) -> Form:
        names = target_names(node.generators) if self._alpha else frozenset[str]()
        generator = simplest(node.generators[0], self._place)
        first = self.form(generator.iter)
        with self._scope(*((frozenset[str](), names) if reflective(node) else (names, frozenset[str]())), None):
            head = first, self.form(generator.target), self.form(generator.ifs), generator.is_async
            others = self.form(node.generators[1:])
            elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            return type(node).__name__, head, others, self.form(elements)

    _of_ListComp = _comprehension
    _of_SetComp = _comprehension
    _of_DictComp = _comprehension
    _of_GeneratorExp = _comprehension

    def _of_ClassDef(self, node: ast.ClassDef) -> Form:
        header = self.class_header(node)
        place, owner = self._place, self._owner
        self._place, self._owner = replace(place, method=None), owner_name(node, owner)
        body = self.block(node.body, docstring=True)
        self._place, self._owner = place, owner
        return header, body

    def class_header(self, node: ast.ClassDef) -> Form:
        """The form of a class without its body."""
        simple = simplest(node, self._place)
        parts = (simple.bases, simple.keywords, simple.decorator_list, getattr(simple, "type_params", []))
        return "ClassDef", node.name, *map(self.form, parts)

    # Annotations

    def _of_arg(self, node: ast.arg) -> Form:
        return "arg", node.arg, self._annotation(node.annotation)

    def _of_AnnAssign(self, node: ast.AnnAssign) -> Form:
        return self._fields(node, annotation=self._annotation(node.annotation))

    def _annotation(self, node: ast.expr | None) -> Form:
        facts = self._place.facts
        member = facts.typing_member(node) if node else ""
        generic = BUILTIN_GENERICS.get(member)
        if generic and generic not in facts.bound:
            return "Name", generic
        if isinstance(node, ast.Subscript):
            member = facts.typing_member(node.value)
            if member in ("Optional", "Union"):
                return self._union(node)
            if member in ("Literal", "Annotated"):
                return self.form(node)
            return "Subscript", self._annotation(node.value), self._annotation(node.slice)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node)
        if isinstance(node, ast.Tuple | ast.List):
            return type(node).__name__, *map(self._annotation, node.elts)
        return self.form(node)

    def _union(self, node: ast.Subscript | ast.BinOp) -> Form:
        """The members of a union, None last. At run time, `"A" | None` fails where `Optional["A"]` does not."""
        members = list(self._members(node))
        quoted = any(isinstance(member, ast.Constant) and isinstance(member.value, str) for member in members)
        forms = dict.fromkeys(map(self._annotation, members))
        ordered = (*(form for form in forms if form != _NONE), *(form for form in forms if form == _NONE))
        fragile = quoted and not self._place.facts.postponed and isinstance(node, ast.BinOp)
        return "fragile union" if fragile else "union", *ordered

    def _members(self, node: ast.expr) -> Iterator[ast.expr]:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            yield from self._members(node.left)
            yield from self._members(node.right)
            return
        member = self._place.facts.typing_member(node.value) if isinstance(node, ast.Subscript) else ""
        if isinstance(node, ast.Subscript) and member in ("Optional", "Union"):
            for element in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
                yield from self._members(element)
            if member == "Optional":
                yield ast.Constant(None)
        else:
            yield node

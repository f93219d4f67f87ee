"""The normal form of Python statements: nested tuples that are equal where the code means the same.

Knows blocks of statements, docstrings, annotations and scopes; single nodes come from synonyms.py. With `alpha`, names
that are purely local stand as numbers in the order of their appearance: forms are equal up to local renaming.
Does not know source text: layout, comments, quotes and the spelling of literals are gone before it starts.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from codetune_git.languages.python.proof import judging
from codetune_git.languages.python.proof.bindings import Binder, Scope, declares_globals, scope_of
from codetune_git.languages.python.proof.docstrings import Docstring, docstring_form, free_docstring
from codetune_git.languages.python.proof.import_runs import import_run, is_import
from codetune_git.languages.python.proof.kinds import Flow
from codetune_git.languages.python.proof.module_facts import BUILTIN_GENERICS
from codetune_git.languages.python.proof.place import Method, Place
from codetune_git.languages.python.proof.renaming import (
    Comprehension,
    Function,
    comprehension_names,
    own_names,
    parameter_names,
)
from codetune_git.languages.python.proof.synonyms import simplest
from codetune_git.text.assumptions import Assumption, Trust

Form = Hashable
UNREAD = frozenset({"ctx", "kind", "type_comment"})  # fields of nodes that change no program
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


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a block: its scopes, and the class it is the body of, if its methods can name that."""

    scopes: tuple[Scope, ...]
    owner: ast.ClassDef | None = None
    nested: bool = False

    def inside(self, node: ast.ClassDef) -> Around:
        """What stands around the body of a class; a class in a class is no name that its methods can see."""
        return Around((*self.scopes, scope_of(node)), None if self.nested else node, True)


class NormalForm:
    """Builds normal forms for one module. `allowed`: what may be assumed."""

    def __init__(self, flow: Flow, around: Around, *, allowed: frozenset[Assumption], alpha: bool = False) -> None:
        self._place = Place(replace(flow, scopes=around.scopes), allowed)
        self._around = around
        self._alpha = alpha
        self._frames: list[_Frame] = []
        self._in_try = False

    @property
    def used(self) -> frozenset[Assumption]:
        """What was assumed so far."""
        return frozenset(self._place.used)

    def block(self, statements: Sequence[ast.stmt], docstring: Docstring = Docstring.NONE) -> Form:
        """The form of consecutive statements; a string that stands first may document the block."""
        forms: list[Form] = []
        documented = docstring_form(
            statements, docstring, lambda: self._place.may(Assumption.DOCSTRINGS, Trust.SUPPORTED)
        )
        if documented is not None:
            forms.append(documented)
            statements = statements[1:]
        for imports, group in groupby(_flat(statements), key=is_import):
            run = tuple(group)
            forms += [self._imports(run)] if imports else [self.form(statement) for statement in run]
        return tuple(forms)

    def _imports(self, run: Sequence[ast.stmt]) -> Form:
        """A run of imports; where others go on after one that fails, each keeps its statement: the first decides."""
        if self._in_try:
            return tuple(import_run([statement], lambda module: False) for statement in run)
        return import_run(run, self._import_is_free)

    def _import_is_free(self, module: str) -> bool:
        return self._place.may(Assumption.IMPORTS, judging.import_is_free(module, self._place.facts))

    def _survived(self, node: ast.AST) -> Form:
        """What may go on where something inside fails: `try`, and `with`, whose manager may suppress it."""
        outer, self._in_try = self._in_try, True
        form = self._fields(node)
        self._in_try = outer
        return form

    _of_Try = _of_TryStar = _of_With = _of_AsyncWith = _survived

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
        names = [name for name in node._fields if name not in UNREAD]
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
    def _scope(self, node: Binder, names: tuple[frozenset[str], frozenset[str]]) -> Iterator[None]:
        """Inside a function, a lambda or a comprehension; `names`: those that are free and those that are fixed."""
        place, around, in_try = self._place, self._around, self._in_try
        method = isinstance(node, Function) and isinstance(around.scopes[-1].node, ast.ClassDef)
        owner = around.scopes[-1].node if method else None
        scope = scope_of(node, owner if isinstance(owner, ast.ClassDef) else None)
        self._place = replace(
            place, flow=replace(place.flow, scopes=(*around.scopes, scope)), method=self._method(node, around)
        )
        self._around = Around((*around.scopes, scope))
        # Whoever calls it may go on; what it has bound by then is seen only where it is global.
        self._in_try = declares_globals(node)
        self._frames.append(_Frame(len(self._frames), *names))
        yield
        self._frames.pop()
        self._place, self._around, self._in_try = place, around, in_try

    def _function(self, node: Function) -> Form:
        header = self.form(node.decorator_list), self.form(node.args), self._annotation(node.returns)
        names = own_names(node) if self._alpha else (frozenset[str](), frozenset[str]())
        name = self._named(node.name)
        with self._scope(node, names):
            body = self.block(node.body, free_docstring(node, self._place.facts))
        return type(node).__name__, name, header, self.form(getattr(node, "type_params", [])), body

    _of_FunctionDef = _function
    _of_AsyncFunctionDef = _function

    def _method(self, node: Binder, around: Around) -> Method | None:
        """Class and first parameter, where `super()` and `super(class, parameter)` are the same in this function."""
        if not isinstance(node, Function) or around.owner is None:
            return None
        first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:1]
        facts = self._place.facts
        if not first or first[0] in facts.assigned or "__class__" in facts.assigned:
            return None
        return Method(around.owner.name, first[0], judging.class_kept(around.owner, facts))

    def _of_Lambda(self, node: ast.Lambda) -> Form:
        arguments = self.form(node.args)
        with self._scope(node, (frozenset(), parameter_names(node.args))):
            return "Lambda", arguments, self.form(node.body)

    def _comprehension(self, node: Comprehension) -> Form:
        names = comprehension_names(node) if self._alpha else (frozenset[str](), frozenset[str]())
        generator = simplest(node.generators[0], self._place)
        first = self.form(generator.iter)
        with self._scope(node, names):
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
        place, around = self._place, self._around
        self._around = around.inside(node)
        self._place = replace(place, flow=replace(place.flow, scopes=self._around.scopes), method=None)
        body = self.block(node.body, free_docstring(node, place.facts))
        self._place, self._around = place, around
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
        # Python never looks at the annotation of a function's own variable.
        return self._fields(node, annotation=self._annotation(node.annotation, kept=not self._in_function()))

    def _in_function(self) -> bool:
        return isinstance(self._around.scopes[-1].node, Function)

    def _annotation(self, node: ast.expr | None, *, kept: bool = True) -> Form:
        """The form of an annotation; `kept`: it can be read when the program runs."""
        facts = self._place.facts
        member = facts.typing_member(node) if node else ""
        generic = BUILTIN_GENERICS.get(member)
        if generic and facts.means_builtin(generic):
            newer = not kept or facts.postponed or facts.new_generics
            return ("Name", generic) if newer and self._unread(kept) else self.form(node)
        if isinstance(node, ast.Subscript):
            member = facts.typing_member(node.value)
            if member in ("Optional", "Union"):
                return self._union(node, kept)
            if member in ("Literal", "Annotated"):
                return self.form(node)
            return "Subscript", self._annotation(node.value, kept=kept), self._annotation(node.slice, kept=kept)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return self._union(node, kept)
        if isinstance(node, ast.Tuple | ast.List):
            return type(node).__name__, *(self._annotation(element, kept=kept) for element in node.elts)
        return self.form(node)

    def _unread(self, kept: bool) -> bool:
        trust = judging.annotations_unread(self._place.facts) if kept else Trust.PROVEN
        return self._place.may(Assumption.ANNOTATIONS, trust)

    def _union(self, node: ast.Subscript | ast.BinOp, kept: bool) -> Form:
        """The members of a union, None last, where all spellings of it do the same here."""
        members = list(self._members(node))
        forms = dict.fromkeys(self._annotation(member, kept=kept) for member in members)
        if self._unread(kept) and (not kept or self._joinable(members)):
            return "union", *(form for form in forms if form != _NONE), *(form for form in forms if form == _NONE)
        if isinstance(node, ast.BinOp):
            return "bar", self._annotation(node.left, kept=kept), self._annotation(node.right, kept=kept)
        return "Subscript", self.form(node.value), self._annotation(node.slice, kept=kept)

    def _joinable(self, members: Sequence[ast.expr]) -> bool:
        """Whether `|` can stand between the members: it is not evaluated, or this Python knows it and they do."""
        facts = self._place.facts
        if facts.postponed:
            return True
        return facts.new_unions and self._place.may(Assumption.BAR, judging.joins(members, self._place.flow))

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

"""What kind of value an expression has, as far as its file says: a built-in class, an exception, an own class.

Knows literals, calls of built-ins, annotations, and what names are bound to. Does not know other files. A kind that
an annotation, a default or a use speaks for is not proven; one that data flow shows is.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, replace

from codetune_git.languages.python.proof.attributes import Assigned, attribute_values
from codetune_git.languages.python.proof.bindings import Bound, How, Scope, scope_of
from codetune_git.languages.python.proof.module_facts import BUILTIN_GENERICS, Facts
from codetune_git.languages.python.proof.uses import METHODS, OF_TEXT, TUPLE, Known, dotted, used_as

EXCEPTION = "exception"
OWN = "own "  # and the name of a class of this file
_DEEPEST = 8

_DISPLAYS: tuple[tuple[tuple[type[ast.AST], ...], str], ...] = (
    ((ast.JoinedStr,), "str"),
    ((ast.List, ast.ListComp), "list"),
    ((ast.Set, ast.SetComp), "set"),
    ((ast.Dict, ast.DictComp), "dict"),
    ((ast.Tuple,), TUPLE),
    ((ast.GeneratorExp,), "generator"),
    ((ast.Lambda,), "function"),
)
_RETURNS = {
    "str": ("ascii", "bin", "chr", "format", "hex", "input", "oct", "repr", "str"),
    "int": ("hash", "id", "int", "len", "ord"),
    "bool": ("all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass"),
    "list": ("dir", "list", "sorted"),
    "float": ("float",),
    "dict": ("dict", "globals", "locals"),
    "set": ("set",),
    "frozenset": ("frozenset",),
    TUPLE: ("tuple",),
    "complex": ("complex",),
    "bytes": ("bytes",),
    "range": ("range",),
}
_CALLS = {name: kind for kind, names in _RETURNS.items() for name in names}
_TEXTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__", "__file__"})
_TEXT_FUNCTIONS = frozenset(
    {"os.getcwd", "os.path.abspath", "os.path.basename", "os.path.dirname", "os.path.join", "os.path.normpath"}
    | {"os.path.realpath", "os.path.expanduser", "json.dumps", "textwrap.dedent", "textwrap.indent", "time.strftime"}
    | {"time.ctime", "platform.python_version", "platform.system", "socket.gethostname", "html.escape", "shlex.quote"}
)
_NUMBERS = frozenset({"int", "float", "bool", "complex"})
# A value of one of these says nothing but what it always says; its text can change nothing else.
IMMUTABLE = frozenset({"str", "int", "float", "bool", "complex", "bytes", "NoneType", "range", "function"})


def is_exception_name(name: str) -> bool:
    """Whether `name` is that of a built-in exception."""
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _proven(*kinds: str) -> Known:
    return Known(frozenset(kinds), True)


def _joined(found: Iterable[Known | None]) -> Known | None:
    kinds: set[str] = set()
    proven = True
    for one in found:
        if one is None:
            return None
        kinds |= one.kinds
        proven = proven and one.proven
    return Known(frozenset(kinds), proven) if kinds else None


@dataclass(frozen=True, slots=True)
class Flow:
    """Where an expression stands: the facts of its module and the scopes around it, the module's first."""

    facts: Facts
    scopes: tuple[Scope, ...]
    depth: int = 0

    def deeper(self) -> Flow:
        return replace(self, depth=self.depth + 1)

    def scope_of(self, name: str) -> tuple[Scope, Flow] | None:
        """The scope that binds `name` here, and where its bindings stand; a class hides its names from functions."""
        for position in range(len(self.scopes) - 1, -1, -1):
            scope = self.scopes[position]
            hidden = isinstance(scope.node, ast.ClassDef) and position < len(self.scopes) - 1
            if name in scope.names and not hidden:
                return scope, Flow(self.facts, self.scopes[: position + 1], self.depth + 1)
        return None

    def is_local(self, name: str) -> bool:
        """Whether nothing but the own statements of the function around can bind `name` anew."""
        found = self.scope_of(name)
        if found is None or isinstance(found[0].node, ast.Module | ast.ClassDef) or found[0] is not self.scopes[-1]:
            return False
        return all(bound.how is not How.OTHER for bound in found[0].names[name])

    def bindings(self, name: str) -> tuple[Bound, ...]:
        found = self.scope_of(name)
        return found[0].names[name] if found else ()

    def source(self, node: ast.expr) -> str:
        """What an imported name stands for, as `module` or `module:name`; "" where that is not clear."""
        if isinstance(node, ast.Attribute):
            inner = self.source(node.value)
            return f"{inner}{'.' if ':' in inner else ':'}{node.attr}" if inner else ""
        if not isinstance(node, ast.Name):
            return ""
        sources = {bound.source for bound in self.bindings(node.id)}
        return sources.pop() if len(sources) == 1 else ""

    def known(self, node: ast.expr) -> Known | None:
        """The kinds of `node`; None where nothing speaks for any."""
        if self.depth > _DEEPEST:
            return None
        here = self.deeper()
        if isinstance(node, ast.Constant):
            return _proven(type(node.value).__name__)
        for types, kind in _DISPLAYS:
            if isinstance(node, types):
                return _proven(kind)
        if isinstance(node, ast.Name):
            return here._of_name(node)
        if isinstance(node, ast.Attribute):
            return here._of_attribute(node)
        if isinstance(node, ast.Call):
            return here._of_call(node)
        return here._of_operator(node)

    def _of_operator(self, node: ast.expr) -> Known | None:
        if isinstance(node, ast.IfExp):
            return _joined([self.known(node.body), self.known(node.orelse)])
        if isinstance(node, ast.BoolOp):
            return _joined(map(self.known, node.values))
        if isinstance(node, ast.NamedExpr):
            return self.known(node.value)
        if isinstance(node, ast.UnaryOp):
            return _proven("bool") if isinstance(node.op, ast.Not) else self._number(node.operand)
        if isinstance(node, ast.Compare):
            plain = all(isinstance(op, ast.Is | ast.IsNot | ast.In | ast.NotIn) for op in node.ops)
            return _proven("bool") if plain and len(node.ops) == 1 else None
        if isinstance(node, ast.Subscript):
            whole = self.known(node.value)
            return whole if whole and whole.kinds == {"str"} else None
        return self._of_arithmetic(node) if isinstance(node, ast.BinOp) else None

    def _number(self, node: ast.expr) -> Known | None:
        found = self.known(node)
        return found if found and found.kinds <= _NUMBERS else None

    def _of_arithmetic(self, node: ast.BinOp) -> Known | None:
        left, right = self.known(node.left), self.known(node.right)
        if left and left.kinds == {"str"} and isinstance(node.op, ast.Mod):
            return left
        if left is None or right is None:
            text = [one for one in (left, right) if one and one.kinds == {"str"}]
            return text[0].doubted() if text and isinstance(node.op, ast.Add) else None
        if left.kinds == right.kinds == {"str"} and isinstance(node.op, ast.Add):
            return _joined([left, right])
        if left.kinds | right.kinds <= _NUMBERS:
            return Known(_NUMBERS - {"bool"}, left.proven and right.proven)
        repeated = {frozenset(["str"]), frozenset(["int"])}
        if {left.kinds, right.kinds} == repeated and isinstance(node.op, ast.Mult):
            return replace(_proven("str"), proven=left.proven and right.proven)
        return None

    def _of_call(self, node: ast.Call) -> Known | None:
        func = node.func
        if isinstance(func, ast.Attribute):
            return self._of_method(func)
        if not isinstance(func, ast.Name):
            return None
        if self.facts.means_builtin(func.id):
            if is_exception_name(func.id):
                return _proven(EXCEPTION)
            return _proven(_CALLS[func.id]) if func.id in _CALLS else None
        kinds = {bound.how for bound in self.bindings(func.id)}
        if kinds == {How.CLASS} and func.id in self.facts.classes:
            return _proven(OWN + func.id).doubted()
        if kinds == {How.FUNCTION}:
            return self._returned(self.bindings(func.id))
        return None

    def _returned(self, bindings: Iterable[Bound]) -> Known | None:
        """What an own function says to return."""
        returns = [getattr(bound.node, "returns", None) for bound in bindings]
        return _joined(self.annotated(one) if one is not None else None for one in returns)

    def _of_method(self, func: ast.Attribute) -> Known | None:
        if self.source(func).replace(":", ".") in _TEXT_FUNCTIONS:
            return _proven("str").doubted()
        kind = METHODS.get(func.attr)
        receiver = self.known(func.value) if kind else None
        if receiver and receiver.kinds == {"str"} and kind:
            return Known(frozenset([kind]), receiver.proven)
        if receiver is None and kind and func.attr in OF_TEXT:
            return _proven(kind).doubted()
        own = self._own_class(func.value)
        method = next((n for n in own.body if getattr(n, "name", "") == func.attr), None) if own else None
        return self._returned([Bound(How.FUNCTION, method)]) if method is not None else None

    def _own_class(self, node: ast.expr) -> ast.ClassDef | None:
        """The class of this file that `node` is an object of."""
        found = self.known(node)
        name = next(iter(found.kinds)) if found and len(found.kinds) == 1 else ""
        return self.facts.classes.get(name.removeprefix(OWN)) if name.startswith(OWN) else None

    # Names

    def _of_name(self, node: ast.Name) -> Known | None:
        if node.id in _TEXTS and node.id not in self.facts.times:
            return _proven("str").doubted()
        found = self.scope_of(node.id)
        if found is None:
            return None
        scope, there = found
        bindings = scope.names[node.id]
        known = _joined(there._of_bound(scope, node.id, bound) for bound in bindings if bound.how is not How.DECLARED)
        if known is None and all(bound.how is How.PARAMETER for bound in bindings):
            known = used_as(scope, node.id)
        declared = [bound.annotation for bound in bindings if bound.annotation is not None]
        if known is None and declared and all(bound.how is not How.OTHER for bound in bindings):
            known = there.annotated(declared[0])
        changeable = isinstance(scope.node, ast.Module | ast.ClassDef)
        return known.doubted() if known and changeable else known

    def _of_bound(self, scope: Scope, name: str, bound: Bound) -> Known | None:
        if bound.how is How.EXCEPTION:
            return _proven(EXCEPTION)
        if bound.how is How.ARGUMENTS:
            return _proven(TUPLE)
        if bound.how is How.KEYWORDS:
            return _proven("dict")
        if bound.how is How.POSITION:
            return _proven("int") if self.facts.means_builtin("enumerate") else None
        if bound.how is How.VALUE and isinstance(bound.node, ast.expr):
            return self.known(bound.node)
        if bound.how is How.ELEMENT and isinstance(bound.node, ast.expr):
            return self._element(bound.node)
        if bound.how is How.PARAMETER:
            return self._of_parameter(scope, name, bound)
        return None

    def _of_parameter(self, scope: Scope, name: str, bound: Bound) -> Known | None:
        if name == scope.first and scope.owner is not None and scope.owner.name in self.facts.classes:
            return _proven(OWN + scope.owner.name).doubted()
        if bound.annotation is not None:
            return self.annotated(bound.annotation)
        default = self.known(bound.node) if isinstance(bound.node, ast.expr) else None
        return default.doubted() if default and default.kinds != {"NoneType"} else None

    def _element(self, node: ast.expr) -> Known | None:
        """What one gets of `node` by iterating over it."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and node.elts:
            return _joined(map(self.known, node.elts))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            split = node.func.attr in ("split", "rsplit", "splitlines", "readlines")
            return _proven("str").doubted() if split else None
        found = self.known(node)
        if found and found.kinds == {"range"}:
            return Known(frozenset(["int"]), found.proven)
        return found if found and found.kinds == {"str"} else None

    def _of_attribute(self, node: ast.Attribute) -> Known | None:
        if node.attr in _TEXTS:
            return _proven("str").doubted()
        own = self._own_class(node.value)
        if own is None:
            return used_as(self.scopes[-1], dotted(node))
        found = [self._assigned(own, value) for value in attribute_values(own, node.attr)]
        return known.doubted() if (known := _joined(found)) else used_as(self.scopes[-1], dotted(node))

    def _assigned(self, own: ast.ClassDef, value: Assigned) -> Known | None:
        """What is assigned to an attribute inside of a method of `own`; the method has names of its own."""
        if value.annotation is not None:
            return self.annotated(value.annotation)
        if value.value is None:
            return None
        if value.method is None:
            return Flow(self.facts, self.scopes[:1], self.depth + 1).known(value.value)
        inside = (*self.scopes[:1], scope_of(value.method, own))
        return Flow(self.facts, inside, self.depth + 1).known(value.value)

    # Annotations

    def annotated(self, node: ast.expr) -> Known | None:
        """The kinds that an annotation names; None where it names one that could be anything."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                return self.annotated(ast.parse(node.value, mode="eval").body)
            except (SyntaxError, ValueError):
                return None
        if isinstance(node, ast.Constant) and node.value is None:
            return _proven("NoneType").doubted()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _joined([self.annotated(node.left), self.annotated(node.right)])
        member = self.facts.typing_member(node.value if isinstance(node, ast.Subscript) else node)
        if isinstance(node, ast.Subscript):
            inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if member in ("Optional", "Union"):
                extra = [_proven("NoneType")] if member == "Optional" else []
                return _joined([*map(self.annotated, inner), *extra])
            return self.annotated(node.value)
        if member in BUILTIN_GENERICS:
            return _proven(BUILTIN_GENERICS[member]).doubted()
        return self._annotated_name(node)

    def _annotated_name(self, node: ast.expr) -> Known | None:
        if not isinstance(node, ast.Name):
            return None
        if self.facts.means_builtin(node.id) and node.id not in ("object", "callable"):
            found = getattr(builtins, node.id)
            if isinstance(found, type):
                return _proven(EXCEPTION if issubclass(found, BaseException) else node.id).doubted()
        return _proven(OWN + node.id).doubted() if node.id in self.facts.classes else None

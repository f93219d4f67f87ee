"""What kind of value an expression has, as far as its file says: a built-in class, an exception, an own class.

Knows literals, calls of built-ins, annotations, and what names are bound to. Does not know other files. A kind that
an annotation, a default or a use speaks for is not proven; one that data flow shows is.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, replace

from codetune_git.text.bindings import Bound, How, Scope, scope_of
from codetune_git.text.module_facts import BUILTIN_GENERICS, Facts

EXCEPTION = "exception"
TUPLE = "tuple"
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
_TEXT_METHODS = frozenset(
    {"capitalize", "casefold", "center", "expandtabs", "format", "join", "ljust", "lower", "lstrip", "removeprefix"}
    | {"removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"}
)
_METHODS = dict.fromkeys(_TEXT_METHODS, "str") | {
    "encode": "bytes",
    "endswith": "bool",
    "find": "int",
    "isdigit": "bool",
    "isidentifier": "bool",
    "rfind": "int",
    "rsplit": "list",
    "split": "list",
    "splitlines": "list",
    "startswith": "bool",
}
_OF_TEXT = frozenset(_METHODS) - {"format", "replace", "find", "join"} | {"join", "find"}
_TEXTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__", "__file__"})
_TEXT_FUNCTIONS = frozenset(
    {"os.getcwd", "os.path.abspath", "os.path.basename", "os.path.dirname", "os.path.join", "os.path.normpath"}
    | {"os.path.realpath", "os.path.expanduser", "json.dumps", "textwrap.dedent", "textwrap.indent", "time.strftime"}
    | {"time.ctime", "platform.python_version", "platform.system", "socket.gethostname", "html.escape", "shlex.quote"}
)
_NUMBERS = frozenset({"int", "float", "bool", "complex"})
# A value of one of these says nothing but what it always says; its text can change nothing else.
IMMUTABLE = frozenset({"str", "int", "float", "bool", "complex", "bytes", "NoneType", "range", "function"})


@dataclass(frozen=True, slots=True)
class Known:
    """The classes that a value can be of; `proven`: it can be of no other."""

    kinds: frozenset[str]
    proven: bool

    def doubted(self) -> Known:
        return replace(self, proven=False)


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


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    inner = dotted(node.value) if isinstance(node, ast.Attribute) else ""
    return f"{inner}.{node.attr}" if isinstance(node, ast.Attribute) and inner else ""


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
        kind = _METHODS.get(func.attr)
        receiver = self.known(func.value) if kind else None
        if receiver and receiver.kinds == {"str"} and kind:
            return Known(frozenset([kind]), receiver.proven)
        if receiver is None and kind and func.attr in _OF_TEXT:
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
        found = [self._assigned(own, value) for value in _attribute_values(own, node.attr)]
        return known.doubted() if (known := _joined(found)) else used_as(self.scopes[-1], dotted(node))

    def _assigned(self, own: ast.ClassDef, value: _Assigned) -> Known | None:
        """What is assigned to an attribute inside of a method of `own`; names of the method are seen by its own look."""
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


@dataclass(frozen=True, slots=True)
class _Assigned:
    """What an attribute of a class's objects is assigned, and in which method."""

    value: ast.expr | None
    annotation: ast.expr | None
    method: ast.FunctionDef | ast.AsyncFunctionDef | None


def _attribute_values(own: ast.ClassDef, attr: str) -> list[_Assigned]:
    """Everything that the class assigns to the attribute; a value of None where it is unpacked or changed in place."""
    found: list[_Assigned] = []
    for statement in own.body:
        if isinstance(statement, ast.AnnAssign) and dotted(statement.target) == attr:
            found.append(_Assigned(None, statement.annotation, None))
        elif isinstance(statement, ast.Assign) and any(dotted(target) == attr for target in statement.targets):
            found.append(_Assigned(statement.value, None, None))
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            if statement.name == attr:
                found.append(_Assigned(None, statement.returns, None))
            found += _stored(statement, attr)
    return found


def _stored(method: ast.FunctionDef | ast.AsyncFunctionDef, attr: str) -> list[_Assigned]:
    values: dict[int, _Assigned] = {}
    stored: list[int] = []
    for node in ast.walk(method):
        if isinstance(node, ast.Assign):
            values |= {id(target): _Assigned(node.value, None, method) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            values[id(node.target)] = _Assigned(None, node.annotation, method)
        elif isinstance(node, ast.Attribute) and node.attr == attr and isinstance(node.ctx, ast.Store):
            stored.append(id(node))
    return [values.get(one, _Assigned(None, None, None)) for one in stored]


def is_exception_name(name: str) -> bool:
    """Whether `name` is that of a built-in exception."""
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


# Uses


def used_as(scope: Scope, path: str) -> Known | None:
    """The kind that the uses of `path` in a scope speak for; None where they say nothing, or that it is a tuple."""
    if not path or isinstance(scope.node, ast.Module):
        return None
    kinds: set[str] = set()
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Call) and any(dotted(argument) == path for argument in node.args[:1]):
            if isinstance(node.func, ast.Name) and node.func.id == "isinstance" and len(node.args) == 2:
                if any(isinstance(n, ast.Name) and n.id == TUPLE for n in ast.walk(node.args[1])):
                    return None
        kinds |= _use(node, path)
    return Known(frozenset(kinds), False) if len(kinds) == 1 else None


def _literal_kind(node: ast.expr) -> set[str]:
    if isinstance(node, ast.Constant) and type(node.value) in (str, int, float):
        return {type(node.value).__name__}
    return {"str"} if isinstance(node, ast.JoinedStr) else set()


def _use(node: ast.AST, path: str) -> set[str]:
    """What one node says about `path`, if it uses it."""
    if isinstance(node, ast.Attribute) and node.attr in _OF_TEXT and dotted(node.value) == path:
        return {"str"}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        sides = ((node.left, node.right), (node.right, node.left))
        return set().union(*(_literal_kind(other) for one, other in sides if dotted(one) == path))
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and dotted(node.left) == path:
        if isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            return _literal_kind(node.comparators[0])
        listed = node.comparators[0]
        if isinstance(node.ops[0], ast.In | ast.NotIn) and isinstance(listed, ast.Tuple | ast.List | ast.Set):
            return set().union(*map(_literal_kind, listed.elts))
    return set()

"""Python expressions and statements that mean the same: one of them is taken as the normal one.

Each rule maps a syntax node to another that says the same, or to None. Knows single nodes and what the file says about
them; does not know blocks of statements or annotations (normal_form.py). Nodes are never changed, only replaced.

A rule that rests on more than the language asks its place: `may` says yes where the file proves the assumption, and
where it supports it and the place allows it. `ASSUMED` says which kinds of synonyms rest on what.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from codetune_git.languages.python.proof import judging
from codetune_git.languages.python.proof.formats import f_string, field, format_call, logged, modulo
from codetune_git.languages.python.proof.place import Place
from codetune_git.text.assumptions import Assumption, Trust


def _changed(node: Any, **fields: object) -> Any:
    return type(node)(**{name: getattr(node, name, []) for name in node._fields} | fields)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


# Comparisons


def _as_tuple(node: ast.expr) -> ast.expr:
    return ast.Tuple(node.elts, ast.Load()) if isinstance(node, ast.List) else node


def _chain(node: ast.Compare, place: Place) -> ast.expr | None:
    """`a < b < c` as `a < b and b < c`, where b may be read twice and a false part asked for its truth twice."""
    operands = [node.left, *node.comparators]
    middle = operands[1:-1]
    if not all(isinstance(operand, ast.Name | ast.Constant) for operand in middle):
        return None
    if not all(place.may(Assumption.ORDER, judging.twice(operand, place.flow)) for operand in middle):
        return None
    if not place.may(Assumption.ORDER, judging.asked_once(node, place.flow)):
        return None
    pairs = zip(operands, node.ops, node.comparators, strict=False)
    return ast.BoolOp(ast.And(), [ast.Compare(left, [op], [right]) for left, op, right in pairs])


def _compare(node: ast.Compare, place: Place) -> ast.expr | None:
    if len(node.ops) > 1:
        return _chain(node, place)
    op, right = node.ops[0], node.comparators[0]
    identity = {ast.Eq: ast.Is, ast.NotEq: ast.IsNot}.get(type(op))
    if identity and (_is_none(node.left) or _is_none(right)):
        plain = place.may(Assumption.NONE, judging.equals_plainly(node, place.flow))
        return ast.Compare(node.left, [identity()], [right]) if plain else None
    if isinstance(op, ast.In | ast.NotIn) and isinstance(right, ast.List):
        return ast.Compare(node.left, [op], [_as_tuple(right)])
    return None


def _not(node: ast.UnaryOp, place: Place) -> ast.expr | None:
    operand = simplest(node.operand, place)
    if not isinstance(node.op, ast.Not) or not isinstance(operand, ast.Compare) or len(operand.ops) != 1:
        return None
    negated = {ast.In: ast.NotIn, ast.Is: ast.IsNot}.get(type(operand.ops[0]))
    return negated and ast.Compare(operand.left, [negated()], operand.comparators)


def _bool(node: ast.BoolOp, place: Place) -> ast.expr | None:
    values = [simplest(value, place) for value in node.values]
    flat: list[ast.expr] = []
    for value in values:
        nested = isinstance(value, ast.BoolOp) and type(value.op) is type(node.op)
        flat += value.values if nested else [value]
    return ast.BoolOp(node.op, flat) if len(flat) > len(values) else None


# Constructors and other calls

_EMPTY: Mapping[str, Callable[[], ast.expr]] = {
    "dict": lambda: ast.Dict([], []),
    "list": lambda: ast.List([], ast.Load()),
    "tuple": lambda: ast.Tuple([], ast.Load()),
}


def _keyword_dict(node: ast.Call) -> ast.expr | None:
    keys: list[ast.expr | None] = [ast.Constant(k.arg) for k in node.keywords if k.arg]
    return ast.Dict(keys, [k.value for k in node.keywords]) if len(keys) == len(node.keywords) else None


def _filled(name: str, argument: ast.ListComp | ast.GeneratorExp, place: Place) -> ast.expr | None:
    """The comprehension that `name` makes of a generator or of a list."""
    element = argument.elt
    pair = element.elts if isinstance(element, ast.Tuple) and len(element.elts) == 2 else None
    if any(isinstance(part, ast.Starred) for part in pair or ()) or (name == "dict" and pair is None):
        return None
    elements = pair if name == "dict" and pair else [element]
    if not _may_fill(name, elements, argument, place):
        return None
    if name == "dict":
        return ast.DictComp(elements[0], elements[1], argument.generators)
    kind = {"set": ast.SetComp, "list": ast.ListComp}.get(name)
    return kind and kind(element, argument.generators)


_FEW = 2  # constants, which CPython does not fold into a frozenset
_ONLY_HERE = frozenset({"super", "__class__", "locals", "vars", "eval", "exec", "dir", "_getframe", "currentframe"})


def _may_fill(name: str, elements: list[ast.expr], argument: ast.ListComp | ast.GeneratorExp, place: Place) -> bool:
    first, *others = argument.generators
    inside = [*elements, *first.ifs, first.target, *others]
    for part in (part for node in inside for part in ast.walk(node)):
        if isinstance(part, ast.Await | ast.Yield | ast.YieldFrom) or getattr(part, "is_async", False):
            return False
        if getattr(part, "id", getattr(part, "attr", "")) in _ONLY_HERE:
            return False
    if first.is_async:
        return False
    if isinstance(argument, ast.GeneratorExp):
        trust = judging.stops_nowhere(elements, argument.generators, place.facts)
        return place.may(Assumption.STOP_ITERATION, trust)
    return name == "list" or place.may(Assumption.ORDER, Trust.SUPPORTED)  # hashed after all, or one by one


def _collected(name: str, argument: ast.expr, place: Place) -> ast.expr | None:
    """The display or comprehension that `name(argument)` stands for."""
    if isinstance(argument, ast.ListComp | ast.GeneratorExp):
        return _filled(name, argument, place)
    if name == "set" and isinstance(argument, ast.List | ast.Tuple) and _filled_one_by_one(argument.elts):
        return ast.Set(argument.elts)
    return None


def _filled_one_by_one(elements: Sequence[ast.expr]) -> bool:
    """Whether a display of them is a set made element by element: one of constants is copied, in another order."""
    if not elements or any(isinstance(element, ast.Starred) for element in elements):
        return False
    return len(elements) <= _FEW or any(isinstance(part, ast.Name) for one in elements for part in ast.walk(one))


def _constructor(node: ast.Call, place: Place) -> ast.expr | None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in ("dict", "list", "tuple", "set") or not place.facts.means_builtin(name):
        return None
    if not node.args:
        if not node.keywords:
            return _EMPTY[name]() if name in _EMPTY else None
        return _keyword_dict(node) if name == "dict" else None
    return _collected(name, node.args[0], place) if len(node.args) == 1 and not node.keywords else None


def _super(node: ast.Call, place: Place) -> ast.expr | None:
    method = place.method
    if method is None or node.args or node.keywords or not place.facts.is_builtin(node.func, "super"):
        return None
    if not place.may(Assumption.OWNER, method.trust):
        return None
    return ast.Call(node.func, [ast.Name(method.owner, ast.Load()), ast.Name(method.first, ast.Load())], [])


def _default_argument(node: ast.Call, place: Place) -> ast.expr | None:
    """`range(0, n)` is `range(n)`, `open(path, "r")` is `open(path)`."""
    if len(node.args) != 2 or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    if any(keyword.arg in (None, "mode", "file") for keyword in node.keywords):
        return None
    first, second = node.args
    if place.facts.is_builtin(node.func, "range") and isinstance(first, ast.Constant) and not node.keywords:
        return _changed(node, args=[second]) if type(first.value) is int and first.value == 0 else None
    if place.facts.is_builtin(node.func, "open") and isinstance(second, ast.Constant) and second.value == "r":
        return ast.Call(node.func, [first], node.keywords)
    return None


CALL_RULES: tuple[Callable[[ast.Call, Place], ast.expr | None], ...] = (
    *(_constructor, _super, format_call, logged, _default_argument),
)


def _call(node: ast.Call, place: Place) -> ast.expr | None:
    for rule in CALL_RULES:
        if (other := rule(node, place)) is not None:
            return other
    return None


# Statements


def _expression(node: ast.Expr, place: Place) -> ast.stmt | None:
    return ast.Pass() if isinstance(node.value, ast.Constant) and node.value.value is ... else None


def _return(node: ast.Return, place: Place) -> ast.stmt | None:
    return ast.Return(None) if node.value is not None and _is_none(node.value) else None


def _while(node: ast.While, place: Place) -> ast.stmt | None:
    test = node.test
    forever = isinstance(test, ast.Constant) and type(test.value) is int and test.value == 1
    return _changed(node, test=ast.Constant(True)) if forever else None


def _raise(node: ast.Raise, place: Place) -> ast.stmt | None:
    call = node.exc
    if not isinstance(call, ast.Call) or call.args or call.keywords:
        return None
    if node.cause is not None and not isinstance(node.cause, ast.Name | ast.Constant):
        return None  # the exception would be made after its cause
    is_class = place.may(Assumption.EXCEPTION, judging.is_exception_class(call.func, place.flow))
    return ast.Raise(call.func, node.cause) if is_class else None


def _loop(node: ast.For | ast.comprehension, place: Place) -> Any:
    return _changed(node, iter=_as_tuple(node.iter)) if isinstance(node.iter, ast.List) else None


def _class(node: ast.ClassDef, place: Place) -> ast.stmt | None:
    bare = len(node.bases) == 1 and not node.keywords and place.facts.is_builtin(node.bases[0], "object")
    return _changed(node, bases=[]) if bare else None


def _assignment(node: ast.Assign, place: Place) -> ast.stmt | None:
    target, function = node.targets[0], node.value
    if len(node.targets) > 1 or not isinstance(target, ast.Name) or not isinstance(function, ast.Lambda):
        return None
    if not place.may(Assumption.FUNCTION_NAME, judging.name_unread(target.id, place.facts)):
        return None
    fields: dict[str, Any] = dict.fromkeys(ast.FunctionDef._fields, None)
    fields |= {"name": target.id, "args": function.args, "body": [ast.Return(function.body)], "decorator_list": []}
    return ast.FunctionDef(**fields | ({"type_params": []} if "type_params" in fields else {}))


RULES: Mapping[type[ast.AST], Callable[[Any, Place], Any]] = {
    ast.Compare: _compare,
    ast.UnaryOp: _not,
    ast.BoolOp: _bool,
    ast.BinOp: modulo,
    ast.JoinedStr: f_string,
    ast.FormattedValue: field,
    ast.Call: _call,
    ast.Expr: _expression,
    ast.Return: _return,
    ast.While: _while,
    ast.Raise: _raise,
    ast.For: _loop,
    ast.comprehension: _loop,
    ast.ClassDef: _class,
    ast.Assign: _assignment,
}


def simplest(node: Any, place: Place) -> Any:
    """The normal node among those that say the same as `node` (its children are as they were)."""
    while (rule := RULES.get(type(node))) is not None:
        other = rule(node, place)
        if other is None:
            break
        node = other
    return node

"""Python expressions and statements that mean the same in practice: one of them is taken as the normal one.

Each rule maps a syntax node to another that says the same, or to None. Knows single nodes and the module's facts; does
not know blocks of statements, scopes or annotations (normal_form.py). Nodes are never changed, only replaced.

"In practice" stands for assumptions that hold in ordinary code and that a program could break on purpose: `==` with
None is not overloaded, `format(x)` is `str(x)`, the operand of `'%s' % x` is no tuple, a logger formats its
message with its arguments, an exception class needs no arguments to be raised as it is raised bare.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from codetune_git.text.module_facts import Facts
from codetune_git.text.placeholders import Field, Part, brace_parts, in_order, percent_parts

LOGGER = re.compile(r"_*(log|logger|logging)", re.IGNORECASE)
LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal"})
# `ctypes.WinError` is a function.
EXCEPTION = re.compile(
    r"(?!WinError$)[A-Z]\w*(Error|Exception|Warning)|KeyboardInterrupt|SystemExit|Stop(Async)?Iteration"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: the module's facts; class and first parameter of the method whose own scope this is."""

    facts: Facts
    method: tuple[str, str] | None = None


def _changed(node: Any, **fields: object) -> Any:
    return type(node)(**{name: getattr(node, name, []) for name in node._fields} | fields)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


# Comparisons


def _identity(op: ast.cmpop, sides: tuple[ast.expr, ast.expr]) -> ast.cmpop:
    other = {ast.Eq: ast.Is, ast.NotEq: ast.IsNot}.get(type(op))
    return other() if other and any(map(_is_none, sides)) else op


def _as_tuple(node: ast.expr) -> ast.expr:
    return ast.Tuple(node.elts, ast.Load()) if isinstance(node, ast.List) else node


def _compare(node: ast.Compare, place: Place) -> ast.expr | None:
    operands = [node.left, *node.comparators]
    pairs = list(zip(operands, node.comparators, strict=False))
    if len(pairs) > 1 and all(isinstance(operand, ast.Name | ast.Constant) for operand in operands[1:-1]):
        links: list[ast.expr] = [
            ast.Compare(left, [op], [right]) for (left, right), op in zip(pairs, node.ops, strict=True)
        ]
        return ast.BoolOp(ast.And(), links)
    ops = [_identity(op, pair) for op, pair in zip(node.ops, pairs, strict=True)]
    right = [
        _as_tuple(operand) if isinstance(op, ast.In | ast.NotIn) else operand
        for op, operand in zip(ops, node.comparators, strict=True)
    ]
    unchanged = all(old is new for old, new in zip([*node.ops, *node.comparators], [*ops, *right], strict=True))
    return None if unchanged else ast.Compare(node.left, ops, right)


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


# Formatting


def _joined(parts: tuple[Part, ...], arguments: list[ast.expr]) -> ast.JoinedStr:
    values: list[ast.expr] = []
    left = iter(arguments)
    for part in parts:
        if isinstance(part, Field):
            spec = ast.JoinedStr([ast.Constant(part.spec)]) if part.spec else None
            values.append(ast.FormattedValue(next(left), ord(part.conversion) if part.conversion else -1, spec))
        else:
            values.append(ast.Constant(part))
    return ast.JoinedStr(values)


def _percent(template: str, arguments: list[ast.expr]) -> ast.JoinedStr | None:
    parts = percent_parts(template)
    fields = sum(isinstance(part, Field) for part in parts or ())
    if parts is None or not fields or fields != len(arguments):
        return None
    return None if any(isinstance(a, ast.Starred) for a in arguments) else _joined(parts, arguments)


def _modulo(node: ast.BinOp, place: Place) -> ast.expr | None:
    template = node.left
    if not isinstance(node.op, ast.Mod) or not isinstance(template, ast.Constant):
        return None
    if not isinstance(template.value, str):
        return None
    return _percent(template.value, node.right.elts if isinstance(node.right, ast.Tuple) else [node.right])


def _format(node: ast.Call, place: Place) -> ast.expr | None:
    func = node.func
    if not (isinstance(func, ast.Attribute) and func.attr == "format" and isinstance(func.value, ast.Constant)):
        return None
    if not isinstance(func.value.value, str) or not (node.args or node.keywords):
        return None
    parts = brace_parts(func.value.value)
    names = [keyword.arg for keyword in node.keywords]
    if parts is None or None in names or any(isinstance(a, ast.Starred) for a in node.args):
        return None
    if not in_order(parts, len(node.args), tuple(name for name in names if name)):
        return None
    return _joined(parts, [*node.args, *(keyword.value for keyword in node.keywords)])


def _f_string(node: ast.JoinedStr, place: Place) -> ast.expr | None:
    if all(map(_is_text, node.values)):
        return ast.Constant("".join(value.value for value in node.values))  # type: ignore[attr-defined]
    return None


def _field(node: ast.FormattedValue, place: Place) -> ast.expr | None:
    spec = node.format_spec
    if isinstance(spec, ast.JoinedStr) and not spec.values:
        return ast.FormattedValue(node.value, node.conversion, None)
    if node.conversion == ord("s") and spec is None:
        return ast.FormattedValue(node.value, -1, None)
    return None


def _log(node: ast.Call, place: Place) -> ast.expr | None:
    func = node.func
    if not (isinstance(func, ast.Attribute) and func.attr in LOG_METHODS and place.facts.logging):
        return None
    name = func.value.id if isinstance(func.value, ast.Name) else getattr(func.value, "attr", "")
    if not LOGGER.fullmatch(name) or len(node.args) < 2 or not isinstance(node.args[0], ast.Constant):
        return None
    if not isinstance(node.args[0].value, str):
        return None
    message = _percent(node.args[0].value, node.args[1:])
    return message and ast.Call(func, [message], node.keywords)


# Constructors and other calls

_EMPTY: Mapping[str, Callable[[], ast.expr]] = {
    "dict": lambda: ast.Dict([], []),
    "list": lambda: ast.List([], ast.Load()),
    "tuple": lambda: ast.Tuple([], ast.Load()),
}


def _keyword_dict(node: ast.Call) -> ast.expr | None:
    keys: list[ast.expr | None] = [ast.Constant(k.arg) for k in node.keywords if k.arg]
    return ast.Dict(keys, [k.value for k in node.keywords]) if len(keys) == len(node.keywords) else None


def _collected(name: str, argument: ast.expr) -> ast.expr | None:
    """The display or comprehension that `name(argument)` stands for."""
    if isinstance(argument, ast.ListComp | ast.GeneratorExp):
        element = argument.elt
        if name == "dict" and isinstance(element, ast.Tuple) and len(element.elts) == 2:
            return ast.DictComp(element.elts[0], element.elts[1], argument.generators)
        kind = {"set": ast.SetComp, "list": ast.ListComp}.get(name)
        return kind and kind(element, argument.generators)
    if name == "set" and isinstance(argument, ast.List | ast.Tuple) and argument.elts:
        return ast.Set(argument.elts)
    return None


def _constructor(node: ast.Call, place: Place) -> ast.expr | None:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in ("dict", "list", "tuple", "set") or name in place.facts.bound:
        return None
    if not node.args:
        return _keyword_dict(node) if name == "dict" and node.keywords else _EMPTY.get(name, lambda: None)()
    return _collected(name, node.args[0]) if len(node.args) == 1 and not node.keywords else None


def _super(node: ast.Call, place: Place) -> ast.expr | None:
    if not place.method or node.args or node.keywords or not place.facts.is_builtin(node.func, "super"):
        return None
    owner, instance = place.method
    return ast.Call(node.func, [ast.Name(owner, ast.Load()), ast.Name(instance, ast.Load())], [])


def _default_argument(node: ast.Call, place: Place) -> ast.expr | None:
    """`range(0, n)` is `range(n)`, `open(path, "r")` is `open(path)`."""
    if len(node.args) != 2 or any(isinstance(argument, ast.Starred) for argument in node.args):
        return None
    first, second = node.args
    if place.facts.is_builtin(node.func, "range") and isinstance(first, ast.Constant):
        return _changed(node, args=[second]) if type(first.value) is int and first.value == 0 else None
    if place.facts.is_builtin(node.func, "open") and isinstance(second, ast.Constant) and second.value == "r":
        return ast.Call(node.func, [first], node.keywords)
    return None


def _call(node: ast.Call, place: Place) -> ast.expr | None:
    for rule in (_constructor, _super, _format, _log, _default_argument):
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
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return ast.Raise(call.func, node.cause) if EXCEPTION.fullmatch(name) else None


def _loop(node: ast.For | ast.comprehension, place: Place) -> Any:
    return _changed(node, iter=_as_tuple(node.iter)) if isinstance(node.iter, ast.List) else None


def _class(node: ast.ClassDef, place: Place) -> ast.stmt | None:
    bare = len(node.bases) == 1 and place.facts.is_builtin(node.bases[0], "object")
    return _changed(node, bases=[]) if bare else None


def _assignment(node: ast.Assign, place: Place) -> ast.stmt | None:
    target, function = node.targets[0], node.value
    if len(node.targets) > 1 or not isinstance(target, ast.Name) or not isinstance(function, ast.Lambda):
        return None
    fields: dict[str, Any] = dict.fromkeys(ast.FunctionDef._fields, None)
    fields |= {"name": target.id, "args": function.args, "body": [ast.Return(function.body)], "decorator_list": []}
    return ast.FunctionDef(**fields | ({"type_params": []} if "type_params" in fields else {}))


_RULES: Mapping[type[ast.AST], Callable[[Any, Place], Any]] = {
    ast.Compare: _compare,
    ast.UnaryOp: _not,
    ast.BoolOp: _bool,
    ast.BinOp: _modulo,
    ast.JoinedStr: _f_string,
    ast.FormattedValue: _field,
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
    while (rule := _RULES.get(type(node))) is not None:
        other = rule(node, place)
        if other is None:
            break
        node = other
    return node

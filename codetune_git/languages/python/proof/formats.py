"""Texts with values in them, as f-strings: `%`, `.format`, fields, and the messages of loggers.

Each rule maps a syntax node to another that says the same, or to None. Knows which operands may be anything, and when
they are evaluated. Does not know what else is a synonym.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from codetune_git.languages.python.proof import judging
from codetune_git.languages.python.proof.place import Place
from codetune_git.languages.python.proof.placeholders import Field, Part, brace_parts, in_order, percent_parts
from codetune_git.text.assumptions import Assumption, Trust

LOGGER = re.compile(r"_*(log|logger|logging)", re.IGNORECASE)
LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal"})


class Late(ast.JoinedStr):
    """Like an f-string, but all operands are evaluated before any is formatted, as `%` and `.format` do."""


def _is_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _joined(parts: tuple[Part, ...], arguments: Sequence[ast.expr], place: Place) -> ast.JoinedStr:
    """The f-string with `arguments` in its fields; a late one where formatting one could change another."""
    values: list[ast.expr] = []
    left = iter(arguments)
    for part in parts:
        if isinstance(part, Field):
            spec = ast.JoinedStr([ast.Constant(part.spec)]) if part.spec else None
            values.append(ast.FormattedValue(next(left), ord(part.conversion) if part.conversion else -1, spec))
        else:
            values.append(ast.Constant(part))
    free = place.may(Assumption.ORDER, judging.order_is_free(arguments, place.flow))
    return ast.JoinedStr(values) if free else Late(values)


def _percent(template: str, arguments: Sequence[ast.expr], place: Place) -> ast.JoinedStr | None:
    parts = percent_parts(template)
    fields = sum(isinstance(part, Field) for part in parts or ())
    if parts is None or not fields or fields != len(arguments):
        return None
    return None if any(isinstance(a, ast.Starred) for a in arguments) else _joined(parts, arguments, place)


def modulo(node: ast.BinOp, place: Place) -> ast.expr | None:
    template, operand = node.left, node.right
    if not isinstance(node.op, ast.Mod) or not isinstance(template, ast.Constant):
        return None
    if not isinstance(template.value, str):
        return None
    if isinstance(operand, ast.Tuple):
        return _percent(template.value, operand.elts, place)
    single = place.may(Assumption.NO_TUPLE, judging.no_tuple(operand, place.flow))
    return _percent(template.value, [operand], place) if single else None


def format_call(node: ast.Call, place: Place) -> ast.expr | None:
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
    return _joined(parts, [*node.args, *(keyword.value for keyword in node.keywords)], place)


def f_string(node: ast.JoinedStr, place: Place) -> ast.expr | None:
    if all(map(_is_text, node.values)):
        return ast.Constant("".join(value.value for value in node.values))  # type: ignore[attr-defined]
    return None


def field(node: ast.FormattedValue, place: Place) -> ast.expr | None:
    spec = node.format_spec
    if isinstance(spec, ast.JoinedStr) and not spec.values:
        return ast.FormattedValue(node.value, node.conversion, None)
    if node.conversion == ord("s") and spec is None:
        plain = place.may(Assumption.FORMAT, judging.formats_plainly(node.value, place.flow))
        return ast.FormattedValue(node.value, -1, None) if plain else None
    return None


def logged(node: ast.Call, place: Place) -> ast.expr | None:
    func = node.func
    if not (isinstance(func, ast.Attribute) and func.attr in LOG_METHODS) or len(node.args) < 2:
        return None
    template = node.args[0]
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return None
    logger = place.may(Assumption.LOGGER, judging.is_logger(func.value, place.flow))
    if not logger or not place.may(Assumption.LATER, Trust.SUPPORTED):
        return None
    message = _percent(template.value, node.args[1:], place)
    return message and ast.Call(func, [message], node.keywords)

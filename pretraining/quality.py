"""Which files are worth learning from. Knows one file's text, and what was seen before; knows no package.

Refused with a reason: with syntax errors, generated, compiled from another one, minified, data-like, near-duplicate.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source
from pretraining.languages import grammar_of

_GENERATED = re.compile(
    r"auto[- ]?generated|generated (by|from|using|with)|do not (edit|modify)|this file (was|is) generated",
    re.IGNORECASE,
)
# What the compilers of JavaScript and TypeScript leave behind: nobody wrote such a file.
_COMPILED = re.compile(
    r"__esModule|_interopRequire|__importDefault|__awaiter|_createClass|__extends\b|regeneratorRuntime|__webpack|_jsxRuntime"
    r"|sourceMappingURL|_classCallCheck|@license React|define\(\[|\(0, _"
)
_DATA = (ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Load, ast.UnaryOp, ast.USub)


_SCRIPT_DATA = frozenset({"string", "string_fragment", "number", "pair", "array", "object"})


def _is_data(tree: ast.Module) -> bool:
    total = data = 0
    for node in ast.walk(tree):
        total += 1
        data += isinstance(node, _DATA) and not isinstance(node, ast.Load)
    return total == 0 or data / total > 0.55


def shingles(text: str) -> frozenset[int]:
    """Hashes of each three consecutive telling lines, blanks removed: equal for re-indented copies."""
    lines = [squeezed for line in text.splitlines() if len(squeezed := "".join(line.split())) > 12]
    return frozenset(hash(tuple(lines[i : i + 3])) for i in range(max(1, len(lines) - 2)))


def _python_fault(text: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "not Python 3"
    return "data" if _is_data(tree) else ""


def _script_fault(grammar: Grammar, text: str) -> str:
    if _COMPILED.search(text):
        return "compiled"
    source = Source.parse(text.encode(), grammar)
    if source.has_error:
        return "syntax errors"
    data = sum(kind in _SCRIPT_DATA for kind in source.kinds)
    return "data" if data > 0.4 * len(source.kinds) else ""


def fault(path: str, text: str) -> str:
    """Why this file is not worth learning from; "" where it is."""
    lines = text.splitlines()
    if "\r" in text or "\0" in text or "\f" in text:
        return "control characters"
    if _GENERATED.search(text[:1500]):
        return "generated"
    if max(map(len, lines)) > 400 or sum(map(len, lines)) / len(lines) > 75:
        return "minified"
    if len(set(lines)) < 0.35 * len(lines):
        return "repetitive"
    grammar = grammar_of(path)
    if grammar is None:
        return "no language of the corpus"
    return _python_fault(text) if grammar.name == "python" else _script_fault(grammar, text)


class Seen:
    """The shingles of all texts added so far."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._shingles: set[int] = set()

    def add(self, marks: Iterable[int]) -> None:
        self._shingles.update(marks)

    def repeats(self, marks: frozenset[int]) -> bool:
        return len(marks & self._shingles) > self._share * len(marks)

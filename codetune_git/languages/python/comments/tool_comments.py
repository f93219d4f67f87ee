"""Comments that tools read: one table of how each is written, how far it reaches and which conventions it silences.

Knows spellings. Does not know where in a file a comment stands, nor what would have been said there.
A comment may hold several, each after a hash of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from codetune_git.domain import REWRITE
from codetune_git.languages.python.comments.lint_codes import conventions_of
from codetune_git.languages.silenced import ALL

# What splits, joins or moves lines: a comment that is about its line would be about another one afterwards.
MOVING = frozenset(
    {
        "wrapping",
        "imports_per_line",
        "import_order",
        "import_names_order",
        "else_after_return",
        "lambda_assignment",
        "docstring_first_line",
        "docstring_closing",
        "docstring_summary_blank",
        REWRITE,
    }
)
_IMPORTS = frozenset({"import_order", "import_names_order", "imports_per_line", "blank_lines_after_imports"})
# What a type checker reads, however it is written.
_TYPES = frozenset({"optional_annotation", "union_annotation", "generic_annotation"})
_NOTHING: frozenset[str] = frozenset()


class Reach(Enum):
    """How far a comment reaches."""

    COMMENT = auto()  # itself
    LINE = auto()  # its line, and those that a string or a backslash makes one with it
    STATEMENT = auto()  # the logical line that it stands in
    DEFINITION = auto()  # that, and if it is the first line of a definition all of this
    NEXT = auto()  # the logical line that follows it
    BLOCK = auto()  # from its line on, until it is ended or its block ends
    ON = auto()  # from its line on, until it is ended
    END = auto()  # ends what the same tool began
    FILE = auto()  # everything


Names = Callable[[str | None], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A row of the table. `pattern` begins after the hash; `kinds` makes conventions of the names that it found.

    `alone` is how far it reaches on a line of its own, `trailing` at the end of one.
    """

    tool: str
    pattern: re.Pattern[str]
    kinds: Names
    alone: Reach
    trailing: Reach


@dataclass(frozen=True, slots=True)
class Pragma:
    """What a comment says to one tool."""

    tool: str
    kinds: frozenset[str]
    alone: Reach
    trailing: Reach


def _always(kinds: frozenset[str]) -> Names:
    return lambda names: kinds


def _own(names: str | None) -> frozenset[str]:
    """Conventions by their own names, with or without the language's."""
    return ALL if names is None else frozenset(name.strip().removeprefix("python/") for name in names.split(","))


def _coded(names: str | None) -> frozenset[str]:
    """Conventions by the codes of linters; all of them where none is given, or pylint's own word for that is."""
    codes = None if names is None else re.split(r"[\s,]+", names.strip().lower())
    return ALL if codes is None or "all" in codes else conventions_of(codes)


_CODES = r"(?P<names>[a-z]+[0-9]+(?:[\s,]+[a-z]+[0-9]+)*)"
_LISTED = r"(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*)"


def _row(tool: str, pattern: str, kinds: Names, alone: Reach, trailing: Reach | None = None) -> Spelling:
    return Spelling(tool, re.compile(pattern, re.IGNORECASE), kinds, alone, trailing or alone)


SPELLINGS: tuple[Spelling, ...] = (
    _row("codetune", r"codetune:\s*off\b", _always(ALL), Reach.ON),
    _row("codetune", r"codetune:\s*on\b", _always(ALL), Reach.END),
    _row("codetune", r"codetune:\s*ignore\b\s*(?:\[(?P<names>[^\]]*)\])?", _own, Reach.LINE),
    _row("black", r"fmt:\s*off\b", _always(ALL), Reach.BLOCK),
    _row("black", r"fmt:\s*on\b", _always(ALL), Reach.END),
    _row("black", r"(?:.*[;,]\s*)?fmt:\s*skip\b", _always(ALL), Reach.STATEMENT),
    _row("yapf", r"yapf:\s*disable\b", _always(ALL), Reach.ON, Reach.STATEMENT),
    _row("yapf", r"yapf:\s*enable\b", _always(ALL), Reach.END),
    _row("autopep8", r"autopep8:\s*off\b", _always(ALL), Reach.ON),
    _row("autopep8", r"autopep8:\s*on\b", _always(ALL), Reach.END),
    _row("isort", r"(?:ruff:\s*)?isort:\s*off\b", _always(_IMPORTS), Reach.ON),
    _row("isort", r"(?:ruff:\s*)?isort:\s*on\b", _always(_IMPORTS), Reach.END),
    _row("isort", r"(?:ruff:\s*)?isort:\s*skip[_-]file\b", _always(_IMPORTS), Reach.FILE),
    _row("isort", r"(?:ruff:\s*)?isort:\s*(?:skip|split)\b", _always(_IMPORTS), Reach.STATEMENT),
    _row("flake8", rf"(?:flake8|ruff)[:=]\s*noqa\b(?:\s*:\s*{_CODES})?", _coded, Reach.FILE),
    _row("flake8", rf"noqa\b(?:\s*:\s*{_CODES})?", _coded, Reach.LINE),
    _row("flake8", r"(?:nopep8|nosonar)\b", _always(ALL), Reach.LINE),
    _row("ruff", rf"ruff:\s*(?:disable|ignore)\s*\[\s*{_CODES}\s*\]", _coded, Reach.BLOCK, Reach.STATEMENT),
    _row("ruff", rf"ruff:\s*enable\s*\[\s*{_CODES}\s*\]", _coded, Reach.END),
    _row("pylint", r".*\bpylint:\s*skip-file\b", _always(ALL), Reach.FILE),
    _row("pylint", rf".*\bpylint:\s*disable-next\s*=\s*{_LISTED}", _coded, Reach.NEXT),
    _row("pylint", rf".*\bpylint:\s*disable(?:-msg)?\s*=\s*{_LISTED}", _coded, Reach.BLOCK, Reach.DEFINITION),
    _row("pylint", rf".*\bpylint:\s*enable(?:-msg)?\s*=\s*{_LISTED}", _coded, Reach.END),
    _row("types", r"type:", _always(_TYPES), Reach.COMMENT, Reach.STATEMENT),
    _row("types", r"(?:pyright|ty|pyrefly|zuban):\s*ignore\b", _always(_TYPES), Reach.NEXT, Reach.STATEMENT),
    _row("types", r"pyre-(?:ignore|fixme)\b(?!-all)", _always(_TYPES), Reach.NEXT, Reach.STATEMENT),
    _row("pytype", r"pytype:\s*disable\b", _always(_TYPES), Reach.ON, Reach.STATEMENT),
    _row("pytype", r"pytype:\s*enable\b", _always(_TYPES), Reach.END),
    _row("pycharm", rf"noinspection\s+{_LISTED}", _coded, Reach.NEXT, Reach.STATEMENT),
    _row("sourcery", r"sourcery\s+skip\s*:", _always(_NOTHING), Reach.COMMENT, Reach.STATEMENT),
    _row("sourcery", r"sourcery\s+skip\b(?!\s*:)", _always(ALL), Reach.BLOCK, Reach.DEFINITION),
    _row("scanners", r"(?:nosec|skipcq|lgtm|codeql)\b", _always(_NOTHING), Reach.NEXT, Reach.STATEMENT),
    _row("scanners", r"(?:nosemgrep|nosem)\b", _always(_NOTHING), Reach.NEXT, Reach.STATEMENT),
    _row("coverage", r"pragma\b", _always(_NOTHING), Reach.COMMENT, Reach.STATEMENT),
    _row("script", r"///\s*\w", _always(ALL), Reach.ON),
    _row("script", r"///\s*$", _always(ALL), Reach.END),
    _row(
        "others",
        r"(?:codetune|fmt:|yapf:|isort|mypy:|ruff|flake8|pylint|pyright|pyre-|pytype|pep8|autopep8|sourcery|"
        r"cspell|spell-?checker|codespell|coding[:=]|-\*-|vim?:|cython|distutils|doctest|region\b|endregion\b|"
        r"spdx-|jupytext|nbqa|noinspection)",
        _always(_NOTHING),
        Reach.COMMENT,
    ),
)


@lru_cache(maxsize=2048)
def pragmas_in(comment: bytes) -> tuple[Pragma, ...]:
    """What `comment`, from its hash on, says to tools."""
    return tuple(_read(comment.decode(errors="replace")))


def _read(comment: str) -> Iterator[Pragma]:
    for piece in comment.split("#"):
        text = piece.strip()
        for row in SPELLINGS:
            if found := row.pattern.match(text):
                kinds = row.kinds(found.groupdict().get("names"))
                yield Pragma(row.tool, kinds, row.alone, row.trailing)
